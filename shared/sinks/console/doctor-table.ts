import {
  DIAGNOSIS_GROUPS,
  type Diagnosis,
  type DiagnosisGroup,
  type Fix,
  type PolicyStatement,
  PROBE_STATUSES,
  type ProbeResult,
  type ProbeStatus,
} from '../../domain/diagnosis.ts';
import { groupBy } from '../../domain/group-by.ts';
import { plainLine } from '../plain-text.ts';
import { pad, widthOf, wrap } from './columns.ts';
import type { ConsoleOptions } from './console-report.ts';
import { createPaint, type Paint } from './paint.ts';

const TITLES: Readonly<Record<DiagnosisGroup, string>> = {
  configuration: 'Configuration',
  credentials: 'Credentials',
  accounts: 'Accounts',
  regions: 'Regions',
  permissions: 'Permissions',
  'security-hub': 'Security Hub',
  alerts: 'Alerts',
  ledger: 'Ledger',
  clusters: 'Clusters',
  'image-pulls': 'Image pulls',
};
const MIN_WIDTH = 60;
/** `PROBLEM` with its margins. */
const LABEL = 11;
const INDENT = '  ';
/** So many lines say what is in order in one group; the rest is counted. */
const MAX_OK = 5;

type TableOptions = Pick<ConsoleOptions, 'width' | 'colour'>;

/** What a person wants to know who waits for a scan to work: what is in the way, and how it is got out of the way. */
export function doctorTable({ counts, results }: Diagnosis, options: TableOptions): string {
  const paint = createPaint(options.colour);
  const width = options.width === undefined ? Number.POSITIVE_INFINITY : Math.max(MIN_WIDTH, options.width);
  const accounts = new Set(results.flatMap(({ accountId }) => accountId ?? []));
  const look: Look = { width, paint, manyAccounts: accounts.size > 1 };
  const groups = [...groupBy(results, ({ group }) => group)].sort(
    ([left, a], [right, b]) => worst(a) - worst(b) || DIAGNOSIS_GROUPS.indexOf(left) - DIAGNOSIS_GROUPS.indexOf(right),
  );
  const lines = groups.flatMap(([group, ofGroup]) => [
    '',
    paint.heading(TITLES[group]),
    ...PROBE_STATUSES.flatMap((status) =>
      statusLines(
        ofGroup.filter((result) => result.status === status),
        status,
        look,
      ),
    ),
  ]);
  return `${[headline(counts, paint), ...lines].join('\n')}\n`;
}

interface Look {
  readonly width: number;
  readonly paint: Paint;
  /** Then it has to be said which. */
  readonly manyAccounts: boolean;
}

function worst(results: readonly ProbeResult[]): number {
  const rank = Math.min(...results.map(({ status }) => PROBE_STATUSES.indexOf(status)));
  // What was skipped is no worse than what is in order: those groups keep their own order.
  return Math.min(rank, PROBE_STATUSES.indexOf('skipped'));
}

function headline(counts: Diagnosis['counts'], paint: Paint): string {
  const parts = [
    ...(counts.problem > 0 ? [paint.bad(count(counts.problem, 'problem'))] : []),
    ...(counts.unknown > 0 ? [paint.doubtful(`${counts.unknown} could not be looked at`)] : []),
    ...(counts.warning > 0 ? [paint.doubtful(count(counts.warning, 'warning'))] : []),
    `${counts.ok} in order`,
    ...(counts.skipped > 0 ? [paint.faint(`${counts.skipped} skipped`)] : []),
  ];
  const verdict =
    counts.problem > 0
      ? paint.bad('A scan with these options would not work as it should.')
      : counts.unknown > 0
        ? paint.doubtful('Not everything could be looked at.')
        : paint.good('A scan with these options would work.');
  return `${verdict} ${parts.join(', ')}.`;
}

function statusLines(results: readonly ProbeResult[], status: ProbeStatus, look: Look): readonly string[] {
  if (status !== 'ok') {
    return [...groupBy(results, fixKey).values()].flatMap((alike) => [
      ...alike.flatMap((result) => resultLines(result, look)),
      ...fixLines(alike, look),
    ]);
  }
  const shown = results.length > MAX_OK ? [] : results;
  const counted = results.length - shown.length;
  return [
    ...shown.flatMap((result) => resultLines(result, look)),
    ...(counted > 0 ? [`${label('ok', look)}${okSentence(results)}`] : []),
  ];
}

