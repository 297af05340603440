import { setImmediate as nextTurn } from 'node:timers/promises';
import { reportOnLedger, reportOnStored } from '#shared/compose-report.ts';
import { allChecks, openLedger } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import type { CoverageEntry } from '#shared/domain/coverage.ts';
import type { Finding } from '#shared/domain/finding.ts';
import type { Ledger, LedgerRow } from '#shared/domain/ledger.ts';
import type { WaiverSet } from '#shared/domain/waiver.ts';
import type { ReportPlace } from '#shared/reports/manifest.ts';
import type { ReportHead } from '#shared/reports/model.ts';
import type { ReportStore } from '#shared/reports/store.ts';
import { type ReportCall, type ReportDependencies, type ReportNotice, writeReports } from '#shared/use-cases/report.ts';
import type { Turns } from '#shared/use-cases/report-turn.ts';
import { storeSummary } from '#shared/use-cases/unit-summary.ts';
import { finding, taskDefinitionReference } from '#test/factories/finding.ts';
import { publishedRow } from '#test/factories/ledger.ts';
import { REGION } from '#test/factories/resource.ts';

/** What `report.json` says, with its findings. */
export type WrittenReport = Omit<ReportHead, 'findings' | 'worst'> & {
  readonly findings: readonly { readonly id: string; readonly status: string; readonly change?: string }[];
};

/** Objects by key, in memory. */
export class MemoryStore implements ReportStore {
  readonly objects = new Map<string, Buffer>();
  /** Keys whose writing fails, by their end. */
  failing: string | undefined;
  writes: string[] = [];

  async write(key: string, chunks: AsyncIterable<string | Uint8Array>): Promise<void> {
    const parts: Buffer[] = [];
    for await (const chunk of chunks) parts.push(Buffer.from(chunk as string));
    if (this.failing !== undefined && key.endsWith(this.failing)) throw new Error('the bucket is closed');
    this.writes.push(key);
    this.objects.set(key, Buffer.concat(parts));
  }

  async read(key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const bytes = this.objects.get(key);
    return bytes === undefined ? undefined : once(bytes);
  }

  async folders(prefix: string): Promise<readonly string[]> {
    const inside = [...this.objects.keys()].filter((key) => key.startsWith(prefix));
    return [...new Set(inside.map((key) => key.slice(prefix.length).split('/')[0] ?? ''))];
  }

  text(key: string): string {
    const bytes = this.objects.get(key);
    if (bytes === undefined) throw new Error(`${key} was not written: ${[...this.objects.keys()].join(' ')}`);
    return bytes.toString('utf8');
  }

  json<T = WrittenReport>(key: string): T {
    return JSON.parse(this.text(key)) as T;
  }

