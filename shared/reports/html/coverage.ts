import { type CoverageEntry, type CoverageGap, isIncomplete } from '../../domain/coverage.ts';
import { notJudged, type ReportHead, scoreOf } from '../model.ts';
import { type Html, html, moment, number } from './html.ts';
import { mergeRows } from './merge-rows.ts';
import { table } from './parts.ts';

const MAX_UNREAD = 12;
/** Where the rows of this section name the region and the service. */
const [REGION, SERVICE] = [1, 2];
const MAX_CALLS = 200;

/** Whether the report can be relied on, before anything else it says (AU-1). */
export function banner({ complete, incompleteBecause, coverage, counts, unjudged }: ReportHead): Html {
  const unknown = notJudged({ counts, unjudged });
  if (complete) {
    return html`<div class="banner"><strong>Complete</strong>Everything that was in scope was read to its end. ${
      unknown === 0 ? '' : `For ${number(unknown)} findings no verdict follows from what was read: they stay unknown.`
    }</div>
`;
  }
  const unread = coverage.entries.filter(isIncomplete);
  return html`<div class="banner not"><strong>Not complete</strong>What could not be read is neither a pass nor a failure: it counts in no share of this report.
<ul>${incompleteBecause.map((sentence) => html`<li>${sentence}</li>`)}</ul></div>
${unread.length === 0 ? '' : unreadTable(unread)}`;
}

function unreadTable(unread: readonly CoverageEntry[]): Html {
  const scopes = unread.map((entry) => [
    entry.accountId,
    entry.region,
    entry.service,
    entry.cluster ?? '',
    entry.status === 'failed' ? 'nothing' : 'in part',
    why(entry),
  ]);
  const rows = mergeRows(mergeRows(scopes, SERVICE), REGION);
  const caption =
    rows.length > MAX_UNREAD
      ? `What could not be read: the first ${MAX_UNREAD} of ${rows.length} rows; section 1 names every scope`
      : 'What could not be read';
  return table(
    caption,
    [
      { head: 'Account' },
      { head: 'Region' },
      { head: 'Service', width: 22 },
      { head: 'Cluster' },
      { head: 'Read' },
      { head: 'Why', width: 38 },
    ],
    rows.slice(0, MAX_UNREAD),
  );
}

function why({ reason, gaps }: CoverageEntry): string {
  const [first] = gaps;
  const more = gaps.length > 1 ? ` (and ${gaps.length - 1} more)` : '';
  return reason ?? (first === undefined ? 'no reason was given' : `${first.reason}${more}`);
}

/** The numbers of the first page. */
export function tiles({
  counts,
  unjudged,
  failedBySeverity,
  coverage,
  resources,
  findings,
  accounts,
}: ReportHead): Html {
  const failed = counts.FAILED - counts.waived;
  const score = scoreOf(counts);
  const judged = counts.PASSED + counts.FAILED;
  const { scanned, partial, failed: unread, 'not looked at': unseen } = coverage.byStatus;
  const inScope = scanned + partial + unread + unseen;
  return html`<ul class="tiles">
<li><b>${number(failed)}</b><span>failures</span><span class="sub">${failedBySeverity.CRITICAL} critical, ${failedBySeverity.HIGH} high, ${failedBySeverity.MEDIUM} medium, ${failedBySeverity.LOW + failedBySeverity.INFORMATIONAL} lower</span></li>
<li><b>${score === undefined ? 'none' : html`${score} %`}</b><span>of judged findings passed</span><span class="sub">${number(counts.PASSED)} of ${number(judged)}; accepted failures count as failures, unknown ones not at all</span></li>
<li><b>${number(notJudged({ counts, unjudged }))}</b><span>unknown</span><span class="sub">could not be judged</span></li>
<li><b>${number(counts.waived)}</b><span>accepted</span><span class="sub">failures that a waiver covers</span></li>
<li><b>${number(scanned)} / ${number(inScope)}</b><span>scopes read completely</span><span class="sub">${coverage.byStatus.excluded} more were excluded on purpose</span></li>
<li><b>${number(resources)}</b><span>resources</span><span class="sub">${number(findings)} findings in ${accounts.length} ${accounts.length === 1 ? 'account' : 'accounts'}</span></li>
</ul>
`;
}

