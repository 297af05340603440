import { CHANGES, type Change, type ReportHead, type TrendPoint } from '../model.ts';
import { type Html, html, moment, number } from './html.ts';
import { table } from './parts.ts';

const MEANING: Readonly<Record<Change, string>> = {
  new: 'fails, and is not known to have failed before',
  reopened: 'fails again after it had been mended',
  fixed: 'failed then and passes now, or no longer applies',
  gone: 'failed then; its resource does not exist any more',
  left: 'failed then; nobody looks at it any more, because its account, region or check was left out',
  unchanged: 'failed then and fails now',
  'not rescanned': 'failed then; this run could not look at it again',
};

/** Section 6: what has changed since the report before (AU-6). */
export function trendSection({ trend, noTrendBecause }: ReportHead): Html {
  if (trend === undefined) {
    return html`<section id="trend"><h2>6. Trend</h2>
<p>${noTrendBecause ?? html`No earlier report was named, so that nothing can be said of changes. The next report can be compared with this one (<code>--previous</code>).`}</p></section>
`;
  }
  return html`<section id="trend"><h2>6. Trend</h2>
<p>Compared with the report on the run of ${moment(trend.previousAt)}. What this run could not look at is carried forward as it was known last: a failure does not vanish because an account was not read.</p>
${trend.remarks.map((remark) => html`<p><strong>${remark}</strong></p>`)}
${table(
  'Failures since the report before',
  [{ head: 'Change', width: 20 }, { head: 'Failures', numeric: true, width: 14 }, { head: 'Meaning' }],
  CHANGES.map((change) => [
    change.charAt(0).toUpperCase() + change.slice(1),
    number(trend.byChange[change]),
    MEANING[change],
  ]),
  'narrow',
)}
${chart(trend.points)}
${table(
  'Failures that no waiver accepts, by run',
  [{ head: 'Run' }, { head: 'Failures', numeric: true }, { head: 'Of these not looked at again', numeric: true }],
  trend.points.map(({ at, failed, stale }) => [moment(at), number(failed), number(stale)]),
  'short',
)}
${
  trend.notRescanned.length === 0
    ? ''
    : table(
        'Failures that could not be looked at again',
        [{ head: 'Account' }, { head: 'Failures', numeric: true }],
        trend.notRescanned.map(({ accountId, count }) => [accountId, number(count)]),
        'short',
      )
}
</section>
`;
}

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [760, 210, 48, 14, 30];

/** Failures over time; the dashed line is the part that was carried forward. The table below has the numbers. */
function chart(points: readonly TrendPoint[]): Html {
  const most = Math.max(1, ...points.map(({ failed }) => failed));
  const x = (index: number) => LEFT + (index * (WIDTH - LEFT - 20)) / Math.max(1, points.length - 1);
  const y = (value: number) => HEIGHT - BOTTOM - (value * (HEIGHT - TOP - BOTTOM)) / most;
  const line = (read: (point: TrendPoint) => number) =>
    points.map((point, index) => `${x(index).toFixed(1)},${y(read(point)).toFixed(1)}`).join(' ');
  const [first, last] = [points[0], points.at(-1)];
  const label = `Failures from ${first?.failed ?? 0} on ${first?.at.slice(0, 10)} to ${last?.failed ?? 0} on ${last?.at.slice(0, 10)}`;
  const hasStale = points.some(({ stale }) => stale > 0);
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
<line class="axis" x1="${LEFT}" y1="${y(0)}" x2="${WIDTH - 20}" y2="${y(0)}"/><line class="axis" x1="${LEFT}" y1="${y(most)}" x2="${WIDTH - 20}" y2="${y(most)}"/>
<text x="${LEFT - 8}" y="${y(0) + 4}" text-anchor="end">0</text><text x="${LEFT - 8}" y="${y(most) + 4}" text-anchor="end">${number(most)}</text>
<text x="${LEFT}" y="${HEIGHT - 8}">${first?.at.slice(0, 10)}</text><text x="${WIDTH - 20}" y="${HEIGHT - 8}" text-anchor="end">${last?.at.slice(0, 10)}</text>
<polyline class="line" points="${line(({ failed }) => failed)}"/>${hasStale ? html`<polyline class="stale" points="${line(({ stale }) => stale)}"/>` : ''}
${points.map((point, index) => html`<circle cx="${x(index).toFixed(1)}" cy="${y(point.failed).toFixed(1)}" r="3.5"/>`)}
</svg>
<ul class="legend"><li>${lineSign('line')}failures</li>${hasStale ? html`<li>${lineSign('stale')}of these not looked at again</li>` : ''}</ul>
`;
}

function lineSign(className: 'line' | 'stale'): Html {
  return html`<svg viewBox="0 0 14 14" aria-hidden="true"><line class="${className}" x1="0" y1="7" x2="14" y2="7"/></svg>`;
}
