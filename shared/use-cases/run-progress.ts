import pMap from 'p-map';
import type { ScanTarget } from '../domain/inventory.ts';
import type { Ledger, RunProgress } from '../domain/ledger.ts';
import type { MessageQueue } from '../domain/queue.ts';
import type { AccountLeftOut } from './accounts-in-scope.ts';
import {
  type AccountMessage,
  ALL_REGIONS,
  accountMessages,
  parseUnitName,
  type RunUnit,
  targetsOf,
  unitName,
} from './run-messages.ts';

/*
 * A run is counted on two levels, so that neither what is stored together nor what is read after each unit grows with
 * the organization: the run knows its accounts, and each account of a run its regions.
 */

type Account = Omit<ScanTarget, 'region'>;

/** Accounts whose regions are read at once. */
const ACCOUNTS_AT_ONCE = 16;

/** Writes down which accounts a run expects, before anything is started in them (PE-6). */
export async function expectAccounts(
  ledger: Ledger,
  runId: string,
  accounts: readonly Account[],
  phases: number,
): Promise<void> {
  await ledger.expectUnits(
    runId,
    accounts.flatMap((account) => eachPhase(phases, (phase) => accountUnit({ ...account, phase }))),
  );
}

/** Writes down which regions an account of a run has, before anything is started in them. */
export async function expectRegions(
  ledger: Ledger,
  runId: string,
  targets: readonly ScanTarget[],
  phases: number,
): Promise<void> {
  const [first] = targets;
  if (first === undefined) return;
  const units = targets.flatMap((target) => eachPhase(phases, (phase) => unitName({ ...target, phase })));
  await ledger.expectUnits(accountRun(runId, first.accountId), units);
}

/** What an account of a run expects, by region, and what of it is done. */
export function accountProgress(ledger: Ledger, runId: string, accountId: string): Promise<RunProgress> {
  return ledger.readProgress(accountRun(runId, accountId));
}

/** Counts a region of an account as read. */
export async function completeUnit(ledger: Ledger, runId: string, unit: RunUnit): Promise<void> {
  await ledger.completeUnit(accountRun(runId, unit.accountId), unitName(unit));
}

/** Keeps which accounts a run deliberately does not look at. */
export async function recordLeftOut(ledger: Ledger, runId: string, leftOut: readonly AccountLeftOut[]): Promise<void> {
  const members = leftOut.map(({ accountId, partition, reason }) => [accountId, partition, reason].join(' '));
  if (members.length > 0) await ledger.expectUnits(leftOutOf(runId), members);
}

export async function readLeftOut(ledger: Ledger, runId: string): Promise<readonly AccountLeftOut[]> {
  const { expected } = await ledger.readProgress(leftOutOf(runId));
  return expected.map((member) => {
    const [accountId = '', partition = '', ...reason] = member.split(' ');
    return { accountId, partition, reason: reason.join(' ') };
  });
}

export interface GoOnDependencies {
  readonly ledger: Ledger;
  readonly unitQueue: MessageQueue;
  readonly finishQueue: MessageQueue;
  readonly phases: number;
}

/**
 * Starts what has waited for an account to end a phase: the next phase in all accounts, or the end of the run. Safe to
 * repeat, so that a crash between completing a unit and saying so loses nothing.
 */
export async function goOn(
  { runId, startedAt, accountId, partition, phase }: Omit<AccountMessage, 'version'>,
  { ledger, unitQueue, finishQueue, phases }: GoOnDependencies,
): Promise<void> {
  const account = await accountProgress(ledger, runId, accountId);
  const isDone = new Set(account.completed);
  const waiting = account.expected.filter((name) => !isDone.has(name)).map(parseUnitName);
  if (waiting.some((unit) => unit.phase === phase)) return;
  const run = await ledger.completeUnit(runId, accountUnit({ accountId, partition, phase }));
  const missing = missingOf(run);
  if (missing.length === 0) {
    await finishQueue.send([{ body: { version: 1, runId, startedAt, reason: 'complete' } }]);
  } else if (phase + 1 < phases && !missing.some((unit) => unit.phase <= phase)) {
    const next = missing.filter((unit) => unit.phase === phase + 1);
    await unitQueue.send(accountMessages({ runId, startedAt }, next, phase + 1));
  }
}

/** Ends all phases of an account in which there is nothing (more) to do. */
export async function completeAccount(ledger: Ledger, runId: string, account: Account, phases: number): Promise<void> {
  for (const unit of eachPhase(phases, (phase) => accountUnit({ ...account, phase }))) {
    await ledger.completeUnit(runId, unit);
  }
}

/** All of a run, account by account. */
export interface RunState {
  readonly accounts: readonly Account[];
  readonly targets: readonly ScanTarget[];
  /** Units that have not reported. Those of an account whose regions nobody has listed are the regions asked for. */
  readonly missing: readonly RunUnit[];
}

/**
 * @param regions the regions that are scanned, for accounts that never came so far as to say theirs
 */
export async function readRun(ledger: Ledger, runId: string, regions: readonly string[]): Promise<RunState> {
  const run = await ledger.readProgress(runId);
  const unfinished = missingOf(run);
  const accounts = accountsIn(run);
  const states = await pMap(
    accounts,
    async (account) => {
      const progress = await accountProgress(ledger, runId, account.accountId);
      const waiting = unfinished.filter(({ accountId }) => accountId === account.accountId);
      if (progress.expected.length > 0 || waiting.length === 0) {
        return { targets: targetsOf(progress.expected), missing: missingOf(progress) };
      }
      const targets = regions.map((region) => ({ ...account, region }));
      return { targets, missing: waiting.flatMap(({ phase }) => targets.map((target) => ({ ...target, phase }))) };
    },
    { concurrency: ACCOUNTS_AT_ONCE },
  );
  return {
    accounts,
    targets: states.flatMap(({ targets }) => targets),
    missing: states.flatMap(({ missing }) => missing),
  };
}

/** The accounts that a run expects. */
export async function accountsOfRun(ledger: Ledger, runId: string): Promise<readonly Account[]> {
  return accountsIn(await ledger.readProgress(runId));
}

/** The accounts that have not ended a phase of a run. */
export async function accountsMissing(ledger: Ledger, runId: string): Promise<readonly RunUnit[]> {
  return missingOf(await ledger.readProgress(runId));
}

function accountsIn({ expected }: RunProgress): readonly Account[] {
  return targetsOf(expected).map(({ accountId, partition }) => ({ accountId, partition }));
}

function missingOf({ expected, completed }: RunProgress): readonly RunUnit[] {
  const isDone = new Set(completed);
  return expected.filter((name) => !isDone.has(name)).map(parseUnitName);
}

function accountUnit(unit: Omit<RunUnit, 'region'>): string {
  return unitName({ ...unit, region: ALL_REGIONS });
}

function accountRun(runId: string, accountId: string): string {
  return `${runId} ${accountId}`;
}

function leftOutOf(runId: string): string {
  return `${runId} left out`;
}

function eachPhase<T>(phases: number, make: (phase: number) => T): readonly T[] {
  return Array.from({ length: phases }, (_, phase) => make(phase));
}