  /** A folder as a place to verify. */
  place(folder: string): ReportPlace {
    const names = [...this.objects.keys()]
      .filter((key) => key.startsWith(folder))
      .map((key) => key.slice(folder.length));
    return { list: async () => names, read: (name) => this.read(`${folder}${name}`) };
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A ledger, a bucket and a clock, and the function between them. */
export class ReportWorld {
  readonly store = new MemoryStore();
  readonly told: ReportNotice[] = [];
  readonly warnings: string[] = [];
  readonly continued: ReportCall[] = [];
  /** Of the invocation. */
  left = 900_000;
  now = new Date('2026-11-23T07:00:00.000Z');
  /** How often the rows of a scope were read. */
  readings = 0;
  readonly ledger: Ledger;
  #waivers: WaiverSet | undefined;

  private constructor(ledger: Ledger) {
    this.ledger = ledger;
  }

  static async open(): Promise<ReportWorld> {
    return new ReportWorld(await openLedger(':memory:'));
  }

  /** So many failures in an account, of which the ledger knows, below these organizational units. */
  async account(accountId: string, failures: number, units: readonly string[] = []): Promise<void> {
    const scope = { accountId, region: REGION, service: 'ecs' };
    await this.ledger.recordScope({ ...scope, lookedAt: this.now.toISOString() });
    await this.ledger.updateAccount(accountId, { organizationalUnits: units });
    for (let index = 0; index < failures; index += 1) await this.fails(accountId, `app-${index}`);
  }

  async fails(accountId: string, name: string, overrides: Partial<Finding> = {}): Promise<void> {
    const uid = `arn:aws:ecs:${REGION}:${accountId}:task-definition/${name}`;
    const resource = taskDefinitionReference({ uid, name, accountId, arn: `${uid}:7` });
    const scope = { accountId, region: REGION, service: 'ecs' };
    const { version: _, ...row } = publishedRow({}, finding({ resource, ...overrides }));
    await this.ledger.putRow({ ...row, scope }, undefined);
  }

  /** Ends a run that has read these accounts, and of some things said otherwise. */
  async run(accounts: readonly string[], unread: readonly CoverageEntry[] = [], complete = unread.length === 0) {
    const startedAt = this.now.toISOString();
    for (const accountId of accounts) {
      const read: CoverageEntry = { accountId, region: REGION, service: 'ecs', status: 'scanned', gaps: [] };
      const own = unread.filter((entry) => entry.accountId === accountId);
      const said = own.some(({ service, cluster }) => service === 'ecs' && cluster === undefined)
        ? own
        : [read, ...own];
      const summary = { key: 'ecs', unknown: 0, resources: 1, observedAt: startedAt, coverage: said };
      await storeSummary(this.ledger, { accountId, region: REGION, ...summary });
      if (said.some(({ service, status }) => service === 'ecs' && status === 'scanned')) await this.#look(accountId);
    }
    const scopes = accounts.map((accountId) => `${accountId} ${REGION} ecs`);
    await this.ledger.recordFinishedRun({
      runId: `run ${startedAt}`,
      startedAt,
      finishedAt: startedAt,
      complete,
      scopes,
    });
  }

  /** What is known of an account is seen again as it was. */
  async #look(accountId: string): Promise<void> {
    const scope = { accountId, region: REGION, service: 'ecs' };
    const rows: LedgerRow[] = [];
    for await (const row of this.ledger.rowsOfScope(scope)) rows.push(row);
    for (const row of rows) {
      const { version: _, ...seen } = row;
      await this.ledger.putRow({ ...seen, observedAt: this.now.toISOString() }, row);
    }
  }

  accept(waivers: WaiverSet): void {
    this.#waivers = waivers;
  }

  advance(days: number): void {
    this.now = new Date(this.now.getTime() + days * 86_400_000);
  }

  /** What the schedule calls at this time. */
  call(call: Partial<ReportCall> = {}, changed: Partial<ReportDependencies> = {}) {
    const time = `${this.now.toISOString().slice(0, 19)}Z`;
    return writeReports({ kind: 'weekly', time, continued: 0, ...call }, { ...this.#dependencies(), ...changed });
  }

  /** The lease of the ledger; waiting takes time of the invocation. */
  turns(): Turns {
    const wait = async (milliseconds: number) => {
      this.left -= milliseconds;
      await nextTurn();
    };
    return { leases: this.ledger, now: () => this.now, millisecondsLeft: () => this.left, wait };
  }

  #dependencies(): ReportDependencies {
    const { config, parameters } = loadConfig(undefined, 'the test', allChecks());
    const waivers = this.#waivers === undefined ? {} : { waivers: this.#waivers };
    const options = { config, parameters, toolVersion: '0.0.0-test', now: () => this.now, ...waivers };
    const { ledger } = this;
    const counted = new Proxy(ledger, {
      get: (target, name) => {
        if (name === 'rowsOfScope') this.readings += 1;
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    return {
      store: this.store,
      compose: {
        fromLedger: ({ remarks, ...before }) =>
          reportOnLedger(counted, { ...options, ...before, trendRemarks: remarks }),
        fromStored: (head, rows, closed, { remarks, ...before }) =>
          reportOnStored(head, rows, closed, { ...options, ...before, trendRemarks: remarks }),
      },
      tell: async (notice) => {
        this.told.push(notice);
      },
      warn: (sentence) => this.warnings.push(sentence),
      ...this.turns(),
      goOn: async (call) => {
        this.continued.push(call);
      },
    };
  }
}
