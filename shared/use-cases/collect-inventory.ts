import pMap from 'p-map';
import { errorName } from '../aws/errors.ts';
import { UnitContext } from '../collectors/collector-context.ts';
import { RunMemory } from '../collectors/run-memory.ts';
import { itemsWithoutSecretTags } from '../collectors/secrets/tag-values.ts';
import type { CoverageEntry, CoverageGap } from '../domain/coverage.ts';
import type { Fact, FactKind } from '../domain/fact.ts';
import type { FactCompletion, Inventory, ScanTarget } from '../domain/inventory.ts';
import { compareCodeUnits } from '../domain/order.ts';
import type { ClientClass, Collector, ContentMemory, ImageSettings } from '../domain/ports.ts';
import type { Resource, ResourceBase } from '../domain/resource.ts';
import type { ClassifiedText } from '../domain/secret.ts';
import { FactStore } from '../engine/fact-store.ts';

/** Told when a unit of work begins and ends, for a progress line. */
export type ProgressObserver = (progress: {
  readonly unitsDone: number;
  readonly unitsTotal: number;
  readonly resources: number;
  readonly label: string;
}) => void;

export interface CollectDependencies {
  readonly collectors: readonly Collector[];
  readonly clientFor: <C>(target: ScanTarget, clientClass: ClientClass<C>, region: string) => C;
  readonly classify: (name: string, text: string) => Promise<ClassifiedText>;
  /** What was read before of contents that never change; default: nothing. */
  readonly contents?: ContentMemory;
  readonly imageSettings?: ImageSettings;
  readonly now: () => Date;
  readonly onProgress?: ProgressObserver;
  /** Told what a collector threw, which is a defect of ours; the coverage only names it. */
  readonly onFailure?: (error: unknown) => void;
  /** Units read at once. */
  readonly concurrency: number;
}

/** A target that is not looked at, and why; it is named in the coverage. */
export interface ExcludedTarget extends ScanTarget {
  readonly reason: string;
  readonly status: 'excluded' | 'failed';
  readonly gaps?: readonly CoverageGap[];
}

/**
 * Reads all targets with all collectors. Collectors that need facts run after those that state them, in every target,
 * so that an image that runs in one region is known when its repository in another region is read.
 *
 * Never throws for something that could not be read, nor for a collector that fails; that is a gap in the coverage.
 */
export async function collectInventory(
  dependencies: CollectDependencies,
  targets: readonly ScanTarget[],
  excluded: readonly ExcludedTarget[] = [],
): Promise<Inventory> {
  const { collectors, now, onProgress, imageSettings } = dependencies;
  const contents = new RunMemory(dependencies.contents);
  const startedAt = now();
  const facts = new FactStore(targets, producersOf(collectors));
  const resources: Resource[] = [];
  const stated: Fact[] = [];
  const completions: FactCompletion[] = [];
  const coverage: CoverageEntry[] = excluded.flatMap((target) => coverageOfExcluded(target, collectors));
  const unitsTotal = targets.length * collectors.length;
  let unitsDone = 0;
  const report = (label: string) => onProgress?.({ unitsDone, unitsTotal, resources: resources.length, label });

  for (const phase of phasesOf(collectors)) {
    const units = targets.flatMap((target) => phase.map((collector) => ({ target, collector })));
    await pMap(
      units,
      async ({ target, collector }) => {
        const label = `${collector.service} ${target.accountId}/${target.region}`;
        const before = resources.length;
        const context = new UnitContext({
          target,
          service: collector.service,
          now: startedAt,
          facts,
          clientFor: (clientClass, region) => dependencies.clientFor(target, clientClass, region),
          classify: dependencies.classify,
          contents,
          ...(imageSettings === undefined ? {} : { imageSettings }),
        });
        report(label);
        let collected = 0;
        try {
          for await (const item of itemsWithoutSecretTags(collector.collect(context), dependencies.classify)) {
            if ('resource' in item) {
              resources.push(item.resource);
              collected += 1;
            } else if ('fact' in item) {
              facts.add(item.fact);
              stated.push(item.fact);
            } else {
              const completion = {
                kind: item.factsComplete,
                accountId: target.accountId,
                region: target.region,
                service: collector.service,
              };
              facts.markComplete(completion);
              completions.push(completion);
            }
            if (resources.length !== before && resources.length % 50 === 0) report(label);
          }
        } catch (error) {
          // A defect of ours, met by an answer nobody foresaw: it costs this unit, not the scan.
          dependencies.onFailure?.(error);
          context.gaps.add(failureOf(collector.service, error));
        }
        const gaps = context.gaps.list();
        facts.noteGaps(gaps);
        coverage.push(...coverageOfUnit(target, collector.service, gaps, collected));
        unitsDone += 1;
        report(label);
      },
      { concurrency: dependencies.concurrency },
    );
  }

  return {
    startedAt: startedAt.toISOString(),
    finishedAt: now().toISOString(),
    targets,
    services: collectors.map((collector) => collector.service).sort(compareCodeUnits),
    resources: resources.sort(compareByIdentity),
    facts: stated.sort((left, right) => compareCodeUnits(factOrder(left), factOrder(right))),
    factCompletions: completions.sort((left, right) => compareCodeUnits(JSON.stringify(left), JSON.stringify(right))),
    coverage: coverage.sort(compareCoverage),
  };
}

