import type { Evidence } from '../../domain/verdict.ts';
import { cutMiddle } from '../../sinks/plain-text.ts';
import type { CheckResult, Report, ReportHead, ReportRow } from '../model.ts';
import { visibleLine } from '../visible-text.ts';
import { type Html, html, moment, number } from './html.ts';
import { type Column, severityMark, statusMark, TABLE_END, table, tableHead } from './parts.ts';
import { shownRows } from './shown-rows.ts';

/** A page that a browser opens at once has no more rows; the other formats have all of them. */
const MAX_ROWS = 3_000;
/** Of one check: who holds paper in hand reads no more of the same. */
const MAX_PAPER_ROWS = 20;
const MAX_EVIDENCE = 6;
/** More calls than these are folded up. */
const MAX_CALLS = 4;
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
export async function* findingsSection(report: Report): AsyncGenerator<string> {
  const { head } = report;
  const byCheck = await shownRows(report, MAX_ROWS);
  const shown = [...byCheck.values()].flat();
  const rest = head.findings - shown.length;
  yield html`<section id="findings"><h2>8. Findings</h2>
<p class="screen">By check, with what was observed and what was expected. Times are in UTC. ${
    rest > 0
      ? html`This page lists ${number(shown.length)} of ${number(head.findings)} findings, failures first and of each check about as many; <code>findings.csv</code> and <code>report.json</code> list every one.`
      : html`All ${number(shown.length)} findings are listed.`
  }</p>
${paperNote(head, byCheck)}
`.toString();
  const checks = new Map(head.checks.map((check) => [check.id, check]));
  for (const [id, own] of [...byCheck].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const open = own.filter(isOpen);
    const check = checks.get(id);
    const all = check === undefined ? open.length : check.counts.FAILED + check.counts.UNKNOWN;
    yield checkHead(id, check, open.length === 0).toString();
    if (open.length > 0) {
      const count = open.length < all ? `${number(open.length)} of ${number(all)}` : number(all);
      yield* rowsTable(`${id}: failed and unknown (${count})`, open, head, all);
    }
    const others = own.filter((row) => !open.includes(row));
    if (others.length > 0) {
      const what = `${number(others.length)} passed or not applicable`;
      yield html`<details class="passed screen"><summary>${what}</summary>`.toString();
      yield* rowsTable(`${id}: passed and not applicable`, others, head);
      yield '</details>\n';
    }
    yield '</div>\n';
  }
  yield '</section>\n';
}

function isOpen({ finding: { status } }: ReportRow): boolean {
  return status === 'FAILED' || status === 'UNKNOWN';
}

/** What the printed list leaves out: paper is handed on without the files beside it. */
function paperNote({ findings, counts }: ReportHead, byCheck: ReadonlyMap<string, readonly ReportRow[]>): Html {
  const open = counts.FAILED + counts.UNKNOWN;
  const listed = [...byCheck.values()].reduce(
    (sum, rows) => sum + Math.min(rows.filter(isOpen).length, MAX_PAPER_ROWS),
    0,
  );
  return html`<p class="paper">${
    listed < open
      ? html`${number(listed)} of ${number(open)} failed and unknown findings, at most ${MAX_PAPER_ROWS} of each check`
      : html`All ${number(open)} failed and unknown findings`
  }, by check, each with its first piece of evidence. Paper leaves out ${number(findings - open)} findings that passed or are not applicable, further evidence, ARNs, and why each check matters and what it cannot see: these stand in <code>findings.csv</code>, <code>report.json</code> and in this page on a screen.</p>`;
}

/** @param all how many open findings the check has: paper says how many of them it leaves out */
function* rowsTable(
  caption: string,
  rows: readonly ReportRow[],
  { startedAt }: ReportHead,
  all = 0,
): Generator<string> {
  yield tableHead(caption, COLUMNS, 'wide').toString();
  for (const [index, row] of rows.entries()) yield rowOf(row, startedAt, index >= MAX_PAPER_ROWS).toString();
  const left = all - Math.min(rows.length, MAX_PAPER_ROWS);
  if (left > 0) {
    yield html`<tr class="paper"><th scope="row" colspan="4">and ${number(left)} more failed or unknown, in findings.csv</th></tr>
`.toString();
  }
  yield TABLE_END.toString();
}

