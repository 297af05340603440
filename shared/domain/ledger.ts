import type { Fact, FactKind } from './fact.ts';
import type { Finding } from './finding.ts';
import type { ClosedBecause, ContentMemory, IamAction, Transition } from './ports.ts';

/** The partition of the ledger that rows are read and closed by. */
export interface LedgerScope {
  readonly accountId: string;
  readonly region: string;
  /** The collector's service, for example `ecr`: the one that reads the resources of the check. */
  readonly service: string;
}

/** Where one row is: its scope, and the permanent id of the finding. */
export interface RowKey extends LedgerScope {
  readonly findingId: string;
}

/** What is known last. An UNKNOWN verdict never gets here: it says nothing about the world. */
export type LedgerStatus = 'FAILED' | 'PASSED' | 'NOT_APPLICABLE' | 'GONE';

/**
 * How far the telling of a row has come. `pending` from the moment a transition is known until every destination took
 * it: whoever finds it later sends it again.
 */
export type PublishState =
  | { readonly state: 'none' }
  | {
      readonly state: 'pending';
      readonly transition: Transition['kind'];
      /** The look that caused it; ISO 8601, UTC. Together with the finding's id it names the transition for ever. */
      readonly since: string;
      /** Only destinations that hold findings get it: a keep-alive, or a change that is no news. */
      readonly quiet?: boolean;
      /** The destinations that have it already. */
      readonly delivered: readonly string[];
    }
  | { readonly state: 'published'; readonly transition: Transition['kind'] };

/** `pending`: the message may have been sent. `open`: it was, and nothing has resolved it since. */
export type AlertState = 'none' | 'pending' | 'open' | 'resolved';

/** What an analyst (or the tool) set in Security Hub. */
export interface AnalystWorkflow {
  readonly status: 'NEW' | 'NOTIFIED' | 'RESOLVED' | 'SUPPRESSED';
  /** ISO 8601, UTC. */
  readonly at: string;
  /** True where the tool itself set it. */
  readonly byUs: boolean;
}

/** One row per finding: what was last known about it, and what has been said. All times are ISO 8601, UTC. */
export interface LedgerRow {
  readonly scope: LedgerScope;
  readonly status: LedgerStatus;
  /** Of a GONE row whose resource may well exist. */
  readonly closedBecause?: ClosedBecause;
  /**
   * The last known look, with its evidence and waiver; of a gone resource the one before. Its status is UNKNOWN only
   * for coverage findings, whose very subject is what could not be read.
   */
  readonly finding: Finding;
  /** sha256 of the canonical JSON of the whole evidence, also where the stored evidence had to be shortened. */
  readonly evidenceHash: string;
  readonly firstSeenAt: string;
  readonly firstFailedAt?: string;
  readonly lastSeenAt: string;
  /** When the look was taken that the row shows: an older look never overwrites it. */
  readonly observedAt: string;
  readonly lastPublishedAt?: string;
  /** The record state it was last published with; absent = nothing was ever published. */
  readonly publishedAs?: 'ACTIVE' | 'ARCHIVED';
  readonly publish: PublishState;
  readonly alert: AlertState;
  /** The route that the alert went to, and that its end has to go to. */
  readonly alertRoute?: string;
  readonly reopenedCount: number;
  readonly workflow?: AnalystWorkflow;
  /** Counts the writes of this row; starts at 1. */
  readonly version: number;
}

/** A row as a writer makes it: the ledger counts the versions. */
export type NewRow = Omit<LedgerRow, 'version'>;

/** What units a run expects and which have completed. */
export interface RunProgress {
  readonly expected: readonly string[];
  readonly completed: readonly string[];
}

/** An account in whose regions a run has read nothing. */
export interface NotCovered {
  readonly accountId: string;
  readonly regions: readonly string[];
  /** `failed`: it should have been read; `excluded`: it is not to be. */
  readonly status: 'failed' | 'excluded';
  /** One sentence. */
  readonly reason: string;
}

/** A run that is over; the next one is compared with it. */
export interface FinishedRun {
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly complete: boolean;
  /** The scopes it covered, sorted: `account region service` or `account region service cluster`. */
  readonly scopes: readonly string[];
  /** What it read nothing of, and why. */
  readonly notCovered?: readonly NotCovered[];
}

/** A scope the ledger has rows of. */
export interface ScopeRecord extends LedgerScope {
  /** When a run last looked at it, whatever it saw. */
  readonly lookedAt: string;
  /** When it was last read completely. */
  readonly completedAt?: string;
}

