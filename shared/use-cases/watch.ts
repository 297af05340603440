import type { ScanTarget } from '../domain/inventory.ts';
import type { Ledger } from '../domain/ledger.ts';

/** Says how many messages lie in a queue. */
export type QueueDepth = () => Promise<{ readonly name: string; readonly messages: number }>;

export interface WatchDependencies {
  readonly ledger: Ledger;
  readonly targets: readonly ScanTarget[];
  readonly deadLetterQueues: readonly QueueDepth[];
  /** Twice the schedule: by then an account must have been read completely. */
  readonly overdueSeconds: number;
  readonly now: () => Date;
}

export interface Watched {
  /** One sentence for each thing that is wrong; for people. */
  readonly problems: readonly string[];
  /** Accounts that were not read completely in time. */
  readonly overdueAccounts: number;
  /** Accounts and regions in scope that the last finished run did not cover. */
  readonly scopesLost: number;
  readonly deadLetters: number;
}

/**
 * Looks whether the scanner itself works: a scanner that died finds nothing, and nobody notices (OC-11). Compares what
 * is expected with what was finished; it asks the ledger and the queues only, so that it works when nothing else does.
 */
export async function watch({
  ledger,
  targets,
  deadLetterQueues,
  overdueSeconds,
  now,
}: WatchDependencies): Promise<Watched> {
  const problems: string[] = [];
  const oldest = new Date(now().getTime() - overdueSeconds * 1000).toISOString();
  let overdueAccounts = 0;
  for (const accountId of new Set(targets.map((target) => target.accountId))) {
    const lastCompleteAt = (await ledger.readAccount(accountId))?.lastCompleteAt;
    if (lastCompleteAt !== undefined && lastCompleteAt >= oldest) continue;
    overdueAccounts += 1;
    problems.push(`The account ${accountId} was last read completely ${lastCompleteAt ?? 'never'}; it is overdue.`);
  }
  const covered = new Set(
    (await ledger.lastFinishedRun())?.scopes.map((scope) => scope.split(' ').slice(0, 2).join(' ')),
  );
  const lost = targets.filter(({ accountId, region }) => !covered.has(`${accountId} ${region}`));
  for (const { accountId, region } of lost) problems.push(`The last run did not cover ${accountId}/${region}.`);
  let deadLetters = 0;
  for (const depth of deadLetterQueues) {
    const { name, messages } = await depth();
    deadLetters += messages;
    if (messages > 0) problems.push(`${messages} messages lie in ${name}: nobody could handle them.`);
  }
  return { problems, overdueAccounts, scopesLost: lost.length, deadLetters };
}
