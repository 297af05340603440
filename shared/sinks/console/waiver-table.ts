import type { WaiverUse } from '../../domain/result.ts';
import { plainLine } from '../plain-text.ts';
import { waiverRemarks } from '../waiver-remarks.ts';
import { pad, widthOf } from './columns.ts';

/**
 * Every waiver of a file with its state, and then what people must do. Malformed ones are only counted: their problems
 * are told apart.
 *
 * @param counted whether something was judged, so that what they hide is known
 */
export function waiverTable(uses: readonly WaiverUse[], counted: boolean): string {
  const wellFormed = uses.filter(({ state }) => state !== 'malformed');
  const inForce = wellFormed.filter(({ state }) => state !== 'expired').length;
  const rows = [
    ['WAIVER', 'STATE', 'UNTIL', 'OWNER', ...(counted ? ['HIDES'] : [])],
    ...wellFormed.map(({ id, state, expiresAt = '', owner = '', hidden }) => [
      plainLine(id),
      state,
      expiresAt.slice(0, 10),
      plainLine(owner),
      ...(counted ? [`${hidden}`] : []),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  const table = rows.flatMap((row, index) => [
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
    ...(counted && index > 0 ? hiddenIds(wellFormed[index - 1]) : []),
  ]);
  const remarks = waiverRemarks(wellFormed);
  return [
    ...(wellFormed.length > 0 ? [...table, ''] : []),
    ...(remarks.length > 0 ? [...remarks, ''] : []),
    `${uses.length} waivers: ${inForce} in force, ${wellFormed.length - inForce} expired, ${uses.length - wellFormed.length} malformed.`,
    '',
  ].join('\n');
}

function hiddenIds(use: WaiverUse | undefined): string[] {
  const { findingIds = [], hidden = 0 } = use ?? {};
  const more = hidden - findingIds.length;
  return [...findingIds.map((id) => `  ${plainLine(id)}`), ...(more > 0 ? [`  … and ${more} more`] : [])];
}
