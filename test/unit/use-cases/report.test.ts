import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CoverageEntry } from '#shared/domain/coverage.ts';
import { verifyReport } from '#shared/reports/manifest.ts';
import type { Counts } from '#shared/reports/model.ts';
import type { ReportIndex } from '#shared/reports/report-index.ts';
import { expectAccounts, expectRegions } from '#shared/use-cases/run-progress.ts';
import { waiver } from '#test/factories/finding.ts';
import { REGION } from '#test/factories/resource.ts';
import { acceptedRisk } from '#test/factories/waiver.ts';
import { ReportWorld, type WrittenReport } from '#test/support/report-world.ts';

const [SHOP, BANK, LAB] = ['111111111111', '222222222222', '333333333333'];
const ROOT = 'r-ab12';
const [ALL, PROD] = ['ou-ab12-all00000', 'ou-ab12-prod0000'];
const FOLDER = 'reports/weekly/2026-11-23/';
const NEXT = 'reports/weekly/2026-11-30/';
const WHOLE = `${FOLDER}organization/report.json`;

let world: ReportWorld;

/** Three accounts that were read, two of them in production. */
async function open(): Promise<void> {
  world = await ReportWorld.open();
  await world.account(SHOP, 3, [ROOT, ALL, PROD]);
  await world.account(BANK, 2, [ROOT, ALL, PROD]);
  await world.account(LAB, 1, [ROOT, ALL]);
  await world.run([SHOP, BANK, LAB]);
}

const report = (path: string, folder = FOLDER) => world.store.json(`${folder}${path}/report.json`);
const index = (folder = FOLDER) => world.store.json<ReportIndex>(`${folder}index.json`);
const SLICES = [`accounts/${SHOP}`, `accounts/${BANK}`, `accounts/${LAB}`];
const PATHS = ['organization', `units/${ALL}`, `units/${PROD}`, ...SLICES];

function sum(reports: readonly WrittenReport[]): Counts {
  const keys = ['FAILED', 'UNKNOWN', 'PASSED', 'NOT_APPLICABLE', 'waived', 'stale'] as const;
  const entries = keys.map((key) => [key, reports.reduce((total, { counts }) => total + counts[key], 0)]);
  return Object.fromEntries(entries) as unknown as Counts;
}

describe('the reports of a week (AU-7)', () => {
  let outcome: Awaited<ReturnType<ReportWorld['call']>>;

  beforeAll(async () => {
    await open();
    outcome = await world.call();
  });

  test('are one on everything, one for each account and each organizational unit, and none for the root', () => {
    expect(outcome).toMatchObject({ outcome: 'written', folder: FOLDER, written: 6, findings: 6, left: [] });
    expect(index().reports.map(({ path }) => path)).toEqual(PATHS.map((path) => `${path}/`));
    expect(index()).toMatchObject({ finished: true, kind: 'weekly', scheduledFor: '2026-11-23T07:00:00Z' });
  });

  test('add up: accounts to the whole, and the accounts of a unit to the unit', () => {
    expect(sum(SLICES.map((path) => report(path)))).toEqual(report('organization').counts);
    expect(sum(SLICES.slice(0, 2).map((path) => report(path)))).toEqual(report(`units/${PROD}`).counts);
    expect(report(`accounts/${LAB}`).findings.map(({ id }) => id.split('/')[2])).toEqual([LAB]);
  });

  test('are made from one reading of the ledger', () => {
    expect(world.readings).toBe(3);
  });

  test('are each verified, by the hash that the index names', async () => {
    for (const { path, manifestSha256 } of index().reports) {
      expect((await verifyReport(world.store.place(`${FOLDER}${path}`), manifestSha256)).problems, path).toEqual([]);
    }
  });

  test('are told once, with where they lie', () => {
    expect(world.told).toMatchObject([
      { kind: 'weekly', key: `${FOLDER}organization/report.html`, slices: 5, head: { complete: true } },
    ]);
    expect(world.told[0]?.manifestSha256).toBe(index().reports[0]?.manifestSha256);
  });

  test('are not written again by the same call', async () => {
    world.store.writes = [];

    expect(await world.call()).toMatchObject({ outcome: 'written before', folder: FOLDER });
    expect(world.store.writes).toEqual([]);
    expect(world.told).toHaveLength(1);
  });
});

describe('the register of waivers', () => {
  test('is in every slice, with what each waiver hides there', async () => {
    await open();
    await world.fails(SHOP, 'legacy', { waiver: waiver() });
    world.accept({ waivers: [acceptedRisk()], ignored: [] });

    await world.call();

    const hiding = PATHS.filter((path) => report(path).waivers?.[0]?.hidden === 1);
    expect(hiding).toEqual(['organization', `units/${ALL}`, `units/${PROD}`, SLICES[0]]);
    expect(report(SLICES[1] as string).waivers).toMatchObject([{ id: 'legacy-batch', state: 'unmatched' }]);
    expect(index().reports[0]).toMatchObject({ failures: 6, accepted: 1 });
  });
});

