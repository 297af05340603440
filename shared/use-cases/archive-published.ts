import type { Ledger, LedgerRow, LedgerScope } from '../domain/ledger.ts';
import { applyAbsence } from '../engine/transitions.ts';
import { changeRow } from './change-row.ts';

/** How many findings stand open in one account and region because we published them. */
export interface OpenFindings {
  readonly accountId: string;
  readonly region: string;
  readonly count: number;
}

/** Counts what was published and not archived since, by account and region, in their order. */
export async function countPublished(ledger: Ledger): Promise<readonly OpenFindings[]> {
  const places = new Map<string, OpenFindings>();
  for await (const { accountId, region, service } of ledger.scopes()) {
    for await (const row of ledger.rowsOfScope({ accountId, region, service })) {
      if (row.publishedAs !== 'ACTIVE') continue;
      const key = `${accountId} ${region}`;
      places.set(key, { accountId, region, count: (places.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...places].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, place]) => place);
}

/**
 * Closes everything that was published of some accounts, because nobody will look there any more.
 *
 * @param at when; ISO 8601, UTC. What a newer look has written is left alone
 * @returns the rows whose end has to be told
 */
export async function* closePublished(
  ledger: Ledger,
  accountIds: ReadonlySet<string>,
  at: string,
): AsyncGenerator<LedgerRow> {
  for await (const { accountId, region, service } of ledger.scopes()) {
    if (!accountIds.has(accountId)) continue;
    const scope: LedgerScope = { accountId, region, service };
    for await (const found of ledger.rowsOfScope(scope)) {
      if (found.publishedAs !== 'ACTIVE') continue;
      const written = await changeRow(
        ledger,
        { ...scope, findingId: found.finding.id },
        (row) => (row === undefined ? undefined : applyAbsence(row, at, 'out of scope')),
        { row: found },
      );
      if (written?.publish.state === 'pending') yield written;
    }
  }
}