function checkHead(id: string, check: CheckResult | undefined, isQuiet: boolean): Html {
  const className = isQuiet ? 'check screen' : 'check';
  if (check === undefined) {
    return html`<div class="${className}" id="${id}"><h3>${id}</h3><p>This version does not know the check any more.</p>`;
  }
  const same = check.mappings.filter(({ kind }) => kind === 'same');
  const related = check.mappings.filter(({ kind }) => kind === 'related');
  const named = (mappings: CheckResult['mappings']) =>
    mappings.map(
      ({ framework, requirement }, index) => html`${index === 0 ? '' : html`, `}${framework} ${requirement}`,
    );
  return html`<div class="${className}" id="${id}"><h3>${check.title} <span class="paper small">${id}</span></h3>
<dl class="facts"><div class="screen"><dt>Check</dt><dd><code>${id}</code> ${severityMark(check.severity)}</dd></div>
<div class="screen"><dt>Why</dt><dd>${check.rationale}</dd></div>
<div><dt>Fix</dt><dd>${check.remediation.text} <a class="screen" href="${check.remediation.url}">Documentation of ${id}</a></dd></div>
<div class="screen"><dt>Read with</dt><dd>${callsOf(check)}</dd></div>
${same.length === 0 ? '' : html`<div class="screen"><dt>Judges</dt><dd>${named(same)}</dd></div>`}
${related.length === 0 ? '' : html`<div class="screen"><dt>Related to</dt><dd>${named(related)}</dd></div>`}
${check.limits === undefined ? '' : html`<div class="screen"><dt>Does not see</dt><dd>${check.limits}</dd></div>`}
</dl>
`;
}

function callsOf({ apiCalls }: CheckResult): Html | string {
  if (apiCalls.length === 0) return 'files';
  const names = apiCalls.map((call, index) => html`${index === 0 ? '' : html`, `}${call}`);
  return apiCalls.length <= MAX_CALLS
    ? html`${names}`
    : html`<details><summary>${apiCalls.length} calls</summary>${names}</details>`;
}

function rowOf(
  { finding, firstSeenAt, observedAt, stale, change }: ReportRow,
  startedAt: string,
  isForScreen: boolean,
): Html {
  const { resource, waiver, status, severity, severityReason, reason } = finding;
  const shown = status === 'FAILED' && waiver !== undefined ? 'WAIVED' : status;
  const { accountId, region, name, cluster, namespace } = resource;
  const place = [accountId, region, cluster === name ? undefined : cluster, namespace].filter(Boolean).join(' · ');
  return html`<tr${isForScreen ? html` class="screen"` : ''} data-status="${shown}"><th scope="row">${name}<span class="uid">${place}</span>${resource.uid === name ? '' : html`<span class="uid screen">${resource.uid}</span>`}</th>
<td>${statusMark(shown)}${status === 'FAILED' ? html` ${severityMark(severity)}` : ''}</td>
<td>${reason}${evidenceList(finding.evidence)}${severityReason === undefined ? '' : html`<span class="uid">Severity: ${severityReason}</span>`}${waiver === undefined ? '' : html`<span class="uid">Accepted by waiver ${waiver.id} of ${waiver.owner} until ${waiver.expiresAt.slice(0, 10)}: ${waiver.reason}</span>`}</td>
<td class="small"><span class="${observedAt === startedAt ? 'at screen' : 'at'}">${moment(observedAt)}</span> first <time>${firstSeenAt.slice(0, 10)}</time>${change === undefined ? '' : html`<br>${change}`}${stale === undefined ? '' : html`<br><b>Not looked at again:</b> ${stale}`}</td></tr>
`;
}

function evidenceList(evidence: readonly Evidence[]): Html | string {
  if (evidence.length === 0) return '';
  const more = evidence.length - MAX_EVIDENCE;
  return html`<ul class="evidence">${evidence
    .slice(0, MAX_EVIDENCE)
    .map(
      ({ path, observed, expected }) =>
        html`<li>${pathCode(path)}: ${valueText(observed)}; expected ${valueText(expected)}</li>`,
    )}${more > 0 ? html`<li class="screen">and ${more} more in report.json</li>` : ''}${evidence.length > 1 ? html`<li class="paper">and ${evidence.length - 1} more</li>` : ''}</ul>`;
}

/** May break after its parts, and not in the middle of a word. */
function pathCode(path: string): Html {
  const parts = cutMiddle(visibleLine(path), MAX_VALUE).split(/(?<=[.\]])(?=[^.\]])/);
  return html`<code>${parts.map((part, index) => html`${index === 0 ? '' : html`<wbr>`}${part}`)}</code>`;
}

function valueText(value: Evidence['observed']): string {
  if (value === null) return 'not set';
  const text = visibleLine(typeof value === 'string' ? value : JSON.stringify(value));
  return cutMiddle(text === '' ? '(empty)' : text, MAX_VALUE);
}