describe('a ledger without a finished run', () => {
  test('gives no report and one sentence', async () => {
    const empty = await ReportWorld.open();

    expect(await empty.call()).toMatchObject({ outcome: 'nothing to report', written: 0 });
    expect(empty.store.writes).toEqual([]);
    expect(empty.told).toEqual([]);
    expect(empty.warnings.at(-1)).toBe('The ledger knows of no finished run: scan first. No report is written.');
  });
});

describe('a run that could not read everything', () => {
  beforeEach(open);

  const gap = (accountId: string, entry: Partial<CoverageEntry>): CoverageEntry => ({
    accountId,
    region: REGION,
    service: 'ecr',
    status: 'failed',
    reason: 'it was denied',
    gaps: [],
    ...entry,
  });

  test('says so in every slice that it concerns, and only there', async () => {
    world.advance(0.01);
    await world.run(
      [SHOP, BANK, LAB],
      [gap(SHOP, { service: 'ecr' }), gap(BANK, { service: 'kubernetes', cluster: 'harbor', status: 'partial' })],
    );

    await world.call();

    const incomplete = PATHS.filter((path) => !report(path).complete);
    expect(incomplete).toEqual(['organization', `units/${ALL}`, `units/${PROD}`, SLICES[0], SLICES[1]]);
    expect(report(SLICES[0] as string).coverage.byStatus).toMatchObject({ failed: 1, partial: 0 });
    expect(report(SLICES[1] as string).coverage.byStatus).toMatchObject({ failed: 0, partial: 1 });
    expect(report(`accounts/${LAB}`).coverage.byStatus).toMatchObject({ failed: 0, partial: 0, scanned: 1 });
    expect(world.told[0]?.head.complete).toBe(false);
  });

  test('marks what is known of an account that was not looked at, there and in the whole', async () => {
    world.advance(0.01);
    await world.run([BANK, LAB], [], false);

    await world.call();

    expect(report(SLICES[0] as string).counts).toMatchObject({ FAILED: 3, stale: 3 });
    expect(report('organization').counts).toMatchObject({ FAILED: 6, stale: 3 });
    expect(report(`accounts/${LAB}`)).toMatchObject({ complete: true, counts: { stale: 0 } });
  });

  test('names a unit that never came to its end', async () => {
    world.advance(0.01);
    const runId = `run ${world.now.toISOString()}`;
    await expectAccounts(world.ledger, runId, [{ accountId: LAB, partition: 'aws' }], 1);
    await expectRegions(world.ledger, runId, [{ accountId: LAB, region: 'eu-west-1', partition: 'aws' }], 1);
    await world.run([SHOP, BANK, LAB], [], false);

    await world.call();

    expect(PATHS.filter((path) => !report(path).complete)).toEqual(['organization', `units/${ALL}`, SLICES[2]]);
    const lost = report(`accounts/${LAB}`).coverage.entries.filter(({ status }) => status === 'failed');
    expect(lost).toMatchObject([{ region: 'eu-west-1', reason: 'the scan of it did not come to its end' }]);
  });
});

describe('the next week', () => {
  beforeEach(async () => {
    await open();
    await world.call();
    world.advance(7);
    await world.fails(BANK, 'fresh');
    await world.run([SHOP, BANK, LAB]);
  });

  test('is compared with and chained to the week before, each report to its own', async () => {
    await world.call();

    for (const path of PATHS) {
      const before = await verifyReport(world.store.place(`${FOLDER}${path}/`));
      const manifest = world.store.json<{ previous: object }>(`${NEXT}${path}/manifest.json`);
      expect(manifest.previous, path).toMatchObject({ manifestSha256: before.manifestSha256 });
      expect(report(path, NEXT).trend?.points, path).toHaveLength(2);
      const isBank = path === 'organization' || path.startsWith('units/') || path === SLICES[1];
      expect(report(path, NEXT).trend?.byChange, path).toMatchObject({ new: isBank ? 1 : 0 });
    }
    expect(report('organization', NEXT).trend?.byChange).toMatchObject({ new: 1, unchanged: 6 });
    expect(report('organization', NEXT).findings.filter(({ change }) => change === 'new')).toHaveLength(1);
  });

  test('is not compared with a month', async () => {
    await world.call({ kind: 'monthly' });

    const { trend, noTrendBecause } = report('organization', 'reports/monthly/2026-11-30/');
    expect(trend).toBeUndefined();
    expect(noTrendBecause).toContain('the first report of its kind');
  });

  test('says why it is not compared where the week before was changed, keeps the chain, and never fails', async () => {
    world.store.objects.set(WHOLE, Buffer.from(world.store.text(WHOLE).replace('"FAILED"', '"PASSED"')));

    expect(await world.call()).toMatchObject({ outcome: 'written' });

    const sentence = `There is no comparison, because the report of 2026-11-23 cannot be used: ${WHOLE} was changed: nothing is compared with it.`;
    expect(report('organization', NEXT)).toMatchObject({ noTrendBecause: sentence });
    expect(world.warnings).toContain(sentence);
    expect(world.told.at(-1)?.head.noTrendBecause).toBe(sentence);
    const { previous } = world.store.json<{ previous?: object }>(`${NEXT}organization/manifest.json`);
    expect(previous).toMatchObject({ manifestSha256: index().reports[0]?.manifestSha256 });
  });

  test('goes without the line of a slice whose report before is missing, and says so there', async () => {
    for (const key of world.store.objects.keys()) {
      if (key.startsWith(`${FOLDER}${SLICES[1]}/`)) world.store.objects.delete(key);
    }

    await world.call();

    const { trend } = report(SLICES[1] as string, NEXT);
    expect(trend).toMatchObject({ byChange: { new: 1, unchanged: 2 } });
    expect(trend?.points).toHaveLength(1);
    expect(trend?.remarks[0]).toContain(`On 2026-11-23 there was no report about the account ${BANK}`);
    expect(report(SLICES[0] as string, NEXT).trend).toMatchObject({ remarks: [] });
  });

  test('passes over a week that never came to its end, and says so', async () => {
    world.advance(7);
    world.store.objects.set('reports/weekly/2026-11-30/organization/report.html', Buffer.from('half'));
    await world.run([SHOP, BANK, LAB]);

    await world.call();

    const { trend } = report('organization', 'reports/weekly/2026-12-07/');
    expect(trend?.remarks[0]).toContain('The report of 2026-11-30 never came to its end');
    expect(trend?.points).toHaveLength(2);
  });

  test('says that the reports before could not be listed', async () => {
    world.store.folders = async () => {
      throw new Error('slow down');
    };

    expect(await world.call()).toMatchObject({ outcome: 'written' });
    expect(report('organization', NEXT).noTrendBecause).toContain('The reports before could not be listed');
  });
});

