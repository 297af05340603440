import { stringify } from 'yaml';
import type { Finding } from '../domain/finding.ts';
import { compareCodeUnits } from '../domain/order.ts';

/** What all waivers of a baseline have in common: somebody answers for them, and they end. */
export interface BaselineTerms {
  readonly owner: string;
  readonly reason: string;
  readonly approvedBy: string;
  readonly now: Date;
  /** Days until the waivers end, at most 365. */
  readonly days: number;
}

export interface Baseline {
  /** A waivers file. */
  readonly yaml: string;
  readonly waivers: number;
  readonly failures: number;
}

interface Group {
  readonly checkId: string;
  readonly accountId: string;
  readonly region: string;
  readonly uids: Set<string>;
}

const DAY_MS = 86_400_000;

/**
 * Today's failures as a waivers file: one waiver for each check, account and region, which names each resource
 * exactly, so that nothing new is ever hidden. Failures that a waiver already hides are left out.
 */
export function baselineOf(findings: Iterable<Finding>, terms: BaselineTerms): Baseline {
  const groups = new Map<string, Group>();
  let failures = 0;
  for (const { status, waiver, checkId, resource } of findings) {
    if (status !== 'FAILED' || waiver !== undefined) continue;
    failures += 1;
    const { accountId, region, uid } = resource;
    const key = [checkId, accountId, region].join(' ');
    const group = groups.get(key) ?? { checkId, accountId, region, uids: new Set() };
    groups.set(key, group);
    group.uids.add(uid);
  }
  const createdAt = terms.now.toISOString().slice(0, 10);
  const expiresAt = new Date(terms.now.getTime() + terms.days * DAY_MS).toISOString().slice(0, 10);
  const waivers = [...groups]
    .sort(([left], [right]) => compareCodeUnits(left, right))
    .map(([, { checkId, accountId, region, uids }]) => ({
      id: `baseline-${createdAt}-${checkId}-${accountId}-${region}`,
      checks: [checkId],
      scope: { accounts: [accountId], regions: [region], resource: [...uids].sort(compareCodeUnits) },
      reason: terms.reason,
      owner: terms.owner,
      approvedBy: terms.approvedBy,
      createdAt,
      expiresAt,
    }));
  const comment = `# What failed on ${createdAt}. New failures show; these show again after ${expiresAt}.\n`;
  return {
    yaml: comment + stringify({ version: 1, waivers }, { lineWidth: 0, aliasDuplicateObjects: false }),
    waivers: waivers.length,
    failures,
  };
}
