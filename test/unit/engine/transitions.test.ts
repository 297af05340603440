import { describe, expect, test } from 'vitest';
import type { Finding } from '#shared/domain/finding.ts';
import type { LedgerRow } from '#shared/domain/ledger.ts';
import { coverageFinding } from '#shared/engine/coverage-findings.ts';
import { applyAbsence, applyLook, transitionOf } from '#shared/engine/transitions.ts';
import { coverageEntry, coverageGap, waiver } from '#test/factories/finding.ts';
import { ECS_SCOPE, hour, look, publishedRow, stored } from '#test/factories/ledger.ts';

const FIXED: Partial<LedgerRow> = {
  status: 'PASSED',
  publish: { state: 'published', transition: 'fixed' },
  publishedAs: 'ARCHIVED',
};
const GONE: Partial<LedgerRow> = {
  status: 'GONE',
  publish: { state: 'published', transition: 'gone' },
  publishedAs: 'ARCHIVED',
};
const NEVER_FAILED = stored(
  applyLook(look(0, { status: 'PASSED', reason: '', evidence: [] }), undefined) ?? publishedRow(),
);
const WAIVED = publishedRow({ publish: { state: 'published', transition: 'waived' } }, { waiver: waiver() });

/** What was told before, what is seen now, and what follows: every line of the table. */
const TABLE: readonly (readonly [string, LedgerRow | undefined, Partial<Finding>, string | undefined])[] = [
  ['FAILED for the first time', undefined, {}, 'opened'],
  ['FAILED for the first time, waived', undefined, { waiver: waiver() }, 'waived'],
  ['FAILED after it always passed', NEVER_FAILED, {}, 'opened'],
  ['FAILED after it always passed, waived', NEVER_FAILED, { waiver: waiver() }, 'waived'],
  ['FAILED after it was fixed', publishedRow(FIXED), {}, 'reopened'],
  ['FAILED after it was fixed, waived', publishedRow(FIXED), { waiver: waiver() }, 'waived'],
  ['FAILED after it was gone', publishedRow(GONE), {}, 'reopened'],
  ['FAILED as before', publishedRow(), {}, undefined],
  ['FAILED as before, with other evidence (a new revision)', publishedRow(), { evidence: [] }, undefined],
  ['FAILED at a raised severity', publishedRow(), { severity: 'CRITICAL' }, 'worsened'],
  [
    'FAILED, and nothing uses it any more',
    publishedRow(),
    { severity: 'MEDIUM', severityReason: 'not in use', inUse: 'no' },
    undefined,
  ],
  [
    'FAILED, and it is used now',
    publishedRow({}, { severity: 'MEDIUM', severityReason: 'not in use', inUse: 'no' }),
    { severity: 'HIGH', inUse: 'yes' },
    undefined,
  ],
  [
    'FAILED at a raised severity, and used now',
    publishedRow({}, { severity: 'MEDIUM', severityReason: 'not in use', inUse: 'no' }),
    { severity: 'CRITICAL', inUse: 'yes' },
    'worsened',
  ],
  ['FAILED at a milder severity', publishedRow(), { severity: 'LOW' }, 'quiet opened'],
  ['FAILED for another reason', publishedRow(), { reason: 'the root file system is mounted' }, 'quiet opened'],
  ['FAILED as before, and waived now', publishedRow(), { waiver: waiver() }, 'waived'],
  ['FAILED, waived as before', WAIVED, { waiver: waiver() }, undefined],
  ['FAILED, waived, at a raised severity', WAIVED, { waiver: waiver(), severity: 'CRITICAL' }, 'quiet waived'],
  ['FAILED, waived until another day', WAIVED, { waiver: waiver({ expiresAt: hour(99) }) }, 'waived'],
  ['FAILED, and no longer waived', WAIVED, {}, 'waiver-expired'],
  ['PASSED for the first time', undefined, { status: 'PASSED' }, undefined],
  ['PASSED as before', NEVER_FAILED, { status: 'PASSED' }, undefined],
  ['PASSED after it failed', publishedRow(), { status: 'PASSED' }, 'fixed'],
  ['PASSED after it failed, waived', WAIVED, { status: 'PASSED' }, 'fixed'],
  ['PASSED after it was fixed', publishedRow(FIXED), { status: 'PASSED' }, undefined],
  ['PASSED after it was gone', publishedRow(GONE), { status: 'PASSED' }, undefined],
  ['NOT_APPLICABLE after it failed', publishedRow(), { status: 'NOT_APPLICABLE' }, 'fixed'],
  ['NOT_APPLICABLE for the first time', undefined, { status: 'NOT_APPLICABLE' }, undefined],
  ['UNKNOWN for the first time', undefined, { status: 'UNKNOWN' }, undefined],
  ['UNKNOWN after it failed', publishedRow(), { status: 'UNKNOWN' }, undefined],
];

