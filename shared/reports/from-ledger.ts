import pMap, { pMapSkip } from 'p-map';
import type { CoverageEntry, CoverageGap } from '../domain/coverage.ts';
import type { Finding, WaiverReference } from '../domain/finding.ts';
import type { FinishedRun, Ledger, LedgerRow, ScopeRecord } from '../domain/ledger.ts';
import { compareCodeUnits } from '../domain/order.ts';
import { COVERAGE_CHECK_ID } from '../engine/coverage-findings.ts';
import { isEvidenceCut } from '../engine/transitions.ts';
import { SCOPES_AT_ONCE } from '../use-cases/open-failures.ts';
import { readRun } from '../use-cases/run-progress.ts';
import { summariesOf, type UnitSummaryFact } from '../use-cases/unit-summary.ts';
import type { RowSource } from './from-inventory.ts';
import type { ReportRow, Unjudged } from './model.ts';
import { changeOf, type PreviousReport } from './previous.ts';
import { ClosedCount } from './tally.ts';

/** What a ledger says of its last run. */
export interface LedgerLook {
  readonly run: FinishedRun;
  readonly coverage: readonly CoverageEntry[];
  readonly notLookedAt: readonly ScopeRecord[];
  readonly scopes: readonly ScopeRecord[];
  readonly unjudged: readonly Unjudged[];
}

/** Raised when a ledger has nothing to report. */
export class EmptyLedgerError extends Error {
  override readonly name = 'EmptyLedgerError';
}

/**
 * Reads what a ledger knows of its last run and what that covered.
 *
 * @throws EmptyLedgerError where no run has finished, what the ledger throws
 */
export async function lookAtLedger(ledger: Ledger): Promise<LedgerLook> {
  const run = await ledger.lastFinishedRun();
  if (run === undefined) throw new EmptyLedgerError('The ledger knows of no finished run: scan first.');
  const scopes: ScopeRecord[] = [];
  for await (const scope of ledger.scopes()) scopes.push(scope);
  // The rows of an account follow each other: slices read only their own.
  scopes.sort((left, right) => compareCodeUnits(keyOf(left), keyOf(right)));
  const covered = new Set(run.scopes.map((scope) => scope.split(' ').slice(0, 3).join(' ')));
  const accounts = [...new Set([...run.scopes.map((scope) => scope.split(' ')[0] ?? ''), ...accountsOf(scopes)])];
  const summaries = await summariesOf(ledger, accounts, run.startedAt);
  const told = summaries.flatMap((summary) => summary.coverage);
  const coverage = told.length > 0 ? told : await coverageOfRows(ledger, run, scopes);
  const known = new Set(coverage.map(keyOf));
  const unseen = scopes.filter((scope) => !covered.has(keyOf(scope)) && !known.has(keyOf(scope)));
  const missing = (run.notCovered ?? []).flatMap(({ accountId, regions, status, reason }) =>
    regions
      .map((region): CoverageEntry => ({ accountId, region, service: 'account', status, reason, gaps: [] }))
      .filter(({ region }) => !coverage.some((entry) => entry.accountId === accountId && entry.region === region)),
  );
  return {
    run,
    coverage: [...coverage, ...missing, ...(await lostUnits(ledger, run, missing))],
    notLookedAt: await stillOpen(ledger, unseen),
    scopes,
    unjudged: unjudgedIn(summaries),
  };
}

/** Where all rows are closed, the scope has been left on purpose: nothing of it was to be looked at. */
function stillOpen(ledger: Ledger, scopes: readonly ScopeRecord[]): Promise<readonly ScopeRecord[]> {
  const isAnyOpen = async (scope: ScopeRecord) => {
    for await (const { status } of ledger.rowsOfScope(scope)) if (status !== 'GONE') return true;
    return false;
  };
  return pMap(scopes, async (scope) => ((await isAnyOpen(scope)) ? scope : pMapSkip), { concurrency: SCOPES_AT_ONCE });
}