/** Section 1: what was in scope, what was read, and what was not. */
export function coverageSection(head: ReportHead): Html {
  const { entries, notLookedAt } = head.coverage;
  const gaps = entries.flatMap((entry) => entry.gaps);
  const excluded = entries.filter(({ status, cluster }) => status === 'excluded' && cluster === undefined);
  return html`<section id="coverage"><h2>1. Coverage and completeness</h2>
<p>A scope is one service in one account and region. What is not read completely can hide failures, so no requirement passes that depends on it.</p>
${table(
  'Scopes by account and region',
  [
    { head: 'Account' },
    { head: 'Region' },
    { head: 'Read completely' },
    { head: 'In part' },
    { head: 'Not read' },
    { head: 'Excluded' },
  ],
  byPlace(entries),
)}
${excluded.length === 0 ? '' : excludedTable(excluded)}
${gaps.length === 0 ? html`<p>No call failed.</p>` : gapTable(gaps)}
${
  notLookedAt.length === 0
    ? ''
    : table(
        'Known from before and not looked at in this run',
        [{ head: 'Account' }, { head: 'Region' }, { head: 'Service' }, { head: 'Last looked at' }],
        notLookedAt.map(({ accountId, region, service, lookedAt }) => [accountId, region, service, moment(lookedAt)]),
      )
}
</section>
`;
}

function byPlace(entries: readonly CoverageEntry[]): string[][] {
  const places = new Map<string, CoverageEntry[]>();
  for (const entry of entries) {
    const key = `${entry.accountId} ${entry.region}`;
    const own = places.get(key);
    if (own === undefined) places.set(key, [entry]);
    else own.push(entry);
  }
  const rows = [...places]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, own]) => {
      const [accountId = '', region = ''] = key.split(' ');
      const named = (status: CoverageEntry['status']) =>
        own
          .filter((entry) => entry.status === status)
          .map(({ service, cluster }) => (cluster === undefined ? service : `${service} ${cluster}`))
          .join(', ') || '–';
      return [accountId, region, named('scanned'), named('partial'), named('failed'), named('excluded')];
    });
  return mergeRows(rows, REGION);
}

function excludedTable(excluded: readonly CoverageEntry[]): Html {
  const scopes = excluded.map(({ accountId, region, service, reason = 'excluded' }) => [
    accountId,
    region,
    service,
    reason,
  ]);
  return table(
    'Excluded on purpose, and why',
    [{ head: 'Account' }, { head: 'Region' }, { head: 'Services', width: 24 }, { head: 'Why', width: 40 }],
    mergeRows(mergeRows(scopes, SERVICE), REGION),
  );
}

/** Calls that failed for the same reason, whatever region and cluster they asked, as one. */
interface FailedCall extends Pick<CoverageGap, 'accountId' | 'operation' | 'reason' | 'missingPermission'> {
  readonly regions: Set<string>;
  readonly clusters: Set<string>;
  count: number;
}

function failedCalls(gaps: readonly CoverageGap[]): readonly FailedCall[] {
  const calls = new Map<string, FailedCall>();
  for (const { accountId, operation, reason, missingPermission, region, cluster, count } of gaps) {
    const key = JSON.stringify([accountId, operation, reason, missingPermission]);
    const permission = missingPermission === undefined ? {} : { missingPermission };
    const own = calls.get(key) ?? {
      ...{ accountId, operation, reason, ...permission },
      ...{ regions: new Set(), clusters: new Set(), count: 0 },
    };
    calls.set(key, own);
    own.regions.add(region);
    if (cluster !== undefined) own.clusters.add(cluster);
    own.count += count;
  }
  return [...calls.values()];
}

function gapTable(gaps: readonly CoverageGap[]): Html {
  const calls = failedCalls(gaps);
  return table(
    calls.length > MAX_CALLS
      ? `Calls that failed: the first ${MAX_CALLS} of ${calls.length}; report.json has all`
      : 'Calls that failed',
    [
      { head: 'Account' },
      { head: 'Region' },
      { head: 'Call', width: 26 },
      { head: 'Times', numeric: true },
      { head: 'Why, and what to do', width: 40 },
    ],
    calls
      .slice(0, MAX_CALLS)
      .map(({ accountId, regions, operation, clusters, count, reason, missingPermission }) => [
        accountId,
        [...regions].join(', '),
        html`<code>${operation}</code>${clusters.size === 0 ? '' : html`<span class="uid">${[...clusters].join(', ')}</span>`}`,
        count,
        missingPermission === undefined ? reason : html`${reason} Missing: <code>${missingPermission}</code>`,
      ]),
    'wide',
  );
}
