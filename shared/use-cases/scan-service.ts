import { itemsWithoutSecretTags } from '../collectors/secrets/tag-values.ts';
import type { CoverageEntry } from '../domain/coverage.ts';
import type { Fact, FactKind } from '../domain/fact.ts';
import type { ScanTarget } from '../domain/inventory.ts';
import type { Collector, SinkReport } from '../domain/ports.ts';
import type { Resource } from '../domain/resource.ts';
import { coverageOfUnit } from './collect-inventory.ts';
import { judgedBefore, saySomethingElse, statedBefore } from './judged-too-early.ts';
import { contextFor, factStore, factsNow, judgeLook, type LookDependencies } from './look.ts';
import { publishUnit } from './publish-changes.ts';
import type { StoredFacts } from './stored-facts.ts';
import { storeSummary, unknownByCheck } from './unit-summary.ts';
import { walkUntil } from './walk-until.ts';

export interface ScannedService {
  readonly service: string;
  readonly resources: number;
  readonly complete: boolean;
  readonly reports: readonly SinkReport[];
  /** Services that were judged before what it has stated anew was known. */
  readonly judgedTooEarly: readonly string[];
}

export interface ScanServiceDependencies extends LookDependencies {
  /** How long the invocation may still go on, in milliseconds. */
  readonly remainingMs: () => number;
  /** False where a later invocation has more time for it. */
  readonly tellsPart: boolean;
}

/** What is kept of an invocation's time to judge, remember and tell what was read. */
const TELLING_MS = 180_000;

interface Collected {
  readonly resources: readonly Resource[];
  readonly facts: readonly Fact[];
  readonly completeKinds: readonly FactKind[];
  readonly coverage: readonly CoverageEntry[];
  readonly isCut: boolean;
}

/**
 * Reads one service of one account and region, states its facts as a whole, judges it, and tells what changed. Killed
 * anywhere and repeated it ends the same: facts are replaced in one step, and what is untold stays pending.
 *
 * A service that takes longer than an invocation has is told as far as it was read: its coverage says that it is not
 * all, nothing in it is closed, and its facts count as not stated completely.
 *
 * @returns undefined when time was up and a later invocation has more of it: nothing was kept then
 */
export async function scanService(
  target: ScanTarget,
  collector: Collector,
  dependencies: ScanServiceDependencies,
): Promise<ScannedService | undefined> {
  const { ledger, registry, now } = dependencies;
  const { accountId, region } = target;
  const { service } = collector;
  const startedAt = now();
  const observedAt = startedAt.toISOString();
  const others = await factsNow(dependencies, { accountId, region, service, kinds: collector.producesFacts });
  const collected = await collect(target, collector, startedAt, others, dependencies);
  const { resources, facts, completeKinds, coverage, isCut } = collected;
  if (isCut && !dependencies.tellsPart) return undefined;
  const waiting = judgedBefore(collector, dependencies);
  const before = waiting.size === 0 ? [] : await statedBefore(ledger, target, service);
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
    unknownByCheck: summary.byStatus.UNKNOWN === 0 ? {} : unknownByCheck(result.findings()),
    resources: summary.resources,
    coverage,
  });
  const judgedTooEarly = [...waiting].flatMap(([other, kinds]) =>
    saySomethingElse(kinds, before, facts) ? other : [],
  );
  return { service, resources: resources.length, complete, reports, judgedTooEarly };
}

async function collect(
  target: ScanTarget,
  collector: Collector,
  startedAt: Date,
  others: StoredFacts,
  dependencies: ScanServiceDependencies,
): Promise<Collected> {
  const context = contextFor(target, collector, { startedAt, facts: factStore(others, dependencies) }, dependencies);
  const resources: Resource[] = [];
  const facts: Fact[] = [];
  const completeKinds: FactKind[] = [];
  const items = itemsWithoutSecretTags(collector.collect(context), context.classify);
  const isWhole = await walkUntil(items, dependencies.remainingMs() - TELLING_MS, (item) => {
    if ('resource' in item) resources.push(item.resource);
    else if ('fact' in item) facts.push(item.fact);
    else completeKinds.push(item.factsComplete);
  });
  if (!isWhole) context.reportGap(timeWasUp(collector.service));
  const coverage = coverageOfUnit(target, collector.service, context.gaps.list(), resources.length);
  return { resources, facts, completeKinds, coverage, isCut: !isWhole };
}

function timeWasUp(service: string) {
  return {
    operation: `${service}:Collect`,
    cause: 'failed',
    reason:
      `Reading ${service} takes longer than a function may run: a part was not read. ` +
      'Raise aws.rateShare, or scan the account with the command line, which has no limit.',
  } as const;
}
