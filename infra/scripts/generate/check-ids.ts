import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../../../shared/domain/check.ts';
import { compareCodeUnits } from '../../../shared/domain/order.ts';

const PATH = 'test/contract/golden/check-ids.json';

/**
 * Every id that a check ever had. New ones are added; none is ever taken out, so that the contract test sees the check
 * that lost its id without an alias.
 */
export function generateCheckIds(root: string, checks: readonly Check[]): ReadonlyMap<string, string> {
  const file = join(root, PATH);
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly string[]) : [];
  const ids = new Set([...before, ...checks.flatMap(({ id, aliases = [] }) => [id, ...aliases])]);
  return new Map([[PATH, `${JSON.stringify([...ids].sort(compareCodeUnits), undefined, 2)}\n`]]);
}
