import { stringify } from 'csv-stringify/sync';
import { daysBetween } from '../domain/waiver.ts';
import { cutEnd, cutMiddle } from '../sinks/plain-text.ts';
import type { CheckResult, Report, ReportRow } from './model.ts';
import { visibleEvidence, visibleLine } from './visible-text.ts';

const ROWS_AT_ONCE = 500;
/** A cell of Excel holds 32,767 characters; the apostrophe that disarms a formula is one of them. */
const MAX_CELL = 32_000;
/**
 * What a spreadsheet would take for the beginning of a formula, also in the small and the full forms of East Asian text.
 * What begins with apostrophes of its own gets one more, so that different texts stay different.
 */
const FORMULA = /^'*[=+\-@\ufe62\ufe63\ufe66\ufe6b\uff1d\uff0b\uff0d\uff20]/;

// biome-ignore format: one line a group
/** The columns of `findings.csv`. */
const FINDING_COLUMNS = [
  'status', 'severity', 'severityReason', 'checkId', 'title', 'accountId', 'accountName', 'organizationalUnit', 'region',
  'type', 'uid', 'name', 'cluster', 'namespace', 'inUse', 'usedBy', 'reason', 'evidence', 'observed', 'expected',
  'apiCalls', 'observedAt', 'firstSeen', 'ageDays', 'change', 'stale', 'waiverId', 'owner', 'waiverExpiresAt',
  'remediation', 'remediationUrl', 'findingId', 'runId', 'toolVersion', 'ruleSetHash',
] as const;

// biome-ignore format: one line a group
/** The columns of `findings-controls.csv`. */
const CONTROL_COLUMNS = [
  'framework', 'version', 'controlId', 'controlTitle', 'mapping', 'controlStatus', 'status', 'severity', 'checkId',
  'accountId', 'region', 'uid', 'waiverId', 'stale', 'findingId', 'runId',
] as const;

/**
 * Every finding, one a row, after RFC 4180. What a spreadsheet would take for a formula gets an apostrophe in front.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export async function* findingsCsv(report: Report): AsyncGenerator<string> {
  const { head } = report;
  const checks = new Map(head.checks.map((check) => [check.id, check]));
  const accounts = new Map(head.accounts.map((account) => [account.accountId, account]));
  yield* csv(FINDING_COLUMNS, report, (row) => {
    const { accountId } = row.finding.resource;
    const account = accounts.get(accountId);
    return [
      {
        ...findingCells(row, checks.get(row.finding.checkId)),
        accountName: account?.name ?? '',
        organizationalUnit: account?.units.join(' / ') ?? '',
        ageDays: String(daysBetween(row.firstSeenAt, head.startedAt)),
        runId: head.runId,
        toolVersion: head.tool.version,
        ruleSetHash: head.tool.ruleSetHash,
      },
    ];
  });
}

/** One row for each finding and each requirement that its check has to do with (AU-4). */
export async function* controlsCsv(report: Report): AsyncGenerator<string> {
  const { head } = report;
  const checks = new Map(head.checks.map((check) => [check.id, check]));
  const controls = new Map(
    head.frameworks.flatMap((framework) =>
      framework.requirements.map((one) => [`${framework.id} ${one.id}`, { framework, one }] as const),
    ),
  );
  yield* csv(CONTROL_COLUMNS, report, ({ finding, stale }) =>
    (checks.get(finding.checkId)?.mappings ?? []).flatMap(({ framework: id, requirement, kind }) => {
      const control = controls.get(`${id} ${requirement}`);
      if (control === undefined) return [];
      return [
        {
          framework: control.framework.name,
          version: control.framework.version,
          controlId: control.one.id,
          controlTitle: control.one.title,
          mapping: kind,
          controlStatus: control.one.status,
          status: finding.status,
          severity: finding.severity,
          checkId: finding.checkId,
          accountId: finding.resource.accountId,
          region: finding.resource.region,
          uid: finding.resource.uid,
          waiverId: finding.waiver?.id ?? '',
          stale: stale ?? '',
          findingId: finding.id,
          runId: head.runId,
        },
      ];
    }),
  );
}

function findingCells({ finding, ...row }: ReportRow, check: CheckResult | undefined): Record<string, string> {
  const { resource, waiver, evidence } = finding;
  return {
    status: finding.status,
    severity: finding.severity,
    severityReason: finding.severityReason ?? '',
    checkId: finding.checkId,
    title: check?.title ?? '',
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
    evidence: evidence.map(visibleEvidence).join('; '),
    observed: evidence.map(({ observed }) => JSON.stringify(observed)).join('; '),
    expected: evidence.map(({ expected }) => JSON.stringify(expected)).join('; '),
    apiCalls: check?.apiCalls.join(' ') ?? '',
    observedAt: row.observedAt,
    firstSeen: row.firstSeenAt,
    change: row.change ?? '',
    stale: row.stale ?? '',
    waiverId: waiver?.id ?? '',
    owner: waiver?.owner ?? '',
    waiverExpiresAt: waiver?.expiresAt ?? '',
    remediation: check?.remediation.text ?? '',
    remediationUrl: check?.remediation.url ?? '',
    findingId: finding.id,
  };
}

async function* csv<C extends string>(
  columns: readonly C[],
  { rows }: Report,
  cellsOf: (row: ReportRow) => readonly Partial<Record<C, string>>[],
): AsyncGenerator<string> {
  let lines: string[][] = [[...columns]];
  for await (const row of rows()) {
    for (const cells of cellsOf(row)) lines.push(columns.map((column) => cell(cells[column] ?? '')));
    if (lines.length < ROWS_AT_ONCE) continue;
    yield stringify(lines, { record_delimiter: '\r\n' });
    lines = [];
  }
  if (lines.length > 0) yield stringify(lines, { record_delimiter: '\r\n' });
}

/** What begins like a formula once all that hides it is gone gets an apostrophe. */
function cell(value: string): string {
  const text = cutEnd(visibleLine(cutMiddle(value, MAX_CELL * 2)), MAX_CELL);
  return FORMULA.test(text) ? `'${text}` : text;
}
