import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Ledger } from '#shared/domain/ledger.ts';
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

const snapshot = (world: ReportWorld, time = '2026-11-23T06:00:00Z', ledger: Ledger = world.ledger) =>
  writeSnapshot(time, {
    ...world.turns(),
    ledger,
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
  const { problems, manifest } = await verifyReport(world.store.place(FOLDER), written.manifestSha256);
  expect(problems).toEqual([]);
  expect(manifest.files).toMatchObject([{ name: 'ledger.jsonl.gz', findings: 3 }]);
});

test('the same call again writes nothing, whatever has happened since (R6-13)', async () => {
  const world = await opened();
  await snapshot(world);
  world.advance(1);
  await snapshot(world, '2026-11-24T06:00:00Z');
  const before = new Map(world.store.objects);
  world.advance(9);
  await world.fails('111111111111', 'later');
  await world.run(['111111111111', '222222222222']);

  expect(await snapshot(world)).toMatchObject({ outcome: 'written before', folder: FOLDER, written: 0, findings: 3 });
  expect(world.store.objects).toEqual(before);
});

test('another call on the same day has a folder of its own, chained to the first', async () => {
  const world = await opened();
  const first = await snapshot(world);
  world.advance(0.1);

  const second = await snapshot(world, '2026-11-23T09:00:00Z');

  expect(second).toMatchObject({ outcome: 'written', folder: 'reports/daily/2026-11-23T090000/' });
  const { manifest, problems } = await verifyReport(world.store.place(second.folder), second.manifestSha256);
  expect(problems).toEqual([]);
  expect(manifest.previous).toMatchObject({ manifestSha256: first.manifestSha256 });
});

test('a call that comes a day late writes nothing under the old date, and says why', async () => {
  const world = await opened();
  world.advance(1.5);

  expect(await snapshot(world)).toMatchObject({ outcome: 'too late', written: 0 });
  expect(world.store.writes).toEqual([]);
  expect(world.warnings).toEqual([
    'No snapshot is made for 2026-11-23T06:00:00Z, because a day is over since then: the ledger holds a later state.',
  ]);
});

test('a call that comes after that of the next day writes nothing', async () => {
  const world = await opened();
  world.advance(0.96);
  await snapshot(world, '2026-11-24T06:00:00Z');
  world.store.writes = [];

  expect(await snapshot(world)).toMatchObject({ outcome: 'too late', folder: FOLDER });
  expect(world.store.writes).toEqual([]);
  expect(world.warnings.at(-1)).toContain('that of 2026-11-24 is there already');
});

test('a time to come is refused: everything until then would be too late', async () => {
  const world = await opened();

  await expect(snapshot(world, '2062-11-23T06:00:00Z')).rejects.toThrow(
    'No report is made for 2062-11-23T06:00:00Z, which is still to come.',
  );
  expect(world.store.writes).toEqual([]);
});

test('a snapshot whose manifest was changed is not written over', async () => {
  const world = await opened();
  await snapshot(world);
  const key = `${FOLDER}manifest.json`;
  world.store.objects.set(key, Buffer.from(world.store.text(key).replace('"findings": 3', '"findings": 2')));
  const before = new Map(world.store.objects);

  expect(await snapshot(world)).toMatchObject({ outcome: 'written', folder: 'reports/daily/2026-11-23T060000/' });
  expect(await snapshot(world)).toMatchObject({ outcome: 'written before' });
  for (const [name, bytes] of before) expect(world.store.objects.get(name)).toEqual(bytes);
});

test('two calls at once write one snapshot', async () => {
  const world = await opened();
  // Waiting is no time here, and the first may take many turns.
  world.left = 1e9;

  const both = await Promise.all([snapshot(world), snapshot(world)]);

  expect(both.map(({ outcome }) => outcome).sort()).toEqual(['written', 'written before']);
  expect((await verifyReport(world.store.place(FOLDER))).problems).toEqual([]);
});

test('a ledger without a finished run gives no snapshot and one sentence', async () => {
  const world = await ReportWorld.open();

  expect(await snapshot(world)).toMatchObject({ outcome: 'nothing to report', written: 0 });
  expect(world.warnings).toEqual(['The ledger knows of no finished run: no snapshot is written.']);
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

  await expect(snapshot(world, undefined, ledger)).rejects.toThrow('the table is gone');
  expect([...world.store.objects.keys()]).toEqual([]);
});
