import type { ScanTarget } from '../domain/inventory.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { MessageQueue } from '../domain/queue.ts';
import { phaseMessages, unitName } from './run-messages.ts';

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
  readonly units: readonly string[];
  /** Accounts that another run is still scanning. */
  readonly skipped: readonly string[];
}

/** SQS keeps no message back for longer. */
export const DEADLINE_ROUND_SECONDS = 900;

/** The lease that an account's run holds until it ends. */
export function accountLease(accountId: string): string {
  return `account ${accountId}`;
}

/**
 * Begins a run: writes down everything it expects before anything is started, so that what never reports is missed
 * (PE-6), then starts the first phase in every account and region. An account that another run still scans is left out
 * (PE-13). Repeating it with the same run is harmless: units that are done stay done.
 */
export async function planRun(
  runId: string,
  targets: readonly ScanTarget[],
  { ledger, unitQueue, finishQueue, phases, now, deadlineSeconds }: PlanDependencies,
): Promise<PlannedRun> {
  const startedAt = now().toISOString();
  const free = new Set<string>();
  const skipped: string[] = [];
  for (const accountId of new Set(targets.map((target) => target.accountId))) {
    const isFree = await ledger.acquireLease(accountLease(accountId), runId, now(), deadlineSeconds);
    if (isFree) free.add(accountId);
    else skipped.push(accountId);
  }
  const mine = targets.filter(({ accountId }) => free.has(accountId));
  if (mine.length === 0) return { runId, units: [], skipped };
  const units = mine.flatMap((target) => Array.from({ length: phases }, (_, phase) => unitName({ ...target, phase })));
  await ledger.expectUnits(runId, units);
  for (const accountId of free) await ledger.claimBaseline(accountId, runId);
  await finishQueue.send([
    { body: { version: 1, runId, startedAt, reason: 'deadline', round: 0 }, delaySeconds: DEADLINE_ROUND_SECONDS },
  ]);
  await unitQueue.send(phaseMessages({ runId, startedAt }, mine, 0));
  return { runId, units, skipped };
}
