/** What remembering a scan costs: capacity units of DynamoDB, counted at the store by the sizes of its items. */
import { startDemoAccount } from '#demo/server.ts';
import { allChecks, composeApp } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import { ItemLedger } from '#shared/ledger/item-ledger.ts';
import type { Item, ItemStore } from '#shared/ledger/item-store.ts';
import { openSqliteItemStore } from '#shared/ledger/sqlite.ts';

/** Capacity units of one scan, all its findings together. */
export interface LedgerUnits {
  readonly findings: number;
  readonly reads: number;
  readonly writes: number;
}

const HOUR = 3_600_000;

/** Scans the demo account twice: everything is new to the first scan, and nothing to the second. */
export async function measureLedger(): Promise<readonly [first: LedgerUnits, unchanged: LedgerUnits]> {
  const demo = await startDemoAccount();
  const before = { ...process.env };
  Object.assign(process.env, demo.env);
  let clock = new Date();
  const now = () => clock;
  const units = { reads: 0, writes: 0 };
  const ledger = new ItemLedger(counted(await openSqliteItemStore(':memory:', now), units), now);
  const scan = async (): Promise<LedgerUnits> => {
    clock = new Date(clock.getTime() + HOUR);
    Object.assign(units, { reads: 0, writes: 0 });
    const loaded = loadConfig(undefined, 'bench', allChecks());
    const app = composeApp({ ...loaded, toolVersion: 'bench', hashKey: new Uint8Array(32), now, unlimitedRate: true });
    const result = app.evaluate(await app.collect([{}], ['us-east-1']));
    await app.publish(result, ['security-hub'], ledger);
    app.close();
    return { findings: result.header.summary.findings, ...units };
  };
  try {
    return [await scan(), await scan()];
  } finally {
    ledger.close();
    process.env = before;
    await demo.close();
  }
}

/** A strongly consistent read costs one unit for each 4 KB, a write one for each KB. */
function counted(store: ItemStore, units: { reads: number; writes: number }): ItemStore {
  const read = (item: Item | undefined) => {
    units.reads += Math.ceil(sizeOf(item) / 4096) || 1;
  };
  return {
    permissions: store.permissions,
    async get(key) {
      const item = await store.get(key);
      read(item);
      return item;
    },
    async getMany(keys) {
      const items = await store.getMany(keys);
      for (const item of items) read(item);
      // What is not there costs a unit as well.
      units.reads += keys.length - items.length;
      return items;
    },
    put(item, expectedVersion) {
      units.writes += Math.ceil(sizeOf(item) / 1024);
      return store.put(item, expectedVersion);
    },
    remove(key) {
      units.writes += 1;
      return store.remove(key);
    },
    async *query(...args) {
      // The items of a query are added up before they are rounded.
      let size = 0;
      for await (const item of store.query(...args)) {
        size += sizeOf(item);
        yield item;
      }
      units.reads += Math.ceil(size / 4096) || 1;
    },
    async *queued(queue) {
      units.reads += 1;
      yield* store.queued(queue);
    },
    addMembers(...args) {
      units.writes += 1;
      return store.addMembers(...args);
    },
    members(keys) {
      units.reads += keys.length;
      return store.members(keys);
    },
    close: () => store.close(),
  };
}

function sizeOf(item: Item | undefined): number {
  return item === undefined ? 0 : Buffer.byteLength(item.body) + item.pk.length + item.sk.length + 50;
}
