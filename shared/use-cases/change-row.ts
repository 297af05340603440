import type { Ledger, LedgerRow, NewRow, RowKey } from '../domain/ledger.ts';

/**
 * Changes one row, again and again until nobody else has changed it in between.
 *
 * @param change what to write for what is there now; undefined = nothing
 * @param known what the caller read just now, to save a read
 * @returns the row as written, or undefined when there was nothing to write
 */
export async function changeRow(
  ledger: Ledger,
  key: RowKey,
  change: (row: LedgerRow | undefined) => NewRow | undefined,
  known?: { readonly row: LedgerRow | undefined },
): Promise<LedgerRow | undefined> {
  let row = known === undefined ? await ledger.readRow(key) : known.row;
  for (;;) {
    const next = change(row);
    if (next === undefined) return undefined;
    const written = await ledger.putRow(next, row);
    if (written !== undefined) return written;
    row = await ledger.readRow(key);
  }
}
