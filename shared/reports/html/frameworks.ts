import type { FrameworkResult, ReportHead, RequirementResult, RequirementStatus } from '../model.ts';
import { type Html, type HtmlValue, html } from './html.ts';
import { bar, type Column, legend, statusMark, TABLE_END, table, tableHead, tableRow } from './parts.ts';

const REQUIREMENT_COLUMNS: readonly Column[] = [
  { head: 'Requirement', width: 13 },
  { head: 'In our words', width: 52 },
  { head: 'Result', width: 12 },
  { head: 'Failed', numeric: true },
  { head: 'Accepted', numeric: true },
  { head: 'Unknown', numeric: true },
  { head: 'Passed', numeric: true },
];

/** Section 2: every requirement of every framework, each once. */
export function frameworksSection({ frameworks, checks }: ReportHead): Html {
  const open = new Set(checks.filter(({ counts }) => counts.FAILED + counts.UNKNOWN > 0).map(({ id }) => id));
  return html`<section id="frameworks"><h2>2. Results by framework and requirement</h2>
<p>A requirement fails when one check on it fails, and passes only when everything was read that it depends on. "Related" means that only checks answer which may give another verdict than the framework's own test.</p>
${legend([
  ['fail', 'fail'],
  ['unknown', 'unknown'],
  ['pass', 'pass'],
  ['none', 'not applicable'],
  ['manual', 'not automated'],
])}
${table(
  'Requirements by framework',
  [
    { head: 'Framework', width: 34 },
    { head: 'Results', width: 22 },
    { head: 'Fail', numeric: true },
    { head: 'Unknown', numeric: true },
    { head: 'Pass', numeric: true },
    { head: 'Not appl.', numeric: true },
    { head: 'Not autom.', numeric: true },
    { head: 'All', numeric: true },
  ],
  frameworks.map(({ id, name, version, byStatus, requirements }) => [
    html`<a href="#${id}">${name}</a> <span class="small">${version}</span>`,
    bar([
      { className: 'fail', label: 'fail', value: byStatus.FAIL },
      { className: 'unknown', label: 'unknown', value: byStatus.UNKNOWN },
      { className: 'pass', label: 'pass', value: byStatus.PASS },
      { className: 'none', label: 'not applicable', value: byStatus.NOT_APPLICABLE },
      { className: 'manual', label: 'not automated', value: byStatus.NOT_AUTOMATED },
    ]),
    byStatus.FAIL,
    byStatus.UNKNOWN,
    byStatus.PASS,
    byStatus.NOT_APPLICABLE,
    byStatus.NOT_AUTOMATED,
    requirements.length,
  ]),
  'wide',
)}
${frameworks.map((framework) => frameworkTable(framework, open))}
</section>
`;
}

function frameworkTable(
  { id, name, version, sourceUrl, subset, requirements }: FrameworkResult,
  open: ReadonlySet<string>,
): Html {
  return html`<h3 id="${id}">${name} ${version}</h3>
<p class="small">Source: <a href="${sourceUrl}">${sourceUrl}</a>. ${subset}</p>
${tableHead(`${name}: every requirement`, REQUIREMENT_COLUMNS, 'sortable requirements')}${requirements.map(
  (requirement) =>
    tableRow(
      REQUIREMENT_COLUMNS,
      requirementCells(requirement, open),
      LISTED_ON_PAPER.includes(requirement.status) ? '' : 'screen',
    ),
)}${TABLE_END}${paperLists(requirements)}`;
}

const MAX_CHECKS_ON_PAPER = 3;
/** What paper has in full; of the rest it names the ids, so that each requirement stands there once as well. */
const LISTED_ON_PAPER: readonly RequirementStatus[] = ['FAIL', 'UNKNOWN'];
const NAMED_ON_PAPER = [
  ['PASS', 'Passed'],
  ['NOT_APPLICABLE', 'Not applicable'],
  ['NOT_AUTOMATED', 'Not automated, to be judged by hand'],
] as const;

function paperLists(requirements: readonly RequirementResult[]): readonly (Html | string)[] {
  return NAMED_ON_PAPER.map(([status, words]) => {
    const ids = requirements.filter((one) => one.status === status).map(({ id }) => id);
    return ids.length === 0 ? '' : html`<p class="paper small"><b>${words} (${ids.length}):</b> ${idList(ids)}.</p>`;
  });
}

/** The checks to look up on paper: those that fail or are unknown. */
function paperChecks(
  basis: RequirementResult['basis'],
  checks: readonly string[],
  open: ReadonlySet<string>,
): Html | string {
  const own = checks.filter((id) => open.has(id));
  if (own.length === 0) return '';
  const more = own.length - MAX_CHECKS_ON_PAPER;
  return html`<span class="paper uid">${basis === 'related' ? html`Related: ` : ''}${idList(own.slice(0, MAX_CHECKS_ON_PAPER))}${more > 0 ? html` and ${more} more` : ''}</span>`;
}

function idList(ids: readonly string[]): readonly Html[] {
  return ids.map((id, index) => html`${index === 0 ? '' : html`, `}${id}`);
}

function requirementCells(
  { id, title, status, basis, checks, counts, remark, byHand }: RequirementResult,
  open: ReadonlySet<string>,
): readonly HtmlValue[] {
  const numbers = [counts.FAILED - counts.waived, counts.waived, counts.UNKNOWN, counts.PASSED];
  return [
    id.split('/').map((part, index) => html`${index === 0 ? '' : html`/<wbr>`}${part}`),
    html`${title}${basis === 'none' ? '' : html`<span class="uid screen">${basis === 'related' ? html`Related: ` : ''}${idList(checks)}</span>${paperChecks(basis, checks, open)}`}${remark === undefined ? '' : html`<span class="uid">Note: ${remark}.</span>`}${byHand === undefined ? '' : html`<span class="uid">By hand: ${byHand}</span>`}`,
    statusMark(status),
    ...numbers.map((value) => (basis === 'none' ? html`<span class="zero">–</span>` : value)),
  ];
}
