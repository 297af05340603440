import type { CoverageEntry } from '../domain/coverage.ts';
import { groupBy } from '../domain/group-by.ts';
import type { ScanTarget } from '../domain/inventory.ts';
import type { FinishedRun, NotCovered } from '../domain/ledger.ts';
import { compareCodeUnits } from '../domain/order.ts';

/** The accounts and regions in which a run has read nothing at all, with the reason; one entry for each reason. */
export function notCoveredIn(entries: readonly CoverageEntry[]): readonly NotCovered[] {
  const found = new Map<string, { readonly of: Omit<NotCovered, 'regions'>; readonly regions: string[] }>();
  for (const ofRegion of groupBy(entries, ({ accountId, region }) => `${accountId} ${region}`).values()) {
    if (ofRegion.some(({ status }) => status === 'scanned' || status === 'partial')) continue;
    const told = ofRegion.find(({ status }) => status === 'failed') ?? ofRegion[0];
    if (told === undefined) continue;
    const { accountId, region, status } = told;
    const reason = told.reason ?? told.gaps[0]?.reason ?? 'it could not be read';
    const key = [accountId, status, reason].join(' ');
    const same = found.get(key) ?? {
      of: { accountId, status: status === 'excluded' ? 'excluded' : 'failed', reason },
      regions: [],
    };
    found.set(key, same);
    same.regions.push(region);
  }
  return [...found]
    .toSorted(([left], [right]) => compareCodeUnits(left, right))
    .map(([, { of, regions }]) => ({ ...of, regions: regions.sort(compareCodeUnits) }));
}

/** Where a run should have looked: what it covered, and what it could not read. */
export function scopeOfRun({ scopes, notCovered = [] }: FinishedRun, partition: string): readonly ScanTarget[] {
  const targets = new Map<string, ScanTarget>();
  const add = (accountId: string, region: string) =>
    targets.set(`${accountId} ${region}`, { accountId, region, partition });
  for (const scope of scopes) {
    const [accountId = '', region = ''] = scope.split(' ');
    add(accountId, region);
  }
  for (const { accountId, regions, status } of notCovered) {
    if (status === 'failed') for (const region of regions) add(accountId, region);
  }
  return [...targets.values()];
}
