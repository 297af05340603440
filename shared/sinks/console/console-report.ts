import { type CoverageEntry, type CoverageGap, isIncomplete } from '../../domain/coverage.ts';
import type { Finding } from '../../domain/finding.ts';
import { groupBy } from '../../domain/group-by.ts';
import type { ResultHeader } from '../../domain/result.ts';
import { SEVERITIES } from '../../domain/severity.ts';
import { plainLine } from '../plain-text.ts';
import { waiverRemarks } from '../waiver-remarks.ts';
import { WorstFirst } from '../worst-first.ts';
import { pad, wrap } from './columns.ts';
import { findingTable } from './finding-table.ts';
import { createPaint, type Paint } from './paint.ts';
import { UnknownSources } from './unknown-sources.ts';

export interface ConsoleOptions {
  /** Cells of the terminal; left out when the output is piped: then nothing is cut or wrapped. */
  readonly width?: number;
  readonly colour: boolean;
  /** At most so many failures are listed; 50 by default. */
  readonly maxRows?: number;
  /** Sentences that say what to do next, for example which command shows more. */
  readonly hints?: readonly string[];
}

const DEFAULT_ROWS = 50;
const MAX_PROBLEMS = 12;
const MIN_WIDTH = 60;
const LABEL = 16;

/**
 * What a person at a terminal wants to know, in the order they want it: the result, what could not be looked at, what
 * fails (worst and running first), the counts. One pass over the findings; only the rows shown are kept.
 */
export function* consoleReport(
  header: ResultHeader,
  findings: Iterable<Finding>,
  options: ConsoleOptions,
): Generator<string> {
  const paint = createPaint(options.colour);
  const width = options.width === undefined ? undefined : Math.max(MIN_WIDTH, options.width);
  const failures = new WorstFirst<Finding>(options.maxRows ?? DEFAULT_ROWS, (finding) => finding);
  const unknowns = new UnknownSources();
  for (const finding of findings) {
    if (finding.status === 'FAILED' && finding.waiver === undefined) failures.add(finding);
    if (finding.unknown !== undefined) unknowns.add(finding.unknown);
  }
  const accounts = new Set([
    ...header.coverage.map((entry) => entry.accountId),
    ...failures.items.map((finding) => finding.resource.accountId),
  ]);
  yield `${resultLine(header, paint)}\n`;
  yield* section(problemLines(header.coverage, width, paint));
  if (failures.items.length > 0) {
    yield '\n';
    for (const line of findingTable(failures.items, width, accounts.size > 1, paint)) yield `${line}\n`;
    if (failures.more > 0) yield `${paint.faint(`… and ${failures.more} more, none of them worse.`)}\n`;
  }
  yield* section(countLines(header, paint));
  yield* section(waiverLines(header, width, paint));
  yield* section(unknowns.lines(width, paint));
  yield* section((options.hints ?? []).flatMap((hint) => wrapped(hint, width)).map((line) => paint.faint(line)));
}

function* section(lines: readonly string[]): Generator<string> {
  if (lines.length > 0) yield `\n${lines.join('\n')}\n`;
}

function resultLine({ summary, complete }: ResultHeader, paint: Paint): string {
  const failed = SEVERITIES.reduce((sum, severity) => sum + summary.failedBySeverity[severity], 0);
  const what = `${count(failed, 'failure')} in ${count(summary.resources, 'resource')}`;
  const urgent = summary.failedBySeverity.CRITICAL + summary.failedBySeverity.HIGH;
  const verdict =
    failed === 0
      ? complete
        ? paint.good(`No failures in ${count(summary.resources, 'resource')}.`)
        : paint.doubtful('No failures found, but not everything could be looked at.')
      : paint.bad(`${what}${urgent > 0 ? `, ${urgent} of them critical or high` : ''}.`);
  if (complete) return `${verdict} The scan is complete.`;
  return failed === 0
    ? `${verdict} The scan is incomplete.`
    : `${verdict} ${paint.doubtful('The scan is incomplete.')}`;
}

