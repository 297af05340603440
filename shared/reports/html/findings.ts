import type { Evidence, VerdictStatus } from '../../domain/verdict.ts';
import { cutMiddle, plainLine } from '../../sinks/plain-text.ts';
import type { CheckResult, Report, ReportHead, ReportRow } from '../model.ts';
import { ROW_STATUSES } from '../model.ts';
import { type Html, html, moment, number } from './html.ts';
import { type Column, severityMark, statusMark, TABLE_END, table, tableHead } from './parts.ts';

/** A page that a browser opens at once has no more rows; the other formats have all of them. */
const MAX_ROWS = 3_000;
const MAX_EVIDENCE = 6;
const MAX_VALUE = 160;

const COLUMNS: readonly Column[] = [
  { head: 'Resource', width: 34 },
  { head: 'Result', width: 12 },
  { head: 'Observed and expected', width: 36 },
  { head: 'Seen', width: 18 },
];

/** Section 5: failures in what runs, the most urgent first. */
export function worstSection({ worst, counts, checks }: ReportHead): Html {
  const titles = new Map(checks.map(({ id, title }) => [id, title]));
  const failed = counts.FAILED - counts.waived;
  return html`<section id="worst"><h2>5. What runs now and is worst</h2>
${
  worst.length === 0
    ? html`<p>Nothing that runs fails.</p>`
    : table(
        `The ${worst.length} most urgent of ${number(failed)} failures; what is known not to be in use is left out`,
        [
          { head: 'Practice', width: 40 },
          { head: 'Severity' },
          { head: 'Resource', width: 32 },
          { head: 'Account and region' },
        ],
        worst.map(({ finding: { checkId, severity, resource, reason, inUse } }) => [
          html`<a href="#${checkId}">${titles.get(checkId) ?? checkId}</a><span class="uid">${reason}</span>`,
          severityMark(severity),
          html`${resource.name}<span class="uid">${resource.type}${inUse === 'yes' ? ', in use' : ', use unknown'}</span>`,
          html`${resource.accountId}<span class="uid">${resource.region}</span>`,
        ]),
        'wide',
      )
}
</section>
`;
}

/** Section 8: every finding by check, as many as a page can hold, the worst status first. */
export async function* findingsSection({ head, rows }: Report): AsyncGenerator<string> {
  const kept = new Map<VerdictStatus, ReportRow[]>(ROW_STATUSES.map((status) => [status, []]));
  for await (const row of rows()) {
    const own = kept.get(row.finding.status);
    if (own !== undefined && own.length < MAX_ROWS) own.push(row);
  }
  const shown = ROW_STATUSES.flatMap((status) => kept.get(status) ?? []).slice(0, MAX_ROWS);
  const byCheck = new Map<string, ReportRow[]>();
  for (const row of shown) {
    const own = byCheck.get(row.finding.checkId);
    if (own === undefined) byCheck.set(row.finding.checkId, [row]);
    else own.push(row);
  }
  const rest = head.findings - shown.length;
  yield html`<section id="findings"><h2>8. Findings</h2>
<p>By check, with what was observed and what was expected. Times are in UTC. ${
    rest > 0
      ? html`This page lists ${number(shown.length)} of ${number(head.findings)} findings, failures first; <code>findings.csv</code> and <code>report.json</code> list every one.`
      : html`All ${number(shown.length)} findings are listed.`
  }</p>
`.toString();
  const checks = new Map(head.checks.map((check) => [check.id, check]));
  for (const [id, own] of [...byCheck].sort(([left], [right]) => (left < right ? -1 : 1))) {
    yield checkHead(id, checks.get(id)).toString();
    const open = own.filter(({ finding: { status } }) => status === 'FAILED' || status === 'UNKNOWN');
    if (open.length > 0) yield* rowsTable(`${id}: failed and unknown (${number(open.length)})`, open);
    const others = own.filter((row) => !open.includes(row));
    if (others.length > 0) {
      const what = `${number(others.length)} passed or not applicable`;
      yield html`<details class="passed"><summary>${what} <span class="small">(not printed; findings.csv has them)</span></summary>`.toString();
      yield* rowsTable(`${id}: passed and not applicable`, others);
      yield '</details>\n';
    }
    yield '</div>\n';
  }
  yield '</section>\n';
}