describe('a look and what follows from it', () => {
  test.for(TABLE)('%s', ([, previous, now, expected]) => {
    expect(tellOf(applyLook(look(1, now), previous))).toBe(expected);
  });

  test('UNKNOWN never overwrites what is known', () => {
    expect(applyLook(look(1, { status: 'UNKNOWN' }), publishedRow())).toBeUndefined();
    expect(applyLook(look(1, { status: 'UNKNOWN' }), undefined)).toBeUndefined();
  });

  test('an older look, and the same look again, change nothing', () => {
    const row = publishedRow({ observedAt: hour(5) });

    expect(applyLook(look(4, { status: 'PASSED' }), row)).toBeUndefined();
    expect(applyLook(look(5, { status: 'PASSED' }), row)).toBeUndefined();
  });

  test('SH-9: what was first seen, first failed and how often it came back is kept', () => {
    const failed = applyLook(look(1), stored(NEVER_FAILED));
    const fixed = applyLook(look(2, { status: 'PASSED' }), stored(failed ?? publishedRow()));
    const back = applyLook(look(3), stored(fixed ?? publishedRow()));

    expect(back).toMatchObject({ firstSeenAt: hour(0), firstFailedAt: hour(1), lastSeenAt: hour(3), reopenedCount: 1 });
    expect(transitionOf(stored(back ?? publishedRow()))).toMatchObject({
      kind: 'reopened',
      firstSeenAt: hour(0),
      firstFailedAt: hour(1),
      observedAt: hour(3),
      reopenedCount: 1,
      neverPublished: true,
    });
  });

  test('evidence of any size is kept in bounds, and its hash is of all of it', () => {
    const evidence = Array.from({ length: 5000 }, (_, index) => ({
      path: `containers[${index}]`,
      observed: 'x'.repeat(100),
      expected: null,
    }));
    const row = applyLook(look(1, { evidence }), undefined);
    const other = applyLook(look(1, { evidence: evidence.slice(0, -1) }), undefined);

    expect(JSON.stringify(row).length).toBeLessThan(110_000);
    expect(row?.evidenceHash).not.toBe(other?.evidenceHash);
  });

  test('the hash of the evidence does not depend on the order of keys', () => {
    const one = look(1, { evidence: [{ path: 'a', observed: { b: 1, c: [2] }, expected: null }] });
    const other = look(1, { evidence: [{ expected: null, observed: { c: [2], b: 1 }, path: 'a' }] });

    expect(applyLook(one, undefined)?.evidenceHash).toBe(applyLook(other, undefined)?.evidenceHash);
  });
});

describe('what is still untold', () => {
  const opened = stored(applyLook(look(1), undefined) ?? publishedRow());

  test('stays what it was while the world stays as it is', () => {
    expect(applyLook(look(2), opened)?.publish).toEqual(opened.publish);
  });

  test('that became worse meanwhile is still new', () => {
    expect(tellOf(applyLook(look(2, { severity: 'CRITICAL' }), opened))).toBe('opened');
  });

  test('is told with what was seen last', () => {
    const row = stored(applyLook(look(2, { reason: 'another reason' }), opened) ?? opened);

    expect(transitionOf(row)).toMatchObject({
      kind: 'opened',
      finding: { reason: 'another reason' },
      observedAt: hour(2),
    });
  });

  test('and fixed meanwhile is told as fixed, because it may have been published', () => {
    expect(tellOf(applyLook(look(2, { status: 'PASSED' }), opened))).toBe('fixed');
  });

  test('as fixed and failing again is reopened', () => {
    const fixed = stored(applyLook(look(2, { status: 'PASSED' }), opened) ?? opened);

    expect(tellOf(applyLook(look(3), fixed))).toBe('reopened');
  });

  test('as gone and back without failing is fixed', () => {
    const gone = stored(applyAbsence(publishedRow(), hour(2)) ?? opened);

    expect(tellOf(applyLook(look(3, { status: 'PASSED' }), gone))).toBe('fixed');
  });
});