function unjudgedIn(summaries: readonly UnitSummaryFact[]): readonly Unjudged[] {
  const counts = new Map<string, number>();
  for (const { accountId, unknownByCheck = {} } of summaries) {
    for (const [checkId, count] of Object.entries(unknownByCheck)) {
      const key = `${accountId} ${checkId}`;
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  }
  return [...counts]
    .sort(([left], [right]) => compareCodeUnits(left, right))
    .map(([key, count]) => {
      const [accountId = '', checkId = ''] = key.split(' ');
      return { accountId, checkId, count };
    });
}

/** Units that never came to their end: what of their region was not read, nobody can say. */
async function lostUnits(
  ledger: Ledger,
  run: FinishedRun,
  missing: readonly CoverageEntry[],
): Promise<readonly CoverageEntry[]> {
  if (run.complete) return [];
  const told = new Set(missing.map(({ accountId, region }) => `${accountId} ${region}`));
  const lost = new Map<string, CoverageEntry>();
  for (const { accountId, region } of (await readRun(ledger, run.runId, [])).missing) {
    const place = `${accountId} ${region}`;
    if (told.has(place)) continue;
    const reason = 'the scan of it did not come to its end';
    lost.set(place, { accountId, region, service: 'account', status: 'failed', reason, gaps: [] });
  }
  return [...lost.values()];
}

/** A local ledger keeps no summaries: what was covered stands in the run, what could not be read in its own findings. */
async function coverageOfRows(
  ledger: Ledger,
  { scopes: covered }: FinishedRun,
  scopes: readonly ScopeRecord[],
): Promise<readonly CoverageEntry[]> {
  const entries = new Map<string, CoverageEntry>();
  for (const scope of covered) {
    const [accountId = '', region = '', service = '', cluster] = scope.split(' ');
    const place = { accountId, region, service, ...(cluster === undefined ? {} : { cluster }) };
    entries.set(scope, { ...place, status: 'scanned', gaps: [] });
  }
  for (const scope of scopes) {
    for await (const row of ledger.rowsOfScope(scope)) {
      const { finding } = row;
      if (finding.checkId !== COVERAGE_CHECK_ID || finding.status !== 'UNKNOWN' || row.status === 'GONE') continue;
      const { accountId, region, cluster } = finding.resource;
      const place = { accountId, region, service: scope.service, ...(cluster === undefined ? {} : { cluster }) };
      const name = [accountId, region, scope.service, ...(cluster === undefined ? [] : [cluster])].join(' ');
      entries.set(name, { ...place, status: 'partial', reason: finding.reason, gaps: gapsOf(finding, place) });
    }
  }
  return [...entries.values()];
}

function gapsOf(finding: Finding, place: Pick<CoverageGap, 'accountId' | 'region' | 'service'>): CoverageGap[] {
  const gaps = isEvidenceCut(finding.evidence) ? finding.evidence.slice(0, -1) : finding.evidence;
  return gaps.map(({ path, observed }) => ({
    ...place,
    operation: path,
    cause: String(observed) as CoverageGap['cause'],
    reason: finding.reason,
    count: 1,
  }));
}

/** What rows are compared with. */
export interface RowContext {
  readonly previous?: PreviousReport;
  /** Whether a waiver still stands: rows keep the one they were last told with. */
  readonly isValid: (waiver: WaiverReference) => boolean;
}

/**
 * The rows of all scopes of a ledger. One that was not seen since the run began was not looked at by it, for whatever
 * reason, and is marked: its account, region or cluster could not be read, or its verdict could not be found.
 */
export function rowsOfLedger(ledger: Ledger, { run, scopes }: LedgerLook, context: RowContext): RowSource {
  const { previous } = context;
  const closed = new ClosedCount();
  async function* rows(): AsyncGenerator<ReportRow> {
    for (const scope of scopes) {
      for await (const row of ledger.rowsOfScope(scope)) {
        if (row.finding.checkId === COVERAGE_CHECK_ID) continue;
        if (row.status === 'GONE') {
          // Nobody says that a resource is gone whose account or check was only left out.
          const how = row.closedBecause === undefined ? 'gone' : 'left';
          if (previous?.rows.get(row.finding.id)?.status === 'FAILED') closed.add(scope.accountId, how);
          continue;
        }
        yield rowOf(row, run.startedAt, context);
      }
    }
  }
  return { rows: rows(), closed: () => closed.byAccount };
}

function rowOf(row: LedgerRow, since: string, { previous, isValid }: RowContext): ReportRow {
  const { finding: kept, firstSeenAt, observedAt, firstFailedAt } = row;
  const { waiver, ...bare } = kept;
  const finding = waiver === undefined || isValid(waiver) ? kept : bare;
  const stale = observedAt < since ? `not looked at since ${observedAt}` : undefined;
  const shown = { finding, firstSeenAt, observedAt, ...(stale === undefined ? {} : { stale }) };
  const before = previous?.rows.get(finding.id);
  const change = previous === undefined ? undefined : changeOf(shown, before);
  const failedBefore = finding.status === 'FAILED' || firstFailedAt !== undefined;
  return { ...shown, failedBefore, ...(change === undefined ? {} : { change }) };
}

function keyOf({ accountId, region, service }: Pick<CoverageEntry, 'accountId' | 'region' | 'service'>): string {
  return [accountId, region, service].join(' ');
}

function accountsOf(scopes: readonly ScopeRecord[]): readonly string[] {
  return scopes.map(({ accountId }) => accountId);
}
