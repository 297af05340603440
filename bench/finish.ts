/** What the end of a run takes where an organization is large: every scope it has is read, most of them in vain. */
import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageQueue } from '#shared/domain/queue.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import { ItemLedger } from '#shared/ledger/item-ledger.ts';
import type { ItemStore } from '#shared/ledger/item-store.ts';
import { openSqliteItemStore } from '#shared/ledger/sqlite.ts';
import { finishRun } from '#shared/use-cases/finish.ts';
import { completeAccount, completeUnit, expectAccounts, expectRegions } from '#shared/use-cases/run-progress.ts';
import { storeSummary } from '#shared/use-cases/unit-summary.ts';

/** Of the end of one run. */
export interface FinishMeasures {
  readonly accounts: number;
  readonly scopes: number;
  readonly calls: number;
  /** Time that passed, and that a processor was busy; the latter with the client's part of every call. */
  readonly wallSeconds: number;
  readonly busySeconds: number;
}

/** What DynamoDB takes for a call, generously. */
const CALL_MS = 5;
/** A page of a query has 1 MB. */
const ITEMS_PER_PAGE = 4000;
const SERVICES = ['ecr', 'ecs', 'eks', 'guardduty', 'iam', 'image', 'inspector', 'kubernetes'];
const REGIONS = Array.from({ length: 17 }, (_, index) => `eu-west-${index + 1}`);
const NOWHERE: MessageQueue = { send: async () => undefined };

/** Ends a run of so many accounts in 17 regions with 8 services, in a store whose every call takes its time. */
export async function measureFinish(accounts: number): Promise<FinishMeasures> {
  const now = () => new Date('2026-11-24T03:00:00.000Z');
  const startedAt = now().toISOString();
  const store = await openSqliteItemStore(':memory:', now);
  await fill(new ItemLedger(store, now), accounts, startedAt);
  const calls = { count: 0 };
  const ledger = new ItemLedger(slow(store, calls), now);
  const [wall, busy] = [performance.now(), process.cpuUsage()];
  const { outcome } = await finishRun(
    { version: 1, runId: 'bench', startedAt, reason: 'complete' },
    {
      ledger,
      registry: createRegistry([]),
      collectors: [],
      parameters: {},
      toolVersion: 'bench',
      serviceOf: () => undefined,
      sinks: [],
      keepAliveDays: 30,
      factMaxAgeSeconds: 3600,
      targets: [],
      clientFor: () => {
        throw new Error('nothing is asked of AWS here');
      },
      classify: async () => ({ detections: [], length: 0, keyedHash: '' }),
      now,
      unitQueue: NOWHERE,
      finishQueue: NOWHERE,
      deadlineSeconds: 7200,
      outOfScopeDays: 7,
      messageId: 'bench',
      regions: REGIONS,
    },
  );
  const { user, system } = process.cpuUsage(busy);
  if (outcome !== 'finished') throw new Error(`the run is ${outcome}`);
  ledger.close();
  return {
    accounts,
    scopes: accounts * REGIONS.length * SERVICES.length,
    calls: calls.count,
    wallSeconds: (performance.now() - wall) / 1000,
    busySeconds: (user + system) / 1e6,
  };
}

/** A run whose units are all done, as the functions leave it. */
async function fill(ledger: ItemLedger, accounts: number, at: string): Promise<void> {
  const all = Array.from({ length: accounts }, (_, index) => ({
    accountId: String(100_000_000_000 + index),
    partition: 'aws',
  }));
  await expectAccounts(ledger, 'bench', all, 1);
  for (const account of all) {
    const targets = REGIONS.map((region) => ({ ...account, region }));
    await expectRegions(ledger, 'bench', targets, 1);
    for (const target of targets) {
      const { accountId, region } = target;
      for (const service of SERVICES) {
        const coverage = [{ accountId, region, service, status: 'scanned', gaps: [] }] as const;
        await storeSummary(ledger, {
          accountId,
          region,
          key: service,
          observedAt: at,
          unknown: 0,
          resources: 0,
          coverage,
        });
        await ledger.recordScope({ accountId, region, service, lookedAt: at, completedAt: at });
      }
      await completeUnit(ledger, 'bench', { ...target, phase: 0 });
    }
    await completeAccount(ledger, 'bench', account, 1);
  }
}

/** Every call also goes through a client of DynamoDB, to a server that says nothing, after a while. */
function slow(store: ItemStore, calls: { count: number }): ItemStore {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
      requestHandler: {
        async handle() {
          await setTimeout(CALL_MS);
          const body = new TextEncoder().encode('{"Count":0,"Items":[]}');
          return { response: { statusCode: 200, headers: {}, body } };
        },
      },
    }),
  );
  const pay = async () => {
    calls.count += 1;
    await client.send(
      new QueryCommand({
        TableName: 'bench',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'rows#100000000000#eu-west-1#kubernetes' },
        ConsistentRead: true,
      }),
    );
  };
  const paid =
    <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A) => {
      await pay();
      return call(...args);
    };
  return {
    permissions: [],
    get: paid((key) => store.get(key)),
    getMany: async (keys) => {
      for (let start = 0; start < keys.length; start += 100) await pay();
      return store.getMany(keys);
    },
    put: paid((item, version?: number) => store.put(item, version)),
    remove: paid((key) => store.remove(key)),
    async *query(...args) {
      await pay();
      let items = 0;
      for await (const item of store.query(...args)) {
        yield item;
        items += 1;
        if (items % ITEMS_PER_PAGE === 0) await pay();
      }
    },
    async *queued(queue) {
      await pay();
      yield* store.queued(queue);
    },
    addMembers: async (...args) => {
      await pay();
      return store.addMembers(...args);
    },
    members: paid((keys) => store.members(keys)),
    close: () => store.close(),
  };
}
