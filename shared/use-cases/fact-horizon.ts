import type { ScanTarget } from '../domain/inventory.ts';

/**
 * In so many accounts everything that others stated is read for each look. In more of them a look knows its own account
 * only, and says so: what other accounts run is then not known, which is not the same as nothing.
 */
export const MAX_FACT_ACCOUNTS = 100;

/**
 * The accounts and regions whose facts a look at some accounts reads.
 *
 * @param targets everything that is in scope
 * @param looked the accounts that are looked at
 */
export function factHorizon(targets: readonly ScanTarget[], looked: ReadonlySet<string>): readonly ScanTarget[] {
  const accounts = new Set(targets.map(({ accountId }) => accountId));
  if (accounts.size <= MAX_FACT_ACCOUNTS) return targets;
  const own = targets.filter(({ accountId }) => looked.has(accountId));
  return [...own, ...unread(accounts.size - looked.size)];
}

/** Stands for accounts whose facts are not read: nothing is complete while it is in scope. */
export function unread(accounts: number): readonly ScanTarget[] {
  return accounts > 0 ? [{ accountId: `${accounts} other accounts`, region: '*', partition: 'aws' }] : [];
}
