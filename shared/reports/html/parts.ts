import type { Severity } from '../../domain/severity.ts';
import type { VerdictStatus } from '../../domain/verdict.ts';
import type { Counts, RequirementStatus } from '../model.ts';
import { type Html, type HtmlValue, html, number } from './html.ts';

type AnyStatus = VerdictStatus | RequirementStatus | 'WAIVED';

/** Class, sign and word: three ways to tell a status, so that colour is never the only one. */
const STATUS: Readonly<Record<AnyStatus, readonly [className: string, sign: string, word: string]>> = {
  FAILED: ['fail', '✕', 'Failed'],
  FAIL: ['fail', '✕', 'Fail'],
  WAIVED: ['waived', '◇', 'Accepted'],
  UNKNOWN: ['unknown', '?', 'Unknown'],
  PASSED: ['pass', '✓', 'Passed'],
  PASS: ['pass', '✓', 'Pass'],
  NOT_APPLICABLE: ['none', '–', 'Not applicable'],
  NOT_AUTOMATED: ['manual', '○', 'Not automated'],
};

export function statusMark(status: AnyStatus): Html {
  const [className, sign, word] = STATUS[status];
  return html`<span class="mark ${className}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

export function severityMark(severity: Severity): Html {
  return html`<span class="severity s-${severity.toLowerCase()}">${severity.charAt(0) + severity.slice(1).toLowerCase()}</span>`;
}

export interface Column {
  readonly head: string;
  /** Numbers stand on the right. */
  readonly numeric?: boolean;
  /** A width in percent of the table. */
  readonly width?: number;
}

/** The beginning of a table: its caption, and a head that print repeats on each page. */
export function tableHead(caption: string, columns: readonly Column[], className = ''): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table class="${className}">
<caption>${caption}</caption>
<thead><tr>${columns.map(headCell)}</tr></thead>
<tbody>
`;
}

export const TABLE_END = html`</tbody></table></div>
`;

function headCell({ head, numeric, width }: Column): Html {
  const className = numeric === true ? html` class="n"` : '';
  const style = width === undefined ? '' : html` style="width:${width}%"`;
  return html`<th scope="col"${className}${style}>${head}</th>`;
}

export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly HtmlValue[])[],
  className = '',
): Html {
  return html`${tableHead(caption, columns, className)}${rows.map((cells) => tableRow(columns, cells))}${TABLE_END}`;
}

/** A row whose first cell names it. */
export function tableRow(columns: readonly Column[], cells: readonly HtmlValue[], className = ''): Html {
  return html`<tr${className === '' ? '' : html` class="${className}"`}>${cells.map((cell, index) =>
    index === 0
      ? html`<th scope="row">${cell}</th>`
      : html`<td${columns[index]?.numeric === true ? html` class="n"` : ''} data-head="${columns[index]?.head}">${cell}</td>`,
  )}</tr>
`;
}

/** One part of a bar. */
export interface BarPart {
  readonly className: string;
  readonly label: string;
  readonly value: number;
}

/** A bar of parts; its numbers stand in its label, and beside it in the table it belongs to. */
export function bar(parts: readonly BarPart[], height = 12): Html {
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  const label = parts.filter(({ value }) => value > 0).map(({ label: name, value }) => `${value} ${name}`);
  const pieces: Html[] = [];
  let x = 0;
  for (const { className, value } of total === 0 ? [] : parts) {
    if (value === 0) continue;
    const width = (value * 200) / total;
    pieces.push(
      html`<rect class="f-${className}" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="${height}"/>`,
    );
    x += width;
  }
  return html`<svg class="bar" viewBox="0 0 200 ${height}" preserveAspectRatio="none" role="img" aria-label="${label.join(', ') || 'nothing'}"><rect class="f-empty" x="0" y="0" width="200" height="${height}"/>${pieces}</svg>`;
}

export function countsBar({ FAILED, waived, UNKNOWN, PASSED, NOT_APPLICABLE }: Counts): Html {
  return bar([
    { className: 'fail', label: 'failed', value: FAILED - waived },
    { className: 'waived', label: 'failed and accepted', value: waived },
    { className: 'unknown', label: 'unknown', value: UNKNOWN },
    { className: 'pass', label: 'passed', value: PASSED },
    { className: 'none', label: 'not applicable', value: NOT_APPLICABLE },
  ]);
}

export function legend(entries: readonly (readonly [className: string, word: string])[]): Html {
  return html`<ul class="legend">${entries.map(
    ([className, word]) =>
      html`<li><svg viewBox="0 0 14 14" aria-hidden="true"><rect class="f-${className}" x="1" y="1" width="12" height="12"/></svg>${word}</li>`,
  )}</ul>
`;
}

/** The numbers of a part, in the order of {@link COUNT_COLUMNS}. */
export function countCells({ FAILED, waived, UNKNOWN, PASSED, NOT_APPLICABLE }: Counts): HtmlValue[] {
  return [FAILED - waived, waived, UNKNOWN, PASSED, NOT_APPLICABLE].map((value) =>
    value === 0 ? html`<span class="zero">0</span>` : number(value),
  );
}

export const COUNT_COLUMNS: readonly Column[] = [
  { head: 'Failed', numeric: true },
  { head: 'Accepted', numeric: true },
  { head: 'Unknown', numeric: true },
  { head: 'Passed', numeric: true },
  { head: 'Not appl.', numeric: true },
];

/** Hatches tell the parts of a bar apart where colours do not. */
export const PATTERNS = html`<svg width="0" height="0" class="defs" aria-hidden="true"><defs>
<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="p-unknown" width="5" height="5"/><rect class="p-line" width="1.6" height="5"/></pattern>
<pattern id="cross" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect class="p-waived" width="5" height="5"/><rect class="p-thin" width="1.2" height="5"/></pattern>
</defs></svg>
`;
