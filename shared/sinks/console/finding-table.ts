import type { Finding } from '../../domain/finding.ts';
import type { Severity } from '../../domain/severity.ts';
import { plainLine } from '../plain-text.ts';
import { clip, clipMiddle, pad, widthOf, wrap } from './columns.ts';
import type { Paint } from './paint.ts';

/** Below this width resource and reason stand on a line of their own, where both can be read. */
const ONE_LINE_FROM = 140;
/** One very long name must not push the reasons of all others out of sight where nothing is cut. */
const WIDEST_COLUMN = 80;
const GAP = '  ';

interface Row {
  readonly severity: Severity;
  readonly check: string;
  readonly resource: string;
  readonly region: string;
  readonly reason: string;
}

/** INFORMATIONAL is too long a word for its weight. */
export function severityWord(severity: Severity): string {
  return severity === 'INFORMATIONAL' ? 'INFO' : severity;
}

/**
 * Failures as a table.
 *
 * @param width cells of the terminal; undefined when nobody looks, and then nothing is cut
 * @param withAccount shows the account, where the scan covers more than one
 */
export function findingTable(
  findings: readonly Finding[],
  width: number | undefined,
  withAccount: boolean,
  paint: Paint,
): string[] {
  const rows = findings.map((finding) => rowOf(finding, withAccount));
  // Files are in no region: then there is no such column.
  const place = rows.every(({ region }) => region === '') ? '' : withAccount ? 'ACCOUNT/REGION' : 'REGION';
  return width !== undefined && width < ONE_LINE_FROM
    ? twoLineTable(rows, width, place, paint)
    : oneLineTable(rows, width, place, paint);
}

function oneLineTable(rows: readonly Row[], width: number | undefined, place: string, paint: Paint): string[] {
  const region = widest(place, rows, (row) => row.region);
  const check = widest('CHECK', rows, (row) => row.check);
  let resource = widest('RESOURCE', rows, (row) => row.resource);
  let reason = Number.POSITIVE_INFINITY;
  if (width !== undefined) {
    const room = width - 8 - check - region - 4 * GAP.length;
    const longest = widest('REASON', rows, (row) => row.reason);
    resource = Math.min(resource, Math.max(16, room - longest, Math.floor(room * 0.4)));
    reason = Math.max(16, room - resource);
  }
  const column = width === undefined ? Math.min(resource, WIDEST_COLUMN) : resource;
  const line = (severity: string, row: Omit<Row, 'severity'>) =>
    [
      severity,
      pad(row.check, check),
      pad(clipMiddle(row.resource, resource), column),
      ...(place === '' ? [] : [pad(row.region, region)]),
      clip(row.reason, reason),
    ]
      .join(GAP)
      .trimEnd();
  return [
    paint.faint(line(pad('SEVERITY', 8), { check: 'CHECK', resource: 'RESOURCE', region: place, reason: 'REASON' })),
    ...rows.map((row) => line(paint.severity(row.severity, pad(severityWord(row.severity), 8)), row)),
  ];
}

function twoLineTable(rows: readonly Row[], width: number, place: string, paint: Paint): string[] {
  const indent = ' '.repeat(8 + GAP.length);
  const region = Math.min(
    widest(place, rows, (row) => row.region),
    Math.floor(width / 3),
  );
  const check = Math.min(
    widest('CHECK', rows, (row) => row.check),
    width - indent.length - GAP.length - region,
  );
  const line = (severity: string, row: Pick<Row, 'check' | 'region'>) =>
    [severity, pad(clipMiddle(row.check, check), check), clipMiddle(row.region, region)].join(GAP).trimEnd();
  return [
    paint.faint(line(pad('SEVERITY', 8), { check: 'CHECK', region: place })),
    paint.faint(`${indent}RESOURCE: REASON`),
    ...rows.flatMap((row) => [
      line(paint.severity(row.severity, pad(severityWord(row.severity), 8)), row),
      ...wrap(
        `${clipMiddle(row.resource, Math.floor((width - indent.length) * 0.75))}: ${row.reason}`,
        width - indent.length,
      )
        .slice(0, 3)
        .map((part) => `${indent}${part}`),
    ]),
  ];
}

function widest(heading: string, rows: readonly Row[], cell: (row: Row) => string): number {
  return Math.max(widthOf(heading), ...rows.map((row) => widthOf(cell(row))));
}

function rowOf(finding: Finding, withAccount: boolean): Row {
  const { resource } = finding;
  const region = plainLine(resource.region);
  return {
    severity: finding.severity,
    check: finding.checkId,
    resource: shortName(finding),
    region: withAccount ? `${resource.accountId}/${region}` : region,
    reason: `${plainLine(finding.reason)}${useText(finding)}`,
  };
}

function shortName({ resource, source }: Finding): string {
  if (source !== undefined) return plainLine(source.line === undefined ? source.file : `${source.file}:${source.line}`);
  const parts = [resource.cluster, resource.namespace, resource.name].filter((part) => part !== undefined);
  return plainLine(parts.join('/'));
}

function usersText({ usedBy = [], usedByCount = usedBy.length }: Finding): string {
  const [first] = usedBy;
  if (first === undefined) return '';
  const name = plainLine(first.split(':').at(-1)?.split('/').slice(-2).join('/') ?? first);
  return ` (runs in ${name}${usedByCount > 1 ? ` and ${usedByCount - 1} more` : ''})`;
}

function useText(finding: Finding): string {
  const { inUse, source, resource } = finding;
  if (source !== undefined) return '';
  // An image is nobody's by its name: who runs it is who has to act.
  if (inUse === 'yes') return resource.type === 'AwsEcrContainerImage' ? usersText(finding) : '';
  return inUse === 'no' ? ' (not in use)' : ' (use not known)';
}
