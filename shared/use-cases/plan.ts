import pMap from 'p-map';
import type { Ledger } from '../domain/ledger.ts';
import type { MessageQueue } from '../domain/queue.ts';
import type { AccountsInScope } from './accounts-in-scope.ts';
import { accountMessages } from './run-messages.ts';
import { expectAccounts, recordLeftOut } from './run-progress.ts';

export interface PlanDependencies {
  readonly ledger: Ledger;
  readonly unitQueue: MessageQueue;
  readonly finishQueue: MessageQueue;
  /** In how many steps the units are read: see `phasesOf`. */
  readonly phases: number;
  readonly now: () => Date;
  /** A run that has not ended by then is ended, and another may begin. */
  readonly deadlineSeconds: number;
}

export interface PlannedRun {
  readonly runId: string;
  readonly accounts: number;
  /** Accounts that another run is still scanning. */
  readonly skipped: readonly string[];
  readonly leftOut: number;
}

/** SQS keeps no message back for longer. */
export const DEADLINE_ROUND_SECONDS = 900;
const ACCOUNTS_AT_ONCE = 16;

/** The lease that an account's run holds until it ends. */
export function accountLease(accountId: string): string {
  return `account ${accountId}`;
}

/**
 * Begins a run: writes down every account it expects before anything is started, so that what never reports is missed
 * (PE-6), then sends one message for each; the account's own unit finds out its regions and writes them down in turn.
 * An account that another run still scans is left out (PE-13). Repeating it with the same run is harmless: units that
 * are done stay done.
 */
export async function planRun(
  runId: string,
  { accounts, leftOut }: AccountsInScope,
  { ledger, unitQueue, finishQueue, phases, now, deadlineSeconds }: PlanDependencies,
): Promise<PlannedRun> {
  const startedAt = now().toISOString();
  const leased = await pMap(
    accounts,
    async (account) => ({
      account,
      isFree: await ledger.acquireLease(accountLease(account.accountId), runId, now(), deadlineSeconds),
    }),
    { concurrency: ACCOUNTS_AT_ONCE },
  );
  const mine = leased.flatMap(({ account, isFree }) => (isFree ? account : []));
  const skipped = leased.flatMap(({ account, isFree }) => (isFree ? [] : account.accountId));
  if (mine.length === 0) return { runId, accounts: 0, skipped, leftOut: leftOut.length };
  await recordLeftOut(ledger, runId, leftOut);
  await expectAccounts(ledger, runId, mine, phases);
  await pMap(
    mine,
    async ({ accountId, organizationalUnits, name }) => {
      await ledger.claimBaseline(accountId, runId);
      if (organizationalUnits === undefined && name === undefined) return;
      await ledger.updateAccount(accountId, {
        ...(organizationalUnits === undefined ? {} : { organizationalUnits }),
        ...(name === undefined ? {} : { name }),
      });
    },
    { concurrency: ACCOUNTS_AT_ONCE },
  );
  await finishQueue.send([
    { body: { version: 1, runId, startedAt, reason: 'deadline', round: 0 }, delaySeconds: DEADLINE_ROUND_SECONDS },
  ]);
  await unitQueue.send(accountMessages({ runId, startedAt }, mine, 0));
  return { runId, accounts: mine.length, skipped, leftOut: leftOut.length };
}