describe('a function whose time is over before all slices are made', () => {
  beforeEach(open);

  test('stops, says what is left, and has it made from what was written', async () => {
    world.left = 20_000;
    const first = await world.call();

    expect(first).toMatchObject({ outcome: 'continues', written: 1, left: PATHS.slice(1).map((path) => `${path}/`) });
    expect(world.told).toEqual([]);
    expect(index()).toMatchObject({ finished: false });
    const [next] = world.continued;
    expect(next).toEqual({ kind: 'weekly', time: '2026-11-23T07:00:00Z', continued: 1 });

    world.left = 900_000;
    // What happens meanwhile does not get into slices of what was reported.
    await world.fails(BANK, 'meanwhile');
    const readings = world.readings;
    expect(await world.call(next)).toMatchObject({ outcome: 'written', written: 5, left: [] });

    expect(world.readings).toBe(readings);
    expect(sum(SLICES.map((path) => report(path)))).toEqual(report('organization').counts);
    for (const path of PATHS) {
      expect((await verifyReport(world.store.place(`${FOLDER}${path}/`))).problems, path).toEqual([]);
    }
    expect(world.told).toHaveLength(1);
  });

  test('makes one slice at least in each further call', async () => {
    world.left = 20_000;
    await world.call();

    for (const left of [4, 3, 2, 1]) {
      expect((await world.call(world.continued.at(-1))).left).toHaveLength(left);
    }
    expect(await world.call(world.continued.at(-1))).toMatchObject({ outcome: 'written' });
    expect(world.told).toHaveLength(1);
  });

  test('gives up by name after twelve further calls', async () => {
    world.left = 20_000;

    await expect(world.call({ continued: 12 })).rejects.toThrow(
      `5 reports of ${FOLDER} are missing: units/${ALL}/, units/${PROD}/, accounts/${SHOP}/`,
    );
  });

  test('begins anew where what was written cannot be used', async () => {
    world.left = 20_000;
    await world.call();
    world.store.objects.set(WHOLE, Buffer.from(world.store.text(WHOLE).replace('"FAILED"', '"PASSED"')));
    world.left = 900_000;

    expect(await world.call(world.continued[0])).toMatchObject({ outcome: 'written', written: 6 });
    expect(world.warnings.join('\n')).toContain('cannot be used, and is made anew');
  });
});

describe('a slice that cannot be written', () => {
  beforeEach(open);

  test('does not keep the others from being made, fails by name, and is all that the next try makes', async () => {
    world.store.failing = `accounts/${BANK}/oscal.json`;

    await expect(world.call()).rejects.toThrow(`1 reports of ${FOLDER} are missing: accounts/${BANK}/`);
    expect(report(`accounts/${LAB}`).counts.FAILED).toBe(1);
    expect(world.told).toEqual([]);
    expect(world.warnings.at(-1)).toContain(`${FOLDER}accounts/${BANK}/ could not be made`);

    world.store.failing = undefined;
    expect(await world.call()).toMatchObject({ outcome: 'written', written: 1, left: [] });
    expect(world.told).toHaveLength(1);
  });

  test('does not end the chain of invocations as long as others were not tried', async () => {
    world.store.failing = `units/${ALL}/oscal.json`;
    world.left = 20_000;
    await world.call();

    expect(await world.call(world.continued.at(-1))).toMatchObject({ outcome: 'continues', written: 0 });
  });
});