/** What is known about an account besides its findings. */
export interface AccountRecord {
  readonly accountId: string;
  /** The run whose failures are the baseline: none of them is news. */
  readonly baselineRunId: string;
  /** When that run was told; until then the next run is the baseline. */
  readonly baselineAt?: string;
  /** When a run last read all of the account. */
  readonly lastCompleteAt?: string;
  /** The root and the organizational units above it, where the organization says so. */
  readonly organizationalUnits?: readonly string[];
  /** As its organization calls it. */
  readonly name?: string;
}

/** The facts one unit has left, with what it stated completely. */
export interface UnitFacts extends LedgerScope {
  readonly cluster?: string;
  /** When the unit looked; ISO 8601, UTC. */
  readonly observedAt: string;
  readonly completeKinds: readonly FactKind[];
  readonly facts: readonly Fact[];
}

/** A transition that waits for the next digest of its account. */
export interface News {
  readonly accountId: string;
  readonly transition: Transition;
}

/**
 * The memory of findings. Every write concerns one item and is atomic; there are no transactions, so that what has to
 * survive a crash is written in an order in which each step may be repeated.
 *
 * All methods throw what the store throws when it cannot be reached; nothing is ever "not there" because of an error.
 */
export interface Ledger extends ContentMemory {
  /** The IAM actions its calls need; empty for a local file. */
  readonly permissions: readonly IamAction[];

  readRow(key: RowKey): Promise<LedgerRow | undefined>;
  /** Rows of several findings in few calls; those that do not exist are absent. By finding id. */
  readRows(keys: readonly RowKey[]): Promise<ReadonlyMap<string, LedgerRow>>;
  rowsOfScope(scope: LedgerScope): AsyncIterable<LedgerRow>;
  /**
   * Writes a row if it is still what the writer read, and not with an older look.
   *
   * @param previous what was read before; undefined = there was none
   * @returns the row as written, or undefined when someone else has written it meanwhile: read again and decide again
   */
  putRow(row: NewRow, previous: LedgerRow | undefined): Promise<LedgerRow | undefined>;
  /** Rows whose telling has begun and not ended, oldest first. */
  pendingRows(accountId: string, region: string): AsyncIterable<LedgerRow>;

  /** Adds to what a run expects; safe to repeat. An account's unit adds its regions and clusters before it completes. */
  expectUnits(runId: string, units: readonly string[]): Promise<RunProgress>;
  /** Counts a unit as completed, once however often it is said, and says how far the run is. */
  completeUnit(runId: string, unit: string): Promise<RunProgress>;
  readProgress(runId: string): Promise<RunProgress>;
  recordFinishedRun(run: FinishedRun): Promise<void>;
  lastFinishedRun(): Promise<FinishedRun | undefined>;

  /**
   * Takes one of the single alerts a run (or a time window of rechecks) may send on a route. The same finding keeps the
   * slot it has.
   *
   * @returns false when none is left
   */
  takeAlertSlot(window: string, route: string, findingId: string, max: number): Promise<boolean>;
  /** @returns whether the caller holds it until then; a lease that has expired is free, one's own is prolonged */
  acquireLease(name: string, owner: string, now: Date, seconds: number): Promise<boolean>;
  /** Gives a lease back; one that someone else holds stays. */
  releaseLease(name: string, owner: string): Promise<void>;

  readAccount(accountId: string): Promise<AccountRecord | undefined>;
  /** Makes the run the account's baseline unless an earlier one was told already; says which run it is. */
  claimBaseline(accountId: string, runId: string): Promise<AccountRecord>;
  /** Says that the baseline was told, that all of the account was read, or where it is in its organization. */
  updateAccount(
    accountId: string,
    change: Partial<Pick<AccountRecord, 'baselineAt' | 'lastCompleteAt' | 'organizationalUnits' | 'name'>>,
  ): Promise<void>;

  recordScope(scope: ScopeRecord): Promise<void>;
  scopes(): AsyncIterable<ScopeRecord>;

  /** Replaces all a unit has stated; an older look changes nothing. @returns whether it was taken */
  replaceFacts(facts: UnitFacts): Promise<boolean>;
  /**
   * The facts of all units of an account.
   *
   * @param service only those of this one: what others stated is not read
   */
  factsOf(accountId: string, service?: string): AsyncIterable<UnitFacts>;

  /** Keeps transitions for the next digest; the same one is kept once. */
  addNews(news: readonly News[]): Promise<void>;
  news(accountId: string): AsyncIterable<News>;
  /** Forgets what a digest has told. */
  removeNews(news: readonly News[]): Promise<void>;

  close(): void;
}
