import type { VerdictStatus } from '../../domain/verdict.ts';
import type { CheckResult, Report, ReportRow } from '../model.ts';
import { ROW_STATUSES } from '../model.ts';

/** What no check of this version has: findings of checks that are known no more. */
const UNKNOWN_CHECK_ROWS = 20;

/**
 * Picks the findings that a page shows: the worst status first, and each check with about as many as the others, so that
 * a check that fails everywhere does not push out those that fail once.
 *
 * @param room how many rows fit
 * @returns the rows by id of the check, each in the order of the report
 */
export async function shownRows(
  { head, rows }: Report,
  room: number,
): Promise<ReadonlyMap<string, readonly ReportRow[]>> {
  const shares = sharesOf(head.checks, room);
  const kept = new Map<string, ReportRow[]>();
  const shown = new Map<string, number>();
  for await (const row of rows()) {
    const { checkId, status } = row.finding;
    const key = `${status} ${checkId}`;
    const count = shown.get(key) ?? 0;
    if (count >= (shares.get(key) ?? UNKNOWN_CHECK_ROWS)) continue;
    shown.set(key, count + 1);
    const own = kept.get(checkId);
    if (own === undefined) kept.set(checkId, [row]);
    else own.push(row);
  }
  for (const own of kept.values()) own.sort((left, right) => rank(left) - rank(right));
  return kept;
}

function rank({ finding }: ReportRow): number {
  return ROW_STATUSES.indexOf(finding.status);
}

/** How many rows of each status and check there is room for. */
function sharesOf(checks: readonly CheckResult[], room: number): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  let left = room;
  for (const status of ROW_STATUSES) {
    for (const [id, share] of evenShares(countsOf(checks, status), left)) {
      shares.set(`${status} ${id}`, share);
      left -= share;
    }
  }
  return shares;
}

function countsOf(checks: readonly CheckResult[], status: VerdictStatus): readonly (readonly [string, number])[] {
  return checks.map(({ id, counts }) => [id, counts[status]]);
}

/** Divides the room evenly; what a small one does not need goes to the others. */
function* evenShares(
  counts: readonly (readonly [string, number])[],
  room: number,
): Generator<readonly [string, number]> {
  const rising = counts.toSorted(([, left], [, right]) => left - right);
  let left = room;
  for (const [index, [id, count]] of rising.entries()) {
    const share = Math.min(count, Math.floor(left / (rising.length - index)));
    left -= share;
    yield [id, share];
  }
}
