import pMap from 'p-map';
import type { Ledger, LedgerRow, LedgerScope } from '../domain/ledger.ts';
import type { ClosedBecause } from '../domain/ports.ts';
import type { ClosingScope } from '../engine/closing-scope.ts';
import { COVERAGE_CHECK_ID, coverageRestored } from '../engine/coverage-findings.ts';
import { applyAbsence, applyLook, type DiffOptions, type Look } from '../engine/transitions.ts';
import { changeRow } from './change-row.ts';
import { interleave } from './interleave.ts';
import { SCOPES_AT_ONCE } from './open-failures.ts';

const LOOKS_AT_ONCE = 100;
const WRITES_AT_ONCE = 16;

/**
 * Step (1) of telling a change: writes what was seen into the ledger, where it is newer than what is there.
 *
 * @param seen gets the id of every finding that was looked at, whatever its verdict
 * @returns the rows with a transition that follows from these looks, as they were written
 */
export async function* recordLooks(
  ledger: Ledger,
  looks: Iterable<Look>,
  seen: Set<string>,
  options: DiffOptions,
): AsyncGenerator<LedgerRow> {
  for (const some of chunked(looks, LOOKS_AT_ONCE)) {
    for (const { finding } of some) seen.add(finding.id);
    const rows = await ledger.readRows(some.map(({ scope, finding }) => ({ ...scope, findingId: finding.id })));
    const written = await pMap(
      some,
      (look) =>
        changeRow(ledger, { ...look.scope, findingId: look.finding.id }, (row) => applyLook(look, row, options), {
          row: rows.get(look.finding.id),
        }),
      { concurrency: WRITES_AT_ONCE },
    );
    yield* written.flatMap((row, index) => newlyPending(row, some[index]?.observedAt));
  }
}

/**
 * Closes what was not seen although everything around it was read: rows of resources that are gone, and coverage
 * findings of scopes that are readable again.
 *
 * @param observedAt when the run began to look: what a newer look has written is left alone
 * @param options with why it is closed, where that is not because the resource is gone
 */
export async function* closeUnseen(
  ledger: Ledger,
  closing: ClosingScope,
  seen: ReadonlySet<string>,
  observedAt: string,
  options: DiffOptions & { readonly closedBecause?: ClosedBecause },
): AsyncGenerator<LedgerRow> {
  yield* interleave(closing.scopes, (scope) => closeIn(scope), SCOPES_AT_ONCE);

  async function* closeIn(scope: LedgerScope): AsyncGenerator<LedgerRow> {
    for await (const found of ledger.rowsOfScope(scope)) {
      if (seen.has(found.finding.id) || !closing.covers(found)) continue;
      const written = await changeRow(
        ledger,
        { ...scope, findingId: found.finding.id },
        (row) => {
          if (row === undefined) return undefined;
          return row.finding.checkId === COVERAGE_CHECK_ID
            ? applyLook({ scope, finding: coverageRestored(row.finding), observedAt }, row, options)
            : applyAbsence(row, observedAt, options.closedBecause);
        },
        { row: found },
      );
      yield* newlyPending(written, observedAt);
    }
  }
}

function newlyPending(row: LedgerRow | undefined, observedAt: string | undefined): LedgerRow[] {
  return row?.publish.state === 'pending' && row.publish.since === observedAt ? [row] : [];
}

function* chunked<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
