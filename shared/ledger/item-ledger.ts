import pMap from 'p-map';
import type {
  AccountRecord,
  FinishedRun,
  Ledger,
  LedgerRow,
  LedgerScope,
  NewRow,
  News,
  RowKey,
  RunProgress,
  ScopeRecord,
  UnitFacts,
} from '../domain/ledger.ts';
import type { IamAction } from '../domain/ports.ts';
import { factsOf, replaceFacts } from './fact-items.ts';
import type { Item, ItemKey, ItemStore } from './item-store.ts';
import { keyOf } from './keys.ts';
import { lastFinishedRun, recordFinishedRun } from './run-items.ts';

const DAY = 86_400;
/** How long things are kept that only a run needs. */
const KEEP_RUN_DAYS = 7;
/** Transitions that no digest has told after so long are no news. */
const KEEP_NEWS_DAYS = 30;
/** Rows of what is gone, and the list of runs: a year of history for reports, and some. */
const KEEP_HISTORY_DAYS = 400;
const ROWS_AT_ONCE = 100;
const WRITES_AT_ONCE = 16;

/** The ledger over a store of items: the same rules in Lambda (DynamoDB) and on a laptop (SQLite). */
export class ItemLedger implements Ledger {
  readonly permissions: readonly IamAction[];
  readonly #store: ItemStore;
  readonly #now: () => Date;

  constructor(store: ItemStore, now: () => Date = () => new Date()) {
    this.permissions = store.permissions;
    this.#store = store;
    this.#now = now;
  }

  async readRow(key: RowKey): Promise<LedgerRow | undefined> {
    const item = await this.#store.get(keyOf.row(key));
    return item === undefined ? undefined : parse<LedgerRow>(item);
  }

