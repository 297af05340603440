import { itemsWithoutSecretTags } from '../collectors/secrets/tag-values.ts';
import type { CoverageEntry } from '../domain/coverage.ts';
import type { Fact, FactKind } from '../domain/fact.ts';
import type { ScanTarget } from '../domain/inventory.ts';
import type { Collector, SinkReport } from '../domain/ports.ts';
import type { Resource } from '../domain/resource.ts';
import { coverageOfUnit } from './collect-inventory.ts';
import { contextFor, factStore, factsNow, judgeLook, type LookDependencies } from './look.ts';
import { publishUnit } from './publish-changes.ts';
import type { StoredFacts } from './stored-facts.ts';
import { storeSummary } from './unit-summary.ts';

export interface ScannedService {
  readonly service: string;
  readonly resources: number;
  readonly complete: boolean;
  readonly reports: readonly SinkReport[];
}

interface Collected {
  readonly resources: readonly Resource[];
  readonly facts: readonly Fact[];
  readonly completeKinds: readonly FactKind[];
  readonly coverage: readonly CoverageEntry[];
}

/**
 * Reads one service of one account and region, states its facts as a whole, judges it, and tells what changed. Killed
 * anywhere and repeated it ends the same: facts are replaced in one step, and what is untold stays pending.
 */
export async function scanService(
  target: ScanTarget,
  collector: Collector,
  dependencies: LookDependencies,
): Promise<ScannedService> {
  const { ledger, registry, now } = dependencies;
  const { accountId, region } = target;
  const { service } = collector;
  const startedAt = now();
  const observedAt = startedAt.toISOString();
  const others = await factsNow(dependencies, { accountId, region, service, kinds: collector.producesFacts });
  const collected = await collect(target, collector, startedAt, others, dependencies);
  const { resources, facts, completeKinds, coverage } = collected;
  await ledger.replaceFacts({ accountId, region, service, observedAt, completeKinds, facts });
  const result = judgeLook(
    { startedAt: observedAt, resources, coverage },
    {
      facts: [...others.facts, ...facts],
      completions: [...others.completions, ...completeKinds.map((kind) => ({ kind, accountId, region, service }))],
    },
    dependencies,
  );
  const checkIds = registry.checks
    .filter(({ resourceType }) => collector.resourceTypes.includes(resourceType))
    .map(({ id }) => id);
  const reports = await publishUnit(result, { ...dependencies, checkIds });
  const { summary, complete } = result.header;
  await storeSummary(ledger, {
    key: service,
    accountId,
    region,
    observedAt,
    unknown: summary.byStatus.UNKNOWN,
    resources: summary.resources,
    coverage,
  });
  return { service, resources: resources.length, complete, reports };
}

async function collect(
  target: ScanTarget,
  collector: Collector,
  startedAt: Date,
  others: StoredFacts,
  dependencies: LookDependencies,
): Promise<Collected> {
  const context = contextFor(target, collector, { startedAt, facts: factStore(others, dependencies) }, dependencies);
  const resources: Resource[] = [];
  const facts: Fact[] = [];
  const completeKinds: FactKind[] = [];
  for await (const item of itemsWithoutSecretTags(collector.collect(context), context.classify)) {
    if ('resource' in item) resources.push(item.resource);
    else if ('fact' in item) facts.push(item.fact);
    else completeKinds.push(item.factsComplete);
  }
  const coverage = coverageOfUnit(target, collector.service, context.gaps.list(), resources.length);
  return { resources, facts, completeKinds, coverage };
}
