import type { ScanTarget } from '../domain/inventory.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Collector } from '../domain/ports.ts';
import type { MessageQueue } from '../domain/queue.ts';
import { coverageOfExcluded, phasesOf } from './collect-inventory.ts';
import type { AccountTargets } from './plan-targets.ts';
import { type AccountMessage, phaseMessages, targetsOf } from './run-messages.ts';
import { accountProgress, completeAccount, completeUnit, expectRegions, goOn } from './run-progress.ts';
import { ACCOUNT_SUMMARY, storeSummary } from './unit-summary.ts';

export interface OpenAccountDependencies {
  readonly ledger: Ledger;
  readonly unitQueue: MessageQueue;
  readonly finishQueue: MessageQueue;
  readonly collectors: readonly Collector[];
  readonly now: () => Date;
  /** Asks AWS which regions of the account can be scanned. */
  readonly planAccount: (accountId: string) => Promise<Pick<AccountTargets, 'targets' | 'excluded'>>;
}

export interface OpenedAccount {
  readonly accountId: string;
  /** `opened`: its regions are being read; `failed`: it could not be spoken to; `empty`: no region is open. */
  readonly outcome: 'opened' | 'failed' | 'empty';
  readonly regions: readonly string[];
}

/**
 * Begins a phase in all regions of one account. The first time it finds out which they are and writes them down, so that
 * one that never reports is missed (PE-6). An account that cannot be spoken to is told as failed, in every region, and
 * is not asked again in this run; nothing of it is closed, because nothing of it was read.
 *
 * @throws what the ledger and the queues throw: the message is delivered again
 */
export async function openAccount(
  message: AccountMessage,
  dependencies: OpenAccountDependencies,
): Promise<OpenedAccount> {
  const { ledger, unitQueue, collectors } = dependencies;
  const { runId, accountId, phase } = message;
  const phases = phasesOf(collectors).length;
  const { expected, completed } = await accountProgress(ledger, runId, accountId);
  const known = targetsOf(expected);
  if (known.length > 0 && expected.every((unit) => completed.includes(unit))) {
    // Failed, or done before: whoever said so may have died before it could go on.
    await completeAccount(ledger, runId, message, phases);
    await goOn(message, { ...dependencies, phases });
    return { accountId, outcome: 'empty', regions: [] };
  }
  const opened =
    known.length > 0 ? { targets: known, outcome: 'opened' as const } : await open(message, phases, dependencies);
  const { targets, outcome } = opened;
  if (outcome !== 'opened') {
    await completeAccount(ledger, runId, message, phases);
    await goOn(message, { ...dependencies, phases });
    return { accountId, outcome, regions: [] };
  }
  // Where the message of an earlier phase was lost, its units are still to be begun.
  const first = known.length > 0 ? phase : 0;
  for (let begun = first; begun <= phase; begun += 1) await unitQueue.send(phaseMessages(message, targets, begun));
  return { accountId, outcome, regions: targets.map(({ region }) => region) };
}

async function open(
  { runId, accountId }: AccountMessage,
  phases: number,
  { ledger, collectors, now, planAccount }: OpenAccountDependencies,
): Promise<{ readonly targets: readonly ScanTarget[]; readonly outcome: OpenedAccount['outcome'] }> {
  const { targets, excluded } = await planAccount(accountId);
  const failed = excluded.filter(({ status }) => status === 'failed');
  const [place] = [...targets, ...excluded];
  if (place !== undefined) {
    await storeSummary(ledger, {
      key: ACCOUNT_SUMMARY,
      accountId,
      region: place.region,
      observedAt: now().toISOString(),
      unknown: 0,
      resources: 0,
      coverage: excluded.flatMap((target) => coverageOfExcluded(target, collectors)),
    });
  }
  // What failed is expected as well, and has reported: the watch and the facts of others must miss it.
  await expectRegions(ledger, runId, [...targets, ...failed.map(placeOf)], phases);
  for (const target of failed) {
    for (let phase = 0; phase < phases; phase += 1) await completeUnit(ledger, runId, { ...placeOf(target), phase });
  }
  if (targets.length > 0) return { targets, outcome: 'opened' };
  return { targets, outcome: failed.length > 0 ? 'failed' : 'empty' };
}

function placeOf({ accountId, region, partition }: ScanTarget): ScanTarget {
  return { accountId, region, partition };
}
