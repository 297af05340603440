import { stringify } from 'csv-stringify/sync';
import type { Finding } from '../../domain/finding.ts';
import type { CheckLookup } from '../check-lookup.ts';
import { evidenceLine } from '../evidence-text.ts';
import { plainLine } from '../plain-text.ts';

export interface CsvOptions {
  readonly checkOf: CheckLookup;
  /** Begins the file with a byte order mark, by which Excel recognises UTF-8. */
  readonly byteOrderMark?: boolean;
}

export const CSV_COLUMNS = [
  'checkId',
  'title',
  'status',
  'severity',
  'severityReason',
  'accountId',
  'region',
  'type',
  'uid',
  'name',
  'cluster',
  'namespace',
  'inUse',
  'usedBy',
  'reason',
  'evidence',
  'waiverId',
  'waiverExpiresAt',
  'remediation',
  'remediationUrl',
  'findingId',
  'file',
  'document',
  'line',
] as const;

const ROWS_AT_ONCE = 200;

/**
 * Findings as CSV after RFC 4180: CRLF, doubled quotes, one header row. A cell that a spreadsheet would take for a
 * formula (it begins with `= + - @`, tab or carriage return) gets an apostrophe in front.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function* csvResult(findings: Iterable<Finding>, options: CsvOptions): Generator<string> {
  if (options.byteOrderMark === true) yield '\ufeff';
  let rows: string[][] = [[...CSV_COLUMNS]];
  for (const finding of findings) {
    rows.push(rowOf(finding, options.checkOf));
    if (rows.length < ROWS_AT_ONCE) continue;
    yield csvText(rows);
    rows = [];
  }
  if (rows.length > 0) yield csvText(rows);
}

function csvText(rows: readonly string[][]): string {
  return stringify([...rows], { record_delimiter: '\r\n', escape_formulas: true });
}

function rowOf(finding: Finding, checkOf: CheckLookup): string[] {
  const { resource, waiver, source } = finding;
  const check = checkOf(finding.checkId);
  const row: Record<(typeof CSV_COLUMNS)[number], string> = {
    checkId: finding.checkId,
    title: check?.title ?? '',
    status: finding.status,
    severity: finding.severity,
    severityReason: finding.severityReason ?? '',
    accountId: resource.accountId,
    region: resource.region,
    type: resource.type,
    uid: resource.uid,
    name: resource.name,
    cluster: resource.cluster ?? '',
    namespace: resource.namespace ?? '',
    inUse: finding.inUse,
    usedBy: (finding.usedBy ?? []).join('; '),
    reason: finding.reason,
    evidence: finding.evidence.map((item) => evidenceLine(item)).join('; '),
    waiverId: waiver?.id ?? '',
    waiverExpiresAt: waiver?.expiresAt ?? '',
    remediation: check?.remediation.text ?? '',
    remediationUrl: check?.remediation.url ?? '',
    findingId: finding.id,
    file: source?.file ?? '',
    document: String(source?.document ?? ''),
    line: String(source?.line ?? ''),
  };
  return CSV_COLUMNS.map((column) => plainLine(row[column]));
}