  async readRows(keys: readonly RowKey[]): Promise<ReadonlyMap<string, LedgerRow>> {
    // DynamoDB refuses a batch that names an item twice.
    const once = new Map(keys.map(keyOf.row).map((key) => [`${key.pk} ${key.sk}`, key]));
    const rows = (await this.#store.getMany([...once.values()])).map((item) => parse<LedgerRow>(item));
    return new Map(rows.map((row) => [row.finding.id, row]));
  }

  async *rowsOfScope(scope: LedgerScope): AsyncGenerator<LedgerRow> {
    for await (const item of this.#store.query(keyOf.rows(scope))) yield parse<LedgerRow>(item);
  }

  async putRow(row: NewRow, previous: LedgerRow | undefined): Promise<LedgerRow | undefined> {
    if (previous !== undefined && previous.observedAt > row.observedAt) return undefined;
    const { accountId, region } = row.scope;
    const written: LedgerRow = { ...row, version: (previous?.version ?? 0) + 1 };
    const forgettable = row.status === 'GONE' && row.publish.state !== 'pending';
    const item: Item = {
      ...keyOf.row({ ...row.scope, findingId: row.finding.id }),
      body: JSON.stringify(written),
      version: written.version,
      ...(row.publish.state === 'pending'
        ? { queue: { name: keyOf.pendingQueue(accountId, region), since: row.publish.since } }
        : {}),
      ...(forgettable ? { expiresAt: seconds(new Date(row.lastSeenAt)) + KEEP_HISTORY_DAYS * DAY } : {}),
    };
    return (await this.#store.put(item, previous?.version ?? 0)) ? written : undefined;
  }

  async *pendingRows(accountId: string, region: string): AsyncGenerator<LedgerRow> {
    let keys: ItemKey[] = [];
    for await (const key of this.#store.queued(keyOf.pendingQueue(accountId, region))) {
      keys.push(key);
      if (keys.length < ROWS_AT_ONCE) continue;
      yield* await this.#stillPending(keys);
      keys = [];
    }
    yield* await this.#stillPending(keys);
  }

  /** The queue may lag behind: only the row itself says whether it is pending. */
  async #stillPending(keys: readonly ItemKey[]): Promise<readonly LedgerRow[]> {
    const items = new Map((await this.#store.getMany(keys)).map((item) => [item.sk, item]));
    return keys
      .flatMap(({ sk }) => items.get(sk) ?? [])
      .map((item) => parse<LedgerRow>(item))
      .filter((row) => row.publish.state === 'pending');
  }

  async expectUnits(runId: string, units: readonly string[]): Promise<RunProgress> {
    const key = keyOf.expectedUnits(runId);
    const expected = await this.#addMembers(key, units, KEEP_RUN_DAYS);
    return progress(expected, await this.#members(keyOf.completedUnits(runId)));
  }

  async completeUnit(runId: string, unit: string): Promise<RunProgress> {
    const completed = await this.#addMembers(keyOf.completedUnits(runId), [unit], KEEP_RUN_DAYS);
    return progress(await this.#members(keyOf.expectedUnits(runId)), completed);
  }

  async readProgress(runId: string): Promise<RunProgress> {
    const [expected = new Set(), completed = new Set()] = await this.#store.members([
      keyOf.expectedUnits(runId),
      keyOf.completedUnits(runId),
    ]);
    return progress(expected, completed);
  }

  async recordFinishedRun(run: FinishedRun): Promise<void> {
    await recordFinishedRun(this.#store, run, this.#inDays(KEEP_HISTORY_DAYS));
  }

  lastFinishedRun(): Promise<FinishedRun | undefined> {
    return lastFinishedRun(this.#store);
  }

  async takeAlertSlot(window: string, route: string, findingId: string, max: number): Promise<boolean> {
    const expiresAt = this.#inDays(KEEP_RUN_DAYS);
    return (await this.#store.addMembers(keyOf.alertSlots(window, route), [findingId], expiresAt, max)) !== undefined;
  }

  async acquireLease(name: string, owner: string, now: Date, seconds: number): Promise<boolean> {
    const key = keyOf.lease(name);
    const item = await this.#store.get(key);
    const lease = item === undefined ? undefined : parse<Lease>(item);
    if (lease !== undefined && lease.owner !== owner && lease.until > now.getTime()) return false;
    return this.#putLease(key, { owner, until: now.getTime() + seconds * 1000 }, item?.version ?? 0);
  }

  async releaseLease(name: string, owner: string): Promise<void> {
    const key = keyOf.lease(name);
    const item = await this.#store.get(key);
    if (item === undefined || parse<Lease>(item).owner !== owner) return;
    // Whoever has taken it meanwhile keeps it.
    await this.#putLease(key, { owner, until: 0 }, item.version);
  }

  #putLease(key: ItemKey, lease: Lease, version: number): Promise<boolean> {
    const expiresAt = this.#inDays(KEEP_RUN_DAYS);
    return this.#store.put({ ...key, body: JSON.stringify(lease), version: version + 1, expiresAt }, version);
  }

  async readAccount(accountId: string): Promise<AccountRecord | undefined> {
    const item = await this.#store.get(keyOf.account(accountId));
    return item === undefined ? undefined : parse<AccountRecord>(item);
  }

  async claimBaseline(accountId: string, runId: string): Promise<AccountRecord> {
    return this.#changeAccount(accountId, (account) =>
      account?.baselineAt === undefined ? { ...account, accountId, baselineRunId: runId } : account,
    );
  }

  async updateAccount(
    accountId: string,
    change: Partial<Pick<AccountRecord, 'baselineAt' | 'lastCompleteAt' | 'organizationalUnits' | 'name'>>,
  ): Promise<void> {
    await this.#changeAccount(accountId, (account) => ({ accountId, baselineRunId: '', ...account, ...change }));
  }

  async #changeAccount(
    accountId: string,
    change: (account: AccountRecord | undefined) => AccountRecord,
  ): Promise<AccountRecord> {
    const key = keyOf.account(accountId);
    for (;;) {
      const item = await this.#store.get(key);
      const version = item?.version ?? 0;
      const account = change(item === undefined ? undefined : parse<AccountRecord>(item));
      if (await this.#store.put({ ...key, body: JSON.stringify(account), version: version + 1 }, version)) {
        return account;
      }
    }
  }

  async recordScope(scope: ScopeRecord): Promise<void> {
    const key = keyOf.scope(scope);
    for (;;) {
      const item = await this.#store.get(key);
      const earlier = item === undefined ? undefined : parse<ScopeRecord>(item);
      const completedAt = latest(earlier?.completedAt, scope.completedAt);
      const merged: ScopeRecord = {
        ...scope,
        lookedAt: latest(earlier?.lookedAt, scope.lookedAt) ?? scope.lookedAt,
        ...(completedAt === undefined ? {} : { completedAt }),
      };
      const version = item?.version ?? 0;
      if (await this.#store.put({ ...key, body: JSON.stringify(merged), version: version + 1 }, version)) return;
    }
  }

  async *scopes(): AsyncGenerator<ScopeRecord> {
    for await (const item of this.#store.query(keyOf.scopes)) yield parse<ScopeRecord>(item);
  }

  replaceFacts(facts: UnitFacts): Promise<boolean> {
    return replaceFacts(this.#store, facts);
  }

  factsOf(accountId: string, service?: string): AsyncIterable<UnitFacts> {
    return factsOf(this.#store, accountId, service);
  }

  async addNews(news: readonly News[]): Promise<void> {
    const expiresAt = this.#inDays(KEEP_NEWS_DAYS);
    await pMap(
      news,
      (each) => this.#store.put({ ...keyOf.news(each), body: JSON.stringify(each), version: 1, expiresAt }),
      { concurrency: WRITES_AT_ONCE },
    );
  }

  async *news(accountId: string): AsyncGenerator<News> {
    for await (const item of this.#store.query(keyOf.newsOf(accountId))) yield parse<News>(item);
  }

  async removeNews(news: readonly News[]): Promise<void> {
    await pMap(news, (each) => this.#store.remove(keyOf.news(each)), { concurrency: WRITES_AT_ONCE });
  }

  async recall(keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    // DynamoDB refuses a batch that names an item twice.
    const byPartition = new Map([...new Set(keys)].map((key) => [keyOf.content(key).pk, key]));
    const items = await this.#store.getMany([...byPartition.values()].map(keyOf.content));
    return new Map(
      items.flatMap(({ pk, body }) => {
        const key = byPartition.get(pk);
        return key === undefined ? [] : [[key, body] as const];
      }),
    );
  }

  async remember(texts: ReadonlyMap<string, string>): Promise<void> {
    const expiresAt = this.#inDays(KEEP_HISTORY_DAYS);
    await pMap(texts, ([key, body]) => this.#store.put({ ...keyOf.content(key), body, version: 1, expiresAt }), {
      concurrency: WRITES_AT_ONCE,
    });
  }

  close(): void {
    this.#store.close();
  }

  async #addMembers(key: ItemKey, members: readonly string[], days: number): Promise<ReadonlySet<string>> {
    // A set without members cannot be written.
    if (members.length === 0) return this.#members(key);
    return (await this.#store.addMembers(key, members, this.#inDays(days))) ?? new Set();
  }

  async #members(key: ItemKey): Promise<ReadonlySet<string>> {
    const [members = new Set<string>()] = await this.#store.members([key]);
    return members;
  }

  #inDays(days: number): number {
    return seconds(this.#now()) + days * DAY;
  }
}

interface Lease {
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function parse<T>(item: Item): T {
  return JSON.parse(item.body) as T;
}

function progress(expected: ReadonlySet<string>, completed: ReadonlySet<string>): RunProgress {
  return { expected: [...expected].sort(), completed: [...completed].sort() };
}

/** The later of two times in ISO 8601. */
function latest(left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return left < right ? right : left;
}
