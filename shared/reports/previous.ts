import type { Finding } from '../domain/finding.ts';
import type { Change, ReportRow, Trend, TrendPoint } from './model.ts';

/** What the next report needs to know of a finding. */
export interface PreviousRow {
  readonly finding: Finding;
  readonly firstSeenAt: string;
  readonly observedAt: string;
  readonly failedBefore: boolean;
}

/** The report before, as far as the next one is compared with it. */
export interface PreviousReport {
  readonly runId: string;
  readonly startedAt: string;
  readonly ruleSetHash: string;
  readonly points: readonly TrendPoint[];
  /** By finding id. */
  readonly rows: ReadonlyMap<string, PreviousRow>;
}

/** Raised when a directory that should hold a report holds none that can be read. */
export class PreviousReportError extends Error {
  override readonly name = 'PreviousReportError';
}

/** The head of a report as far as it is read again. */
interface StoredHead {
  readonly runId: string;
  readonly startedAt: string;
  readonly tool: { readonly ruleSetHash: string };
  readonly trend?: Trend;
  readonly counts: { readonly FAILED: number; readonly waived: number };
}

type StoredRow = Finding & { readonly history: Omit<PreviousRow, 'finding'> };

/**
 * Reads `report.json` line by line: one key of the head a line, then one finding a line, as the JSON format
 * writes it.
 *
 * @throws PreviousReportError if it is none
 */
export async function readPrevious(lines: AsyncIterable<string>, name: string): Promise<PreviousReport> {
  const head: Record<string, unknown> = {};
  const rows = new Map<string, PreviousRow>();
  let inFindings = false;
  let whole = false;
  for await (const line of lines) {
    const text = line.trim().replace(/,$/, '');
    if (text === '{' || text === '') continue;
    if (text === '}') {
      whole = inFindings;
      continue;
    }
    if (text === ']') continue;
    if (text.startsWith('"findings":') && text.endsWith('[')) {
      inFindings = true;
      continue;
    }
    const value = parsed(inFindings ? text : `{${text}}`, name);
    if (!inFindings) Object.assign(head, value);
    else {
      const { history, ...finding } = value as unknown as StoredRow;
      rows.set(finding.id, { finding, ...history });
    }
  }
  const { runId, startedAt, tool, trend, counts } = head as Partial<StoredHead>;
  if (!whole || runId === undefined || startedAt === undefined || tool === undefined || counts === undefined) {
    throw new PreviousReportError(`${name} is no report of Hullcheck, or not a whole one.`);
  }
  const points = trend?.points ?? [{ at: startedAt, failed: counts.FAILED - counts.waived, stale: 0 }];
  return { runId, startedAt, ruleSetHash: tool.ruleSetHash, points, rows };
}

function parsed(text: string, name: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Whatever is wrong with a line, the sentence is the same: the file is not what it should be.
    throw new PreviousReportError(`${name} is no report of Hullcheck, or not a whole one.`);
  }
}

/** What became of a finding; undefined where it neither fails nor failed in the report before. */
export function changeOf(
  row: Pick<ReportRow, 'finding' | 'stale'>,
  before: PreviousRow | undefined,
): Change | undefined {
  const failedThen = before?.finding.status === 'FAILED';
  const { status } = row.finding;
  if (failedThen && (row.stale !== undefined || status === 'UNKNOWN')) return 'not rescanned';
  if (status === 'FAILED') return failedThen ? 'unchanged' : before?.failedBefore === true ? 'reopened' : 'new';
  return failedThen ? 'fixed' : undefined;
}
