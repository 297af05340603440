import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Finding } from '#shared/domain/finding.ts';
import type { LedgerRow } from '#shared/domain/ledger.ts';
import { applyAbsence, applyLook, recordStateAfter } from '#shared/engine/transitions.ts';
import { waiver } from '#test/factories/finding.ts';
import { hour, look, stored } from '#test/factories/ledger.ts';

/** What somebody saw, or did not see, at one time; `published` = whether the telling came through afterwards. */
interface Event {
  readonly at: number;
  readonly seen: Partial<Finding> | 'absent';
  readonly published: boolean;
}

const SEEN: readonly Event['seen'][] = [
  {},
  { severity: 'CRITICAL' },
  { severity: 'LOW' },
  { reason: 'another reason' },
  { severity: 'MEDIUM', severityReason: 'not in use', inUse: 'no' },
  { waiver: waiver() },
  { status: 'PASSED' },
  { status: 'NOT_APPLICABLE' },
  { status: 'UNKNOWN' },
  'absent',
];

/** Looks at different times, the oldest first; hours to weeks apart. */
const history = fc
  .array(
    fc.record({ gap: fc.integer({ min: 1, max: 500 }), seen: fc.constantFrom(...SEEN), published: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((looks) => {
    let at = 0;
    return looks.map(({ gap, seen, published }): Event => {
      at += gap;
      return { at, seen, published };
    });
  });

interface World {
  readonly row: LedgerRow | undefined;
  /** What Security Hub shows. */
  readonly hub: 'ACTIVE' | 'ARCHIVED' | undefined;
  readonly told: readonly string[];
}

const NOTHING: World = { row: undefined, hub: undefined, told: [] };

function deliver(world: World, { at, seen, published }: Event): World {
  const { row } = world;
  const next =
    seen === 'absent' ? (row === undefined ? undefined : applyAbsence(row, hour(at))) : applyLook(look(at, seen), row);
  const written = next === undefined ? world : { ...world, row: stored(next, (row?.version ?? 0) + 1) };
  return published ? publish(written, at) : written;
}

function publish({ row, hub, told }: World, at: number): World {
  if (row?.publish.state !== 'pending') return { row, hub, told };
  const { transition, quiet } = row.publish;
  const state = recordStateAfter(transition);
  return {
    row: {
      ...row,
      publish: { state: 'published', transition },
      publishedAs: state,
      lastPublishedAt: hour(at),
    },
    hub: state,
    told: quiet === true ? told : [...told, transition],
  };
}

const end = (events: readonly Event[]) => publish(events.reduce(deliver, NOTHING), 10_000);

/**
 * What does not depend on when a word got through: how things are, and whether they are shown as open. What is gone
 * keeps whichever look came last before its absence was known.
 */
function essence({ row, hub }: World) {
  if (row?.status === 'GONE') return { status: row.status, observedAt: row.observedAt, open: hub === 'ACTIVE' };
  return {
    status: row?.status,
    severity: row?.finding.severity,
    reason: row?.finding.reason,
    waived: row?.finding.waiver?.id,
    evidenceHash: row?.evidenceHash,
    observedAt: row?.observedAt,
    open: hub === 'ACTIVE',
  };
}

test('what is shown as open is what fails, whatever happened and whenever telling it failed', () => {
  fc.assert(
    fc.property(history, (events) => {
      const { row, hub } = end(events);

      expect(hub === 'ACTIVE').toBe(row?.status === 'FAILED');
    }),
  );
});

test('late, repeated and reordered looks end in the same state: the newest look wins', () => {
  const shuffled = history.chain((events) => {
    // The first look is what makes the row: before it there is nothing that could remember an absence.
    const first: Event = { at: 0, seen: {}, published: true };
    return fc
      .tuple(
        fc.shuffledSubarray([...events], { minLength: events.length, maxLength: events.length }),
        fc.subarray([...events]),
      )
      .map(([reordered, repeated]) => ({ inOrder: [first, ...events], mixed: [first, ...reordered, ...repeated] }));
  });
  fc.assert(
    fc.property(shuffled, ({ inOrder, mixed }) => {
      expect(essence(end(mixed))).toEqual(essence(end(inOrder)));
    }),
  );
});

test('each thing told follows from what was told before', () => {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    '': ['opened', 'waived'],
    open: ['worsened', 'waived', 'waiver-expired', 'fixed', 'gone'],
    closed: ['reopened', 'waived'],
  };
  const promptly = history.map((events) => events.map((event) => ({ ...event, published: true })));
  fc.assert(
    fc.property(promptly, (events) => {
      let state = '';
      for (const kind of end(events).told) {
        expect(allowed[state]).toContain(kind);
        state = recordStateAfter(kind as 'opened') === 'ACTIVE' ? 'open' : 'closed';
      }
    }),
  );
});

test('an unchanged world is silence: looking again tells nothing (SH-7, OC-1)', () => {
  fc.assert(
    fc.property(history, (events) => {
      const before = end(events);
      const last = events.at(-1) as Event;
      // As if it had been told just now, so that no keep-alive is due.
      const told =
        before.row === undefined ? before : { ...before, row: { ...before.row, lastPublishedAt: hour(last.at) } };
      let again: World = told;
      for (const hours of [1, 2, 3]) again = deliver(again, { ...last, at: last.at + hours, published: true });

      expect(again.told).toEqual(before.told);
      expect(again.hub).toBe(before.hub);
    }),
  );
});

test('an open finding is published again at least every thirty days while somebody looks daily', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom<Event['seen']>({}, { status: 'UNKNOWN' }), { minLength: 100, maxLength: 100 }),
      (days) => {
        let world = deliver(NOTHING, { at: 0, seen: {}, published: true });
        for (const [day, seen] of days.entries()) {
          const at = (day + 1) * 24;
          world = deliver(world, { at, seen, published: true });
          const age = (Date.parse(hour(at)) - Date.parse(world.row?.lastPublishedAt ?? '')) / 86_400_000;
          expect(age).toBeLessThan(31);
        }
      },
    ),
    { numRuns: 20 },
  );
});
