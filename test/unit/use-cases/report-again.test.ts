import { beforeEach, describe, expect, test } from 'vitest';
import { verifyReport } from '#shared/reports/manifest.ts';
import type { ReportStore } from '#shared/reports/store.ts';
import { ReportWorld } from '#test/support/report-world.ts';

const SHOP = '111111111111';
const WEEKLY = 'reports/weekly/';
const FOLDER = `${WEEKLY}2026-11-23/`;
const TIME = '2026-11-23T07:00:00Z';
const PATHS = ['organization', `accounts/${SHOP}`];

interface Written {
  readonly runId: string;
  readonly findings: number;
  readonly previous?: { readonly manifestSha256: string };
}

let world: ReportWorld;

beforeEach(async () => {
  world = await ReportWorld.open();
  await world.account(SHOP, 2);
  await world.run([SHOP]);
});

const manifest = (date: string) => world.store.json<Written>(`${WEEKLY}${date}/organization/manifest.json`);
const hash = async (date: string) =>
  (await verifyReport(world.store.place(`${WEEKLY}${date}/organization/`))).manifestSha256;

async function problems(folder = FOLDER): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of PATHS) found.push(...(await verifyReport(world.store.place(`${folder}${path}/`))).problems);
  return found;
}

describe('two calls at once (R6-12)', () => {
  /** A bucket that is slow to take one file. */
  const slowAt = (end: string): ReportStore => ({
    write: async (key, chunks) => {
      if (key.endsWith(end)) for (let turn = 0; turn < 50; turn += 1) await new Promise((done) => setImmediate(done));
      await world.store.write(key, chunks);
    },
    read: (key) => world.store.read(key),
    folders: (prefix) => world.store.folders(prefix),
  });

  test('for the same time write one report, which is verified and told once', async () => {
    // Waiting is no time here, and the first may take many turns.
    world.left = 1e9;
    const first = world.call({}, { store: slowAt('organization/report.html') });
    world.now = new Date(world.now.getTime() + 1000);
    const second = world.call({ time: TIME }, { store: slowAt('organization/oscal.json') });

    const both = await Promise.all([first, second]);

    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['written', 'written before']);
    expect(await problems()).toEqual([]);
    expect(world.told).toHaveLength(1);
  });

  test('are tried again where the first takes longer than the second may wait', async () => {
    await world.ledger.acquireLease('report weekly', 'the first', world.now, 930);

    await expect(world.call()).rejects.toThrow(
      'Another invocation makes weekly reports, and is not done yet: this one is tried again.',
    );
    expect(world.store.writes).toEqual([]);
  });

  test('are not held up by one that has died: its lease ends with its time', async () => {
    await world.ledger.acquireLease('report weekly', 'the dead', world.now, 930);
    const wait = async (milliseconds: number) => {
      world.left -= milliseconds;
      world.now = new Date(world.now.getTime() + milliseconds);
    };
    // A second try of Lambda, three minutes later.
    world.advance(180 / 86_400);
    world.left = 900_000;

    await expect(world.call({ time: TIME }, { wait })).rejects.toThrow('is not done yet');
    world.left = 900_000;
    expect(await world.call({ time: TIME }, { wait })).toMatchObject({ outcome: 'written' });
  });

  test('do not wait for one that has failed', async () => {
    world.store.failing = 'organization/oscal.json';
    await expect(world.call()).rejects.toThrow('the bucket is closed');
    world.store.failing = undefined;

    expect(await world.call()).toMatchObject({ outcome: 'written' });
    expect(world.left).toBe(900_000);
  });

  test('of two kinds do not wait for each other', async () => {
    await world.ledger.acquireLease('report monthly', 'another', world.now, 930);

    expect(await world.call()).toMatchObject({ outcome: 'written' });
  });
});

describe('a call for another time on the same day (R6-15)', () => {
  beforeEach(async () => {
    await world.call();
    await world.fails(SHOP, 'later');
    world.advance(0.125);
    await world.run([SHOP]);
  });

  test('has a folder of its own, compared with and chained to the first', async () => {
    const before = new Map(world.store.objects);

    const { folder } = await world.call();

    expect(folder).toBe(`${WEEKLY}2026-11-23T100000/`);
    expect(await problems(folder)).toEqual([]);
    expect(manifest('2026-11-23T100000').previous?.manifestSha256).toBe(await hash('2026-11-23'));
    expect(world.store.json(`${folder}accounts/${SHOP}/report.json`).trend?.byChange).toMatchObject({ new: 1 });
    for (const [key, bytes] of before) expect(world.store.objects.get(key), key).toEqual(bytes);
    expect(await world.call()).toMatchObject({ outcome: 'written before', folder });
  });

  test('leaves the first whole where it dies half-way, and goes on in its own folder', async () => {
    world.store.failing = 'organization/oscal.json';
    await expect(world.call()).rejects.toThrow('the bucket is closed');
    world.store.failing = undefined;

    expect(await world.call({ time: TIME })).toMatchObject({ outcome: 'written before', folder: FOLDER });
    expect(await problems()).toEqual([]);
    expect(await world.call()).toMatchObject({ outcome: 'written', folder: `${WEEKLY}2026-11-23T100000/` });
  });

  test('is what the next week is compared with', async () => {
    await world.call();
    world.advance(6.875);
    await world.run([SHOP]);

    await world.call();

    expect(manifest('2026-11-30').previous?.manifestSha256).toBe(await hash('2026-11-23T100000'));
  });

  test('makes nothing for an earlier time than that of the first', async () => {
    expect(await world.call({ time: '2026-11-23T06:00:00Z' })).toMatchObject({ outcome: 'too late', written: 0 });
    expect(world.warnings.at(-1)).toContain(`that of ${TIME} is there already`);
  });
});

describe('a call that comes after the next one (R6-14)', () => {
  const LATE = { time: TIME };

  beforeEach(async () => {
    await world.call({ time: '2026-11-16T07:00:00Z' });
    world.advance(7);
    await world.run([SHOP]);
  });

  test('makes nothing, and says why: the chain keeps one end', async () => {
    await world.call();
    await world.fails(SHOP, 'later');
    const before = new Map(world.store.objects);
    world.told.length = 0;

    expect(await world.call(LATE)).toMatchObject({ outcome: 'too late', folder: FOLDER, written: 0, left: [] });
    expect(world.store.objects).toEqual(before);
    expect(world.told).toEqual([]);
    expect(world.warnings.at(-1)).toBe(
      'No weekly report is made for 2026-11-23T07:00:00Z, because that of 2026-11-30 is there already: the ledger holds a later state.',
    );
  });

  test('makes its report where the next one never came to its end', async () => {
    world.store.failing = 'organization/oscal.json';
    await expect(world.call()).rejects.toThrow('the bucket is closed');
    world.store.failing = undefined;

    expect(await world.call(LATE)).toMatchObject({ outcome: 'written', folder: FOLDER });
  });

  test('does not meet one from the future: a time to come is refused', async () => {
    await expect(world.call({ time: '2062-11-23T07:00:00Z' })).rejects.toThrow('is still to come');
  });

  test('still makes the parts that are missing of what was begun in time', async () => {
    world.store.failing = `accounts/${SHOP}/oscal.json`;
    await expect(world.call(LATE)).rejects.toThrow('are missing');
    world.store.failing = undefined;
    await world.call();
    await world.fails(SHOP, 'later');

    expect(await world.call(LATE)).toMatchObject({ outcome: 'written', folder: FOLDER, written: 1 });
    expect(manifest('2026-11-23').findings).toBe(2);
    expect(await problems()).toEqual([]);
  });
});