function* rowsTable(caption: string, rows: readonly ReportRow[]): Generator<string> {
  yield tableHead(caption, COLUMNS, 'wide').toString();
  for (const row of rows) yield rowOf(row).toString();
  yield TABLE_END.toString();
}

function checkHead(id: string, check: CheckResult | undefined): Html {
  if (check === undefined) {
    return html`<div class="check" id="${id}"><h3>${id}</h3><p>This version does not know the check any more.</p>`;
  }
  const same = check.mappings.filter(({ kind }) => kind === 'same');
  const related = check.mappings.filter(({ kind }) => kind === 'related');
  const named = (mappings: CheckResult['mappings']) =>
    mappings.map(
      ({ framework, requirement }, index) => html`${index === 0 ? '' : html`, `}${framework} ${requirement}`,
    );
  return html`<div class="check" id="${id}"><h3>${check.title}</h3>
<dl class="facts"><div><dt>Check</dt><dd><code>${id}</code> ${severityMark(check.severity)}</dd></div>
<div><dt>Why</dt><dd>${check.rationale}</dd></div>
<div><dt>Fix</dt><dd>${check.remediation.text} <a href="${check.remediation.url}">Documentation of ${id}</a></dd></div>
<div><dt>Read with</dt><dd>${check.service === undefined ? 'files' : html`<a href="#calls">the calls of ${check.service}</a>`}</dd></div>
${same.length === 0 ? '' : html`<div><dt>Judges</dt><dd>${named(same)}</dd></div>`}
${related.length === 0 ? '' : html`<div><dt>Related to</dt><dd>${named(related)}</dd></div>`}
${check.limits === undefined ? '' : html`<div><dt>Does not see</dt><dd>${check.limits}</dd></div>`}
</dl>
`;
}

function rowOf({ finding, firstSeenAt, observedAt, stale, change }: ReportRow): Html {
  const { resource, waiver, status, severity, severityReason, reason } = finding;
  const shown = status === 'FAILED' && waiver !== undefined ? 'WAIVED' : status;
  const place = [resource.accountId, resource.region, resource.cluster, resource.namespace].filter(Boolean).join(' · ');
  return html`<tr data-status="${shown}"><th scope="row">${resource.name}<span class="uid">${place}</span>${resource.uid === resource.name ? '' : html`<span class="uid">${resource.uid}</span>`}</th>
<td>${statusMark(shown)}${status === 'FAILED' ? html`<br>${severityMark(severity)}` : ''}${severityReason === undefined ? '' : html`<span class="uid">${severityReason}</span>`}</td>
<td>${reason}${evidenceList(finding.evidence)}${waiver === undefined ? '' : html`<span class="uid">Accepted by waiver ${waiver.id} of ${waiver.owner} until ${waiver.expiresAt.slice(0, 10)}: ${waiver.reason}</span>`}</td>
<td class="small">${moment(observedAt)}<br>first ${firstSeenAt.slice(0, 10)}${change === undefined ? '' : html`<br>${change}`}${stale === undefined ? '' : html`<br><b>Not looked at again:</b> ${stale}`}</td></tr>
`;
}

function evidenceList(evidence: readonly Evidence[]): Html | string {
  if (evidence.length === 0) return '';
  const more = evidence.length - MAX_EVIDENCE;
  return html`<ul class="evidence">${evidence
    .slice(0, MAX_EVIDENCE)
    .map(
      ({ path, observed, expected }) =>
        html`<li><code>${path}</code>: ${valueText(observed)}; expected ${valueText(expected)}</li>`,
    )}${more > 0 ? html`<li>and ${more} more in report.json</li>` : ''}</ul>`;
}

function valueText(value: Evidence['observed']): string {
  if (value === null) return 'not set';
  const text = plainLine(typeof value === 'string' ? value : JSON.stringify(value));
  return cutMiddle(text === '' ? '(empty)' : text, MAX_VALUE);
}