/** Only the error's name: its message may quote what was read. */
function failureOf(service: string, error: unknown): Omit<CoverageGap, 'accountId' | 'region' | 'service' | 'count'> {
  const name = errorName(error);
  return {
    operation: `${service}:Collect`,
    cause: 'failed',
    reason: `The collector of ${service} failed (${name}): what it had not read yet is not known. Please report it.`,
  };
}

/** Collectors in the order their facts demand: those that need a fact come after all that state it. */
export function phasesOf(collectors: readonly Collector[]): readonly (readonly Collector[])[] {
  const phases: Collector[][] = [];
  let waiting = [...collectors];
  while (waiting.length > 0) {
    const pending = new Set(waiting.flatMap((collector) => collector.producesFacts));
    const ready = waiting.filter((collector) => !collector.needsFacts.some((kind) => pending.has(kind)));
    if (ready.length === 0) {
      throw new Error(
        `The collectors ${waiting.map((collector) => collector.service).join(', ')} wait for each other's facts.`,
      );
    }
    phases.push(ready);
    waiting = waiting.filter((collector) => !ready.includes(collector));
  }
  return phases;
}

/** Which services state which kinds of facts. */
export function producersOf(collectors: readonly Collector[]): Map<FactKind, string[]> {
  const producers = new Map<FactKind, string[]>();
  for (const collector of collectors) {
    for (const kind of collector.producesFacts) {
      producers.set(kind, [...(producers.get(kind) ?? []), collector.service]);
    }
  }
  return producers;
}

/** The coverage of what one collector read in one account and region, its clusters apart. */
export function coverageOfUnit(
  { accountId, region }: ScanTarget,
  service: string,
  gaps: readonly CoverageGap[],
  collected: number,
): CoverageEntry[] {
  const scope = { accountId, region, service };
  const own = gaps.filter((gap) => gap.cluster === undefined);
  const clusters = [...new Set(gaps.flatMap((gap) => gap.cluster ?? []))];
  return [
    ownCoverage(scope, own, collected),
    ...clusters.map((cluster): CoverageEntry => {
      const clusterGaps = gaps.filter((gap) => gap.cluster === cluster);
      return { ...scope, cluster, status: 'partial', gaps: clusterGaps };
    }),
  ];
}

/** A service that the organization or the region refuses as a whole is out of scope, not an error. */
function ownCoverage(
  scope: Pick<CoverageEntry, 'accountId' | 'region' | 'service'>,
  gaps: readonly CoverageGap[],
  collected: number,
): CoverageEntry {
  const [first] = gaps;
  if (first === undefined) return { ...scope, status: 'scanned', gaps };
  if (collected > 0) return { ...scope, status: 'partial', gaps };
  const refused = gaps.every((gap) => gap.cause === 'denied-by-scp' || gap.cause === 'region-disabled');
  return refused ? { ...scope, status: 'excluded', reason: first.reason, gaps } : { ...scope, status: 'failed', gaps };
}

/** The coverage of a target that is not looked at, or cannot be: in every service the same. */
export function coverageOfExcluded(target: ExcludedTarget, collectors: readonly Collector[]): CoverageEntry[] {
  return collectors.map(({ service }) => ({
    accountId: target.accountId,
    region: target.region,
    service,
    status: target.status,
    reason: target.reason,
    gaps: (target.gaps ?? []).map((gap) => ({ ...gap, service })),
  }));
}

function compareByIdentity(left: Resource, right: Resource): number {
  const [a, b] = [left as ResourceBase<string>, right as ResourceBase<string>];
  return compareCodeUnits(identityOf(a), identityOf(b));
}

function identityOf(resource: ResourceBase<string>): string {
  return [resource.type, resource.accountId, resource.region, resource.uid].join(' ');
}

function factOrder(fact: Fact): string {
  return JSON.stringify(fact);
}

function compareCoverage(left: CoverageEntry, right: CoverageEntry): number {
  const order = (entry: CoverageEntry) => [entry.accountId, entry.region, entry.service, entry.cluster ?? ''].join(' ');
  return compareCodeUnits(order(left), order(right));
}
