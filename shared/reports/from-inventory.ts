import { type CoverageEntry, isIncomplete } from '../domain/coverage.ts';
import type { Finding } from '../domain/finding.ts';
import type { ReportRow } from './model.ts';
import { changeOf, type PreviousReport, type PreviousRow } from './previous.ts';
import { type Closed, ClosedCount } from './tally.ts';

/** The rows of a report, and what became of those that are no more. */
export interface RowSource {
  readonly rows: Iterable<ReportRow> | AsyncIterable<ReportRow>;
  /** What was closed since the report before, by account; known when the rows have come to their end. */
  closed(): ReadonlyMap<string, Closed>;
}

export interface InventoryRows {
  readonly startedAt: string;
  readonly findings: Iterable<Finding>;
  readonly coverage: readonly CoverageEntry[];
  readonly previous?: PreviousReport<PreviousRow>;
  /** The service that reads what a check judges. */
  readonly serviceOf: (checkId: string) => string | undefined;
  readonly wasRun: (checkId: string) => boolean;
}

/**
 * The findings of one scan. Where it could not look again at what the report before knew, that is carried forward and
 * marked: a trend does not fall because an account was not read.
 */
export function rowsOfInventory(source: InventoryRows): RowSource {
  const closed = new ClosedCount();
  function* rows(): Generator<ReportRow> {
    const { startedAt, previous } = source;
    const seen = new Set<string>();
    for (const finding of source.findings) {
      if (previous !== undefined) seen.add(finding.id);
      yield rowOf(finding, previous?.rows.get(finding.id), startedAt, previous !== undefined);
    }
    if (previous === undefined) return;
    const isRead = readScopes(source);
    for (const [id, before] of previous.rows) {
      if (seen.has(id)) continue;
      if (isRead(before.finding)) {
        if (before.status === 'FAILED') closed.add(before.finding.resource.accountId, 'gone');
        continue;
      }
      yield carried(before, startedAt, 'this run did not read it');
    }
  }
  return { rows: rows(), closed: () => closed.byAccount };
}

function rowOf(finding: Finding, before: PreviousRow | undefined, startedAt: string, hasPrevious: boolean): ReportRow {
  const isUnread = finding.unknown?.kind === 'unreadable';
  if (before !== undefined && isUnread && before.finding.status !== 'UNKNOWN') {
    return carried(before, startedAt, finding.reason);
  }
  const row = {
    finding,
    firstSeenAt: before?.firstSeenAt ?? startedAt,
    observedAt: startedAt,
    failedBefore: finding.status === 'FAILED' || before?.failedBefore === true,
    // A failure that cannot be judged for a while is the same one afterwards.
    ...(finding.status === 'UNKNOWN' && before !== undefined ? { lastKnown: before.status } : {}),
  };
  const change = hasPrevious ? changeOf(row, before) : undefined;
  return change === undefined ? row : { ...row, change };
}

/** What was known before, with a waiver only as long as it holds. */
function carried(before: PreviousRow, at: string, stale: string): ReportRow {
  const { finding, firstSeenAt, observedAt, failedBefore } = before;
  const { waiver, ...bare } = finding;
  const shown = waiver !== undefined && waiver.expiresAt < at ? bare : finding;
  const row = { finding: shown, firstSeenAt, observedAt, failedBefore, stale };
  const change = changeOf(row, before);
  return change === undefined ? row : { ...row, change };
}

/** Whether the run read all of where a finding was: only then is one that it did not see gone. */
function readScopes({ coverage, serviceOf, wasRun }: InventoryRows): (finding: Finding) => boolean {
  const scanned = new Set(
    coverage.filter((one) => one.status === 'scanned').map((one) => `${one.accountId} ${one.region} ${one.service}`),
  );
  const partly = new Set(coverage.filter(isIncomplete).map((one) => `${one.accountId} ${one.region} ${one.service}`));
  return ({ checkId, resource }) => {
    const key = `${resource.accountId} ${resource.region} ${serviceOf(checkId) ?? ''}`;
    return wasRun(checkId) && scanned.has(key) && !partly.has(key);
  };
}
