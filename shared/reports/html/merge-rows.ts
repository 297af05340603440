/**
 * Makes one row of all rows that say the same in every cell but one; that cell names what each of them had there. An
 * account that could not be read is one row, and not one for each of its services and regions.
 *
 * @param at the index of the cell that may differ
 * @returns the rows in the order of their first ones
 */
export function mergeRows(rows: readonly (readonly string[])[], at: number): string[][] {
  const merged = new Map<string, { readonly row: readonly string[]; readonly values: Set<string> }>();
  for (const row of rows) {
    const value = row[at] ?? '';
    const key = JSON.stringify(row.with(at, ''));
    const own = merged.get(key);
    if (own === undefined) merged.set(key, { row, values: new Set([value]) });
    else own.values.add(value);
  }
  return [...merged.values()].map(({ row, values }) => row.with(at, [...values].join(', ')));
}