describe('a resource that was not seen where everything was read', () => {
  test('SH-2b: is gone where its failure was told', () => {
    const row = applyAbsence(publishedRow(), hour(1));

    expect(row).toMatchObject({ status: 'GONE', observedAt: hour(1), lastSeenAt: hour(0) });
    expect(tellOf(row)).toBe('gone');
  });

  test('is gone without a word where it never failed, and where it is gone already', () => {
    expect(tellOf(applyAbsence(NEVER_FAILED, hour(1)))).toBeUndefined();
    expect(tellOf(applyAbsence(publishedRow(GONE), hour(1)))).toBeUndefined();
  });

  test('is not brought back by a look from before it was last missed', () => {
    const gone = stored(applyAbsence(publishedRow(GONE), hour(5)) ?? publishedRow());

    expect(applyLook(look(4), gone)).toBeUndefined();
  });

  test('is left alone where a newer look has seen it', () => {
    expect(applyAbsence(publishedRow({ observedAt: hour(5) }), hour(4))).toBeUndefined();
  });
});

describe('the keep-alive', () => {
  const told = publishedRow({ lastPublishedAt: hour(0) });

  test('is due within its days, and not in the first half of them', () => {
    expect(tellOf(applyLook(look(24 * 14), told))).toBeUndefined();
    expect(tellOf(applyLook(look(24 * 30), told))).toBe('quiet opened');
  });

  test('is due for what cannot be read as well, with a date that Security Hub takes as new', () => {
    const row = applyLook(look(24 * 30, { status: 'UNKNOWN' }), told);

    expect(row).toMatchObject({ status: 'FAILED', observedAt: hour(0), finding: { status: 'FAILED' } });
    expect(transitionOf(stored(row ?? told))?.observedAt).toBe(hour(24 * 30));
  });

  test('is not due for what is archived', () => {
    expect(tellOf(applyLook(look(24 * 40, { status: 'PASSED' }), publishedRow(FIXED)))).toBeUndefined();
  });
});

describe('a coverage finding', () => {
  const scope = { ...ECS_SCOPE, service: 'ecr' };
  const unreadable = coverageFinding(coverageEntry({ service: 'ecr', status: 'partial', gaps: [coverageGap()] }));
  const open = stored(applyLook({ scope, finding: unreadable, observedAt: hour(1) }, undefined) ?? publishedRow());

  test('is open while its scope cannot be read, and names the permission', () => {
    expect(tellOf(open)).toBe('opened');
    expect(open).toMatchObject({ status: 'FAILED', finding: { status: 'UNKNOWN' } });
    expect(open.finding.reason).toContain('ecr:GetRepositoryPolicy');
  });

  test('does not open twice', () => {
    const told = { ...open, publish: { state: 'published', transition: 'opened' } } as const;

    expect(tellOf(applyLook({ scope, finding: unreadable, observedAt: hour(2) }, told))).toBeUndefined();
  });

  test('is over when the scope is read completely, or is not looked at any more', () => {
    for (const status of ['scanned', 'excluded'] as const) {
      const finding = coverageFinding(coverageEntry({ service: 'ecr', status }));
      expect(finding.id).toBe(open.finding.id);
      expect(tellOf(applyLook({ scope, finding, observedAt: hour(2) }, open))).toBe('fixed');
    }
  });

  test('of a cluster is another one than that of its service', () => {
    const cluster = coverageFinding(coverageEntry({ service: 'ecr', cluster: 'prod', status: 'partial' }));

    expect(cluster.id).not.toBe(unreadable.id);
    expect(cluster.resource.cluster).toBe('prod');
  });
});

/** The transition a row waits to tell; undefined where nothing is to be told. */
function tellOf(row: ReturnType<typeof applyLook>): string | undefined {
  if (row?.publish.state !== 'pending') return undefined;
  return row.publish.quiet === true ? `quiet ${row.publish.transition}` : row.publish.transition;
}