function okSentence(results: readonly ProbeResult[]): string {
  if (results[0]?.group === 'permissions') return `${results.length} permissions are there.`;
  return `${results.length} looked at, all in order.`;
}

function resultLines({ status, message, accountId }: ProbeResult, look: Look): readonly string[] {
  const isSaid = !look.manyAccounts || accountId === undefined || message.includes(accountId);
  const place = isSaid ? '' : ` [${accountId}]`;
  const [first = '', ...rest] = fitted(`${plainLine(message)}${place}`, look.width - LABEL);
  return [`${label(status, look)}${first}`, ...rest.map((line) => `${' '.repeat(LABEL)}${line}`)];
}

function label(status: ProbeStatus, { paint }: Look): string {
  const text = pad(`  ${status}`, LABEL);
  switch (status) {
    case 'problem':
      return paint.bad(text);
    case 'unknown':
    case 'warning':
      return paint.doubtful(text);
    case 'ok':
      return paint.good(text);
    case 'skipped':
      return paint.faint(text);
  }
}

/** Permissions that lack in one and the same policy are mended by one change to it. */
function fixKey({ fix, ...result }: ProbeResult): unknown {
  const isMergeable = fix?.policy !== undefined && fix.policy.Principal === undefined && fix.command === undefined;
  return isMergeable ? `${result.accountId} ${fix.text}` : result;
}

function fixLines(alike: readonly ProbeResult[], look: Look): readonly string[] {
  const [fix] = alike.flatMap((result) => result.fix ?? []);
  if (fix === undefined) return [];
  const text = alike.length > 1 ? fix.text.replace(/^Allow it /, 'Allow them ') : fix.text;
  const [first = '', ...rest] = fitted(plainLine(text), look.width - LABEL);
  const indent = ' '.repeat(LABEL);
  return [
    `${look.paint.heading(pad('    fix', LABEL))}${first}`,
    ...rest.map((line) => `${indent}${line}`),
    ...policyLines(
      alike.flatMap((result) => result.fix?.policy ?? []),
      look.width - LABEL,
    ).map((line) => `${indent}${line}`),
    ...commandLines(fix, look.width - LABEL).map((line) => `${indent}${line}`),
  ];
}

/** A single statement to put into a policy, or a whole policy of several. Never cut: it is there to be copied. */
function policyLines(statements: readonly PolicyStatement[], width: number): readonly string[] {
  const [first, second] = statements;
  if (first === undefined) return [];
  if (second === undefined) return statementLines(first, width);
  const byResource = [...groupBy(statements, ({ Resource }) => JSON.stringify(Resource))].map(([, ofResource]) => ({
    Effect: 'Allow',
    Action: [...new Set(ofResource.map(({ Action }) => Action))],
    Resource: ofResource[0]?.Resource,
  }));
  const written = byResource.map((statement) => statementLines(statement, width - INDENT.length - 1));
  return [
    '{"Version": "2012-10-17", "Statement": [',
    ...written.flatMap((lines, index) => {
      const comma = index < written.length - 1 ? ',' : '';
      return lines.map((line, at) => `${INDENT}${line}${at === lines.length - 1 ? comma : ''}`);
    }),
    ']}',
  ];
}

/** In one line where it fits. */
function statementLines(statement: object, width: number): readonly string[] {
  const line = plainLine(JSON.stringify(statement, null, 1));
  return widthOf(line) <= width ? [line] : jsonLines(statement);
}

function jsonLines(value: object): readonly string[] {
  return JSON.stringify(value, null, 2)
    .split('\n')
    .map((line) => `${/^ */.exec(line)?.[0] ?? ''}${plainLine(line)}`);
}

/** A command over several lines as a shell takes it. */
function commandLines({ command }: Fix, width: number): readonly string[] {
  if (command === undefined) return [];
  const lines: string[] = [];
  let line = '';
  // An option stays with its value.
  for (const part of plainLine(command).split(/ (?=--)/)) {
    const longer = line === '' ? part : `${line} ${part}`;
    if (line !== '' && widthOf(longer) > width - 2) {
      lines.push(`${line} \\`);
      line = `  ${part}`;
    } else line = longer;
  }
  return [...lines, line];
}

function fitted(text: string, width: number): readonly string[] {
  return Number.isFinite(width) ? wrap(text, width) : [text];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
