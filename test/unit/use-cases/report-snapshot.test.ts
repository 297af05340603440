import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { verifyReport } from '#shared/reports/manifest.ts';
import { writeSnapshot } from '#shared/use-cases/report-snapshot.ts';
import { ReportWorld } from '#test/support/report-world.ts';

const TOOL = { name: 'hullcheck', version: '0.0.0-test', ruleSetHash: 'sha256:test' } as const;
const FOLDER = 'reports/daily/2026-11-23/';

async function opened(): Promise<ReportWorld> {
  const world = await ReportWorld.open();
  await world.account('111111111111', 2);
  await world.account('222222222222', 1);
  await world.run(['111111111111', '222222222222']);
  return world;
}

const snapshot = (world: ReportWorld, time = '2026-11-23T06:00:00Z') =>
  writeSnapshot(time, {
    ledger: world.ledger,
    store: world.store,
    tool: TOOL,
    warn: (text) => world.warnings.push(text),
  });

test('a snapshot has the run and every row, one a line, and is verified', async () => {
  const world = await opened();

  const written = await snapshot(world);

  const [head, ...rows] = gunzipSync(world.store.objects.get(`${FOLDER}ledger.jsonl.gz`) ?? '')
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(head).toMatchObject({ schemaVersion: '1.0', tool: TOOL, run: { complete: true } });
  expect(rows.map(({ finding }) => finding.resource.accountId)).toEqual([
    '111111111111',
    '111111111111',
    '222222222222',
  ]);
  const { problems, manifest } = await verifyReport(world.store.place(FOLDER), written?.manifestSha256);
  expect(problems).toEqual([]);
  expect(manifest.files).toMatchObject([{ name: 'ledger.jsonl.gz', findings: 3 }]);
});

test('the same call again writes the same bytes to the same keys', async () => {
  const world = await opened();
  await snapshot(world);
  const before = new Map(world.store.objects);

  await snapshot(world);

  expect(world.store.objects).toEqual(before);
});

test('what fails in the ledger fails the snapshot, and leaves no manifest', async () => {
  const world = await opened();
  const ledger = new Proxy(world.ledger, {
    get(target, name) {
      if (name === 'rowsOfScope') throw new Error('the table is gone');
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

  await expect(
    writeSnapshot('2026-11-23T06:00:00Z', { ledger, store: world.store, tool: TOOL, warn: () => {} }),
  ).rejects.toThrow('the table is gone');
  expect([...world.store.objects.keys()]).toEqual([]);
});
