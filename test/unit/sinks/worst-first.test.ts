import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SEVERITIES } from '#shared/domain/severity.ts';
import { compareUrgency, WorstFirst } from '#shared/sinks/worst-first.ts';
import { finding } from '../../factories/finding.ts';

it('keeps the most urgent of any stream: worse first, then what runs, then what may run', () => {
  const item = fc.record({
    severity: fc.constantFrom(...SEVERITIES),
    inUse: fc.constantFrom('yes' as const, 'no' as const, 'unknown' as const),
    id: fc.uuid(),
  });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 40 }), fc.integer({ min: 0, max: 10 }), (items, limit) => {
      const findings = items.map((overrides) => finding(overrides));
      const kept = new WorstFirst(limit, (each: (typeof findings)[number]) => each);
      for (const each of findings) kept.add(each);
      expect(kept.items).toEqual(findings.toSorted(compareUrgency).slice(0, limit));
      expect(kept.more).toBe(Math.max(0, findings.length - limit));
    }),
  );
});
