import type { Fact, FactKind } from '../domain/fact.ts';
import type { ScanTarget } from '../domain/inventory.ts';
import type { Collector } from '../domain/ports.ts';
import { phasesOf } from './collect-inventory.ts';
import type { LookDependencies } from './look.ts';

/**
 * Services whose resources were judged before a collector of a later phase has stated what their checks look up: the
 * outside of a cluster is read before its inside.
 *
 * @returns each with the kinds of facts it waits for
 */
export function judgedBefore(
  { service, producesFacts }: Collector,
  { collectors, registry }: Pick<LookDependencies, 'collectors' | 'registry'>,
): ReadonlyMap<string, readonly FactKind[]> {
  const earlier: Collector[] = [];
  for (const phase of phasesOf(collectors)) {
    if (phase.some((collector) => collector.service === service)) break;
    earlier.push(...phase);
  }
  const waiting = earlier.map((collector) => {
    const checks = registry.checks.filter(({ resourceType }) => collector.resourceTypes.includes(resourceType));
    const kinds = checks.flatMap(({ needs = [] }) => needs.map(({ kind }) => kind));
    return [collector.service, producesFacts.filter((kind) => kinds.includes(kind))] as const;
  });
  return new Map(waiting.filter(([, kinds]) => kinds.length > 0));
}

/** The facts of some kinds that a service has stated last, without when. */
export async function statedBefore(
  ledger: LookDependencies['ledger'],
  { accountId, region }: ScanTarget,
  service: string,
): Promise<readonly Fact[]> {
  for await (const unit of ledger.factsOf(accountId)) {
    if (unit.region === region && unit.service === service) return unit.facts;
  }
  return [];
}

/** Whether facts of some kinds say something else than before. */
export function saySomethingElse(kinds: readonly FactKind[], before: readonly Fact[], now: readonly Fact[]): boolean {
  const said = (facts: readonly Fact[]) =>
    facts
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ observedAt: _, ...fact }) => JSON.stringify(fact))
      .sort()
      .join('\n');
  return said(before) !== said(now);
}
