import pMap from 'p-map';
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

const ACCOUNTS_AT_ONCE = 16;

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
  const accounts = await pMap(
    new Set(targets.map(({ accountId }) => accountId)),
    async (accountId) => ({ accountId, lastCompleteAt: (await ledger.readAccount(accountId))?.lastCompleteAt }),
    { concurrency: ACCOUNTS_AT_ONCE },
  );
  const overdue = accounts.filter(({ lastCompleteAt }) => lastCompleteAt === undefined || lastCompleteAt < oldest);
  for (const { accountId, lastCompleteAt } of overdue) {
    problems.push(`The account ${accountId} was last read completely ${lastCompleteAt ?? 'never'}; it is overdue.`);
  }
  const last = await ledger.lastFinishedRun();
  const covered = new Set(last?.scopes.map((scope) => scope.split(' ').slice(0, 2).join(' ')));
  const reasons = new Map(
    (last?.notCovered ?? []).flatMap(({ accountId, regions, reason }) =>
      regions.map((region) => [`${accountId} ${region}`, reason] as const),
    ),
  );
  const lost = targets.filter(({ accountId, region }) => !covered.has(`${accountId} ${region}`));
  for (const { accountId, region } of lost) {
    const reason = reasons.get(`${accountId} ${region}`);
    const because = reason === undefined ? '' : `: ${reason.replace(/\.$/, '')}`;
    problems.push(`The last run did not cover ${accountId}/${region}${because}.`);
  }
  let deadLetters = 0;
  for (const depth of deadLetterQueues) {
    const { name, messages } = await depth();
    deadLetters += messages;
    if (messages > 0) problems.push(`${messages} messages lie in ${name}: nobody could handle them.`);
  }
  return { problems, overdueAccounts: overdue.length, scopesLost: lost.length, deadLetters };
}
