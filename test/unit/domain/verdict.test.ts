import fc from 'fast-check';
import { expect, test } from 'vitest';
import { known, undecidable } from '#shared/domain/observed.ts';
import {
  failed,
  notApplicable,
  passed,
  unknownBecause,
  type Verdict,
  whenKnown,
  worstOf,
} from '#shared/domain/verdict.ts';

const evidence = (path: string) => [{ path, observed: 1, expected: 2 }];
const unreadable = unknownBecause({ kind: 'undecidable', message: 'cannot tell' });

test('whenKnown judges a known value', () => {
  expect(whenKnown(known(3), (value) => (value === 3 ? passed() : failed('not three', [])))).toEqual(passed());
});

test('whenKnown is UNKNOWN with the reason of an unknown value', () => {
  expect(whenKnown(undecidable('files in S3'), () => passed())).toMatchObject({
    status: 'UNKNOWN',
    reason: { kind: 'undecidable', message: 'files in S3' },
  });
});

test('one FAILED part is enough whatever could not be read', () => {
  expect(worstOf([passed(), unreadable, failed('bad', evidence('a'))], passed())).toEqual(failed('bad', evidence('a')));
});

test('an UNKNOWN part keeps the whole from passing', () => {
  expect(worstOf([passed(), unreadable, notApplicable('none')], passed()).status).toBe('UNKNOWN');
});

test('parts that do not apply do not hide one that passed', () => {
  expect(worstOf([notApplicable('none'), passed()], passed()).status).toBe('PASSED');
});

test('no parts at all give the verdict for an empty whole', () => {
  expect(worstOf([], notApplicable('nothing there'))).toEqual(notApplicable('nothing there'));
});

test('the evidence of all failed parts is kept in their order, that of others is not', () => {
  const verdict = worstOf(
    [failed('x', evidence('b')), passed('', evidence('c')), failed('y', evidence('a'))],
    passed(),
  );

  expect(verdict.evidence.map((item) => item.path)).toEqual(['b', 'a']);
});

test('a lowered part does not lower a whole in which another part failed at full severity', () => {
  const lowered = failed('name only', evidence('a'), { severity: 'LOW', because: 'the name alone' });

  expect(worstOf([lowered, failed('value', evidence('b'))], passed())).not.toHaveProperty('lowered');
  expect(worstOf([lowered], passed())).toMatchObject({ lowered: { severity: 'LOW' } });
});

test('the whole is lowered no further than its worst part', () => {
  const low = failed('a', [], { severity: 'LOW', because: 'a' });
  const medium = failed('b', [], { severity: 'MEDIUM', because: 'b' });

  expect(worstOf([low, medium], passed())).toMatchObject({ lowered: { severity: 'MEDIUM' } });
});

test('the status of the whole does not depend on the order of its parts', () => {
  const part = fc.constantFrom<Verdict>(passed(), failed('x', []), unreadable, notApplicable('y'));
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const backwards = [...parts].reverse();
      expect(worstOf(parts, passed()).status).toBe(worstOf(backwards, passed()).status);
    }),
  );
});
