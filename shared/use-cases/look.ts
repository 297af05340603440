import { UnitContext } from '../collectors/collector-context.ts';
import type { Inventory, ScanTarget } from '../domain/inventory.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { ClientClass, Collector, ImageSettings, Sink } from '../domain/ports.ts';
import type { ClassifiedText } from '../domain/secret.ts';
import type { WaiverSet } from '../domain/waiver.ts';
import { FactStore } from '../engine/fact-store.ts';
import type { ServiceOfCheck } from '../engine/finding-address.ts';
import type { CheckRegistry } from '../engine/registry.ts';
import { producersOf } from './collect-inventory.ts';
import { evaluateInventory, type ScanResult } from './evaluate-inventory.ts';
import { type FactOptions, loadFacts, type StoredFacts } from './stored-facts.ts';

/** What every look at an account needs, whole scans and rechecks alike. */
export interface LookDependencies {
  readonly ledger: Ledger;
  readonly registry: CheckRegistry;
  readonly collectors: readonly Collector[];
  /** Parsed parameters by check id. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly toolVersion: string;
  readonly waivers?: WaiverSet;
  /** Keys of the tags that alert routes ask for. */
  readonly routingTags?: readonly string[];
  readonly serviceOf: ServiceOfCheck;
  readonly sinks: readonly Sink[];
  readonly keepAliveDays: number;
  /** Facts older than this count as not stated. */
  readonly factMaxAgeSeconds: number;
  /** The accounts and regions in scope: whose facts there must be for an absence to mean anything. */
  readonly targets: readonly ScanTarget[];
  readonly clientFor: <C>(target: ScanTarget, clientClass: ClientClass<C>, region: string) => C;
  readonly classify: (name: string, text: string) => Promise<ClassifiedText>;
  /** How deep images are looked into; default: as the configuration's defaults say. */
  readonly imageSettings?: ImageSettings;
  readonly now: () => Date;
}

/** The facts that all units have left (but for one that states its own anew), as far as they are fresh. */
export function factsNow(dependencies: LookDependencies, without?: FactOptions['without']): Promise<StoredFacts> {
  const { ledger, targets, factMaxAgeSeconds: maxAgeSeconds, now } = dependencies;
  return loadFacts(ledger, new Set(targets.map(({ accountId }) => accountId)), {
    now: now(),
    maxAgeSeconds,
    ...(without === undefined ? {} : { without }),
  });
}

/** What reading and judging needs; no memory and no destinations. */
export type JudgeDependencies = Pick<
  LookDependencies,
  | 'registry'
  | 'collectors'
  | 'parameters'
  | 'toolVersion'
  | 'waivers'
  | 'routingTags'
  | 'targets'
  | 'clientFor'
  | 'classify'
  | 'now'
>;

/** A store that knows who in the scope should have stated what. */
export function factStore(
  stored: StoredFacts,
  { targets, collectors }: Pick<JudgeDependencies, 'targets' | 'collectors'>,
): FactStore {
  const facts = new FactStore(targets, producersOf(collectors));
  for (const fact of stored.facts) {
    facts.add(fact);
    // What another unit could not read is why it has not stated everything.
    if (fact.kind === 'unit-summary') facts.noteGaps(fact.coverage.flatMap(({ gaps }) => gaps));
  }
  for (const completion of stored.completions) facts.markComplete(completion);
  return facts;
}

/** The context of one collector in one account and region. */
export function contextFor(
  target: ScanTarget,
  { service }: Collector,
  { startedAt, facts }: { readonly startedAt: Date; readonly facts: FactStore },
  dependencies: Pick<LookDependencies, 'clientFor' | 'classify' | 'imageSettings'> & { readonly ledger?: Ledger },
): UnitContext {
  return new UnitContext({
    target,
    service,
    now: startedAt,
    facts,
    clientFor: (clientClass, region) => dependencies.clientFor(target, clientClass, region),
    classify: dependencies.classify,
    ...(dependencies.ledger === undefined ? {} : { contents: dependencies.ledger }),
    ...(dependencies.imageSettings === undefined ? {} : { imageSettings: dependencies.imageSettings }),
  });
}

/** Judges what one look has read, with the facts of all others. */
export function judgeLook(
  looked: Pick<Inventory, 'startedAt' | 'resources' | 'coverage'>,
  facts: StoredFacts,
  { registry, collectors, parameters, toolVersion, waivers, routingTags, targets, now }: JudgeDependencies,
): ScanResult {
  const inventory: Inventory = {
    ...looked,
    finishedAt: now().toISOString(),
    targets,
    services: collectors.map(({ service }) => service),
    facts: facts.facts,
    factCompletions: facts.completions,
  };
  return evaluateInventory(inventory, {
    registry,
    collectors,
    parameters,
    toolVersion,
    ...(waivers === undefined ? {} : { waivers }),
    ...(routingTags === undefined ? {} : { routingTags }),
    waiversAt: now(),
  });
}
