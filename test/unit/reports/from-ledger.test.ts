import { beforeEach, describe, expect, test } from 'vitest';
import { reportOnLedger } from '#shared/compose-report.ts';
import { allChecks, openLedger } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import type { Ledger, NewRow } from '#shared/domain/ledger.ts';
import type { WaiverSet } from '#shared/domain/waiver.ts';
import { storeSummary } from '#shared/use-cases/unit-summary.ts';
import { waiver } from '#test/factories/finding.ts';
import { ECS_SCOPE, hour, taskRow } from '#test/factories/ledger.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';

const PLACE = `${ACCOUNT} ${REGION} ecs`;

let ledger: Ledger;

beforeEach(async () => {
  ledger = await openLedger(':memory:');
  await ledger.recordScope({ ...ECS_SCOPE, lookedAt: hour(1) });
});

/** A run that began at an hour and read the tasks of the account. */
async function run(began: number, { unknown = {}, scopes = [PLACE] }: { unknown?: object; scopes?: string[] } = {}) {
  const startedAt = hour(began);
  await storeSummary(ledger, {
    key: 'ecs',
    accountId: ACCOUNT,
    region: REGION,
    observedAt: startedAt,
    unknown: 0,
    unknownByCheck: unknown as Record<string, number>,
    resources: 1,
    coverage:
      scopes.length === 0 ? [] : [{ accountId: ACCOUNT, region: REGION, service: 'ecs', status: 'scanned', gaps: [] }],
  });
  const finished = { startedAt, finishedAt: hour(began + 1), complete: true, scopes };
  await ledger.recordFinishedRun({ runId: `run ${began}`, ...finished });
}

async function put(name: string, overrides: Partial<NewRow> = {}): Promise<void> {
  await ledger.putRow({ ...taskRow(name), ...overrides }, undefined);
}

async function head(waivers?: WaiverSet, checkIds?: readonly string[], at = hour(9)) {
  const { config, parameters } = loadConfig(undefined, 'the test', allChecks());
  const given = waivers === undefined ? {} : { waivers };
  const report = await reportOnLedger(ledger, {
    config,
    parameters,
    toolVersion: '0.0.0-test',
    now: () => new Date(at),
    ...given,
    ...(checkIds === undefined ? {} : { checkIds }),
  });
  await report.dispose();
  return report.head;
}

describe('what a run could not judge', () => {
  test('AU-1: is counted, though the ledger keeps no row of it, and no requirement passes that depends on it', async () => {
    await put('web', { status: 'PASSED', observedAt: hour(1) });
    await run(1, { unknown: { [taskRow('web').finding.checkId]: 500 } });

    expect((await head()).unjudged).toEqual([
      { accountId: ACCOUNT, checkId: taskRow('web').finding.checkId, count: 500 },
    ]);
    const touched = (await head()).frameworks
      .flatMap(({ requirements }) => requirements)
      .filter(({ basis, checks }) => basis !== 'none' && checks.includes(taskRow('web').finding.checkId));
    expect(touched.length).toBeGreaterThan(0);
    for (const { id, status } of touched) expect(`${id} ${status}`).not.toMatch(/PASS|NOT_APPLICABLE/);
  });

  test('AU-6: leaves what was known before, marked as not looked at again', async () => {
    await put('web', { observedAt: hour(1) });
    await put('other', { observedAt: hour(5) });
    await run(5);

    expect((await head()).counts).toMatchObject({ FAILED: 2, stale: 1 });
  });
});

describe('waivers of rows', () => {
  const accepted = async () => {
    const row = taskRow('web');
    await put('web', { observedAt: hour(5), finding: { ...row.finding, waiver: waiver() } });
    await run(5);
  };

  test('AU-8: hide nothing once they are taken back', async () => {
    await accepted();

    expect((await head()).counts).toMatchObject({ FAILED: 1, waived: 1 });
    expect((await head({ waivers: [], ignored: [] })).counts).toMatchObject({ FAILED: 1, waived: 0 });
  });
});

describe('a check that is switched off', () => {
  test('AU-1: leaves its requirements unknown: that it found nothing says nothing', async () => {
    await run(1);
    const statusOf = async (checkIds?: readonly string[]) =>
      (await head(undefined, checkIds)).frameworks
        .find(({ id }) => id === 'aws-fsbp')
        ?.requirements.find(({ id }) => id === 'ECS.5');

    expect(await statusOf()).toMatchObject({ status: 'NOT_APPLICABLE' });
    expect(await statusOf(['ecs-task-not-privileged'])).toMatchObject({
      status: 'UNKNOWN',
      remark: expect.stringContaining('not all of its checks were run'),
    });
  });
});

describe('a scope that was left on purpose', () => {
  test('makes no later report incomplete, once everything of it is closed', async () => {
    const elsewhere = { ...ECS_SCOPE, region: 'eu-west-1' };
    await ledger.recordScope({ ...elsewhere, lookedAt: hour(0) });
    const row = {
      ...taskRow('web'),
      scope: elsewhere,
      status: 'GONE' as const,
      closedBecause: 'out of scope' as const,
    };
    await ledger.putRow(row, undefined);
    await put('other', { observedAt: hour(5) });
    await run(5);

    expect(await head()).toMatchObject({ complete: true, coverage: { notLookedAt: [] } });
  });
});

test('AU-1: where no run has finished for days, the report says so and is not complete', async () => {
  await put('web', { observedAt: hour(5) });
  await run(5);

  expect(await head(undefined, undefined, '2027-01-22T00:00:00.000Z')).toMatchObject({
    complete: false,
    incompleteBecause: [expect.stringMatching(/^No run has finished since 2026-11-/)],
  });
});
