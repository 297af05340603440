import type { FrameworkResult, ReportHead, RequirementResult } from '../model.ts';
import { type Html, html } from './html.ts';
import { bar, type Column, legend, statusMark, table } from './parts.ts';

const REQUIREMENT_COLUMNS: readonly Column[] = [
  { head: 'Requirement', width: 13 },
  { head: 'In our words', width: 45 },
  { head: 'Result', width: 14 },
  { head: 'Failed', numeric: true },
  { head: 'Accepted', numeric: true },
  { head: 'Unknown', numeric: true },
  { head: 'Passed', numeric: true },
];

/** Section 2: every requirement of every framework, each once. */
export function frameworksSection({ frameworks }: ReportHead): Html {
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
${frameworks.map(frameworkTable)}
</section>
`;
}

function frameworkTable({ id, name, version, sourceUrl, subset, requirements }: FrameworkResult): Html {
  return html`<h3 id="${id}">${name} ${version}</h3>
<p class="small">Source: <a href="${sourceUrl}">${sourceUrl}</a>. ${subset}</p>
${table(`${name}: every requirement`, REQUIREMENT_COLUMNS, requirements.map(requirementCells), 'sortable wide')}`;
}

function requirementCells({
  id,
  title,
  status,
  basis,
  checks,
  counts,
  remark,
  byHand,
}: RequirementResult): readonly (string | number | Html)[] {
  const judged = checks.map((check, index) => html`${index === 0 ? '' : html`, `}${check}`);
  const numbers = [counts.FAILED - counts.waived, counts.waived, counts.UNKNOWN, counts.PASSED];
  return [
    id,
    html`${title}${basis === 'none' ? '' : html`<span class="uid">${basis === 'related' ? html`Related: ` : ''}${judged}</span>`}${remark === undefined ? '' : html`<span class="uid">Note: ${remark}.</span>`}${byHand === undefined ? '' : html`<span class="uid">By hand: ${byHand}</span>`}`,
    statusMark(status),
    ...numbers.map((value) => (basis === 'none' ? html`<span class="zero">–</span>` : value)),
  ];
}