function problemLines(coverage: readonly CoverageEntry[], width: number | undefined, paint: Paint): string[] {
  const gaps = coverage.filter((entry) => isIncomplete(entry) || entry.gaps.length > 0);
  const excluded = coverage.filter((entry) => entry.status === 'excluded');
  const problems = gaps.flatMap((entry) => [
    ...(entry.reason === undefined ? [] : [`${scopeOf(entry)}: ${plainLine(entry.reason)}`]),
    ...entry.gaps.map((gap) => `${scopeOf(entry)}: ${gapText(gap)}`),
  ]);
  const lines: string[] = [];
  if (problems.length > 0) {
    lines.push(paint.heading(`Could not look at everything (${count(problems.length, 'gap')}):`));
    lines.push(...problems.slice(0, MAX_PROBLEMS).flatMap((problem) => bullet(problem, width)));
    if (problems.length > MAX_PROBLEMS) lines.push(`  … and ${problems.length - MAX_PROBLEMS} more.`);
    const permissions = [...new Set(gaps.flatMap((entry) => entry.gaps.flatMap((gap) => gap.missingPermission ?? [])))];
    if (permissions.length > 0)
      lines.push(...wrapped(`  Missing permissions: ${permissions.sort().join(', ')}`, width, '    '));
  }
  if (excluded.length > 0) {
    const reasons = groupBy(excluded, (entry) => entry.reason ?? 'excluded');
    for (const [reason, entries] of reasons) {
      const regions = [...new Set(entries.map((entry) => `${entry.region} ${entry.service}`.trimStart()))];
      const shown = regions.slice(0, 4).join(', ');
      const more = regions.length > 4 ? ` and ${regions.length - 4} more` : '';
      lines.push(...wrapped(`Not looked at: ${plainLine(shown)}${more} (${plainLine(reason)})`, width));
    }
  }
  return lines;
}

function scopeOf(entry: CoverageEntry): string {
  const cluster = entry.cluster === undefined ? '' : `cluster ${entry.cluster}`;
  // Files have neither an account nor a region.
  const parts = [entry.accountId, entry.region, entry.service, cluster].filter((part) => part !== '');
  return plainLine(parts.join(' '));
}

function gapText(gap: CoverageGap): string {
  const more = gap.count > 1 ? ` (on ${gap.count} resources)` : '';
  return `${plainLine(gap.reason)}${more}`;
}

function countLines({ summary }: ResultHeader, paint: Paint): string[] {
  const { byStatus, failedBySeverity } = summary;
  const bySeverity = SEVERITIES.toReversed().flatMap((severity) =>
    failedBySeverity[severity] === 0
      ? []
      : [paint.severity(severity, `${failedBySeverity[severity]} ${severity.toLowerCase()}`)],
  );
  const failed = byStatus.FAILED - summary.waived;
  return [
    `${pad('Failed', LABEL)}${failed}${bySeverity.length === 0 ? '' : ` (${bySeverity.join(', ')})`}`,
    ...(summary.waived > 0 ? [`${pad('Waived', LABEL)}${summary.waived}`] : []),
    `${pad('Passed', LABEL)}${byStatus.PASSED}`,
    `${pad('Unknown', LABEL)}${byStatus.UNKNOWN}`,
    `${pad('Not applicable', LABEL)}${byStatus.NOT_APPLICABLE}`,
    ...(summary.checkErrors > 0
      ? [`${pad('Broken', LABEL)}${count(summary.checkErrors, 'check error')}; please report`]
      : []),
  ];
}

function waiverLines({ waivers = [] }: ResultHeader, width: number | undefined, paint: Paint): string[] {
  const remarks = waiverRemarks(waivers);
  if (remarks.length === 0) return [];
  const more = remarks.length - MAX_PROBLEMS;
  return [
    paint.heading('Waivers that need a look:'),
    ...remarks.slice(0, MAX_PROBLEMS).flatMap((remark) => bullet(remark, width)),
    ...(more > 0 ? [`  … and ${more} more; \`hullcheck waivers validate FILE\` names them all.`] : []),
  ];
}

function bullet(text: string, width: number | undefined): string[] {
  return wrapped(`  - ${text}`, width, '    ');
}

function wrapped(text: string, width: number | undefined, indent = '  '): string[] {
  if (width === undefined) return [text];
  const margin = /^ */.exec(text)?.[0] ?? '';
  const [first = '', ...rest] = wrap(text.slice(margin.length), width - indent.length);
  return [`${margin}${first}`, ...rest.map((line) => `${indent}${line}`)];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
