import pMap from 'p-map';
import type { CoverageEntry } from '../domain/coverage.ts';
import type { FactBase } from '../domain/fact.ts';
import type { Finding } from '../domain/finding.ts';
import type { Ledger } from '../domain/ledger.ts';

/** What one service of a unit came to, for the end of the run (key: the service). */
export interface UnitSummaryFact extends FactBase<'unit-summary'> {
  readonly unknown: number;
  /** The unknown ones by check: the ledger keeps no row of them. */
  readonly unknownByCheck?: Readonly<Record<string, number>>;
  readonly resources: number;
  readonly coverage: readonly CoverageEntry[];
}

declare module '../domain/fact.ts' {
  interface FactByKind {
    'unit-summary': UnitSummaryFact;
  }
}

/** Under this name the ledger keeps the summaries. */
const SUMMARY = 'summary';
/** The key of what was found out about an account as a whole: its regions that are not looked at, and why. */
export const ACCOUNT_SUMMARY = 'account';
const ACCOUNTS_AT_ONCE = 16;

/** How many findings of each check could not be judged. */
export function unknownByCheck(findings: Iterable<Finding>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { status, checkId } of findings) {
    if (status === 'UNKNOWN') counts.set(checkId, (counts.get(checkId) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

/** Keeps what a service of a unit came to, in place of what it came to before. */
export async function storeSummary(ledger: Ledger, summary: Omit<UnitSummaryFact, 'kind'>): Promise<void> {
  const { accountId, region, key, observedAt } = summary;
  const facts = [{ kind: 'unit-summary' as const, ...summary }];
  await ledger.replaceFacts({
    accountId,
    region,
    service: SUMMARY,
    cluster: key,
    observedAt,
    completeKinds: [],
    facts,
  });
}

/** What the services of accounts have come to since an instant. */
export async function summariesOf(
  ledger: Ledger,
  accountIds: Iterable<string>,
  since: string,
): Promise<readonly UnitSummaryFact[]> {
  const ofAccounts = await pMap(
    accountIds,
    async (accountId) => {
      const summaries: UnitSummaryFact[] = [];
      for await (const { facts, observedAt } of ledger.factsOf(accountId, SUMMARY)) {
        if (observedAt < since) continue;
        summaries.push(...facts.filter((fact) => fact.kind === 'unit-summary'));
      }
      return summaries;
    },
    { concurrency: ACCOUNTS_AT_ONCE },
  );
  return ofAccounts.flat();
}
