import type { CredentialSource } from './aws/accounts.ts';
import { type CallObserver, ClientFactory } from './aws/clients.ts';
import { Limiter } from './aws/limiter.ts';
import { checks } from './checks/index.generated.ts';
import { collectors } from './collectors/index.generated.ts';
import { createClassifier } from './collectors/secrets/classifier.ts';
import { ConfigError, type LoadedConfig } from './config/load.ts';
import type { Check } from './domain/check.ts';
import type { FactKind } from './domain/fact.ts';
import type { Inventory } from './domain/inventory.ts';
import type { ClientClass, Collector, SinkReport } from './domain/ports.ts';
import type { WaiverSet } from './domain/waiver.ts';
import { type CheckRegistry, createRegistry } from './engine/registry.ts';
import { SecurityHubSink } from './sinks/security-hub/sink.ts';
import { InMemoryAlertMemory } from './sinks/sns/alert-memory.ts';
import { SnsSink } from './sinks/sns/sink.ts';
import type { Topics } from './sinks/sns/topic.ts';
import { collectInventory, type ProgressObserver } from './use-cases/collect-inventory.ts';
import { evaluateInventory, type ScanResult } from './use-cases/evaluate-inventory.ts';
import { planTargets, type TargetPlan } from './use-cases/plan-targets.ts';
import { publishFirstLook } from './use-cases/publish-first-look.ts';

/** All checks there are. Refuses bad ones at start, naming them. */
export function allChecks(): CheckRegistry {
  return createRegistry(checks);
}

export interface AppOptions extends LoadedConfig {
  readonly toolVersion: string;
  /** Key of the hashes that tell equal secrets from different ones; at least 16 bytes. */
  readonly hashKey: Uint8Array;
  readonly now?: () => Date;
  readonly onCall?: CallObserver;
  readonly onProgress?: ProgressObserver;
  /** For endpoints without rate limits: the demo and tests. */
  readonly unlimitedRate?: boolean;
  /** Judge only these checks. */
  readonly checkIds?: readonly string[];
  /** Read only these services; default: those that the selected checks need. */
  readonly services?: readonly string[];
  /** Accepted risks, where there is a waivers file. */
  readonly waivers?: WaiverSet;
}

export interface App {
  readonly registry: CheckRegistry;
  readonly collectors: readonly Collector[];
  readonly clients: ClientFactory;
  /** Reads the accounts and regions that the sources open. */
  collect(sources: readonly CredentialSource[], regions: readonly string[]): Promise<Inventory>;
  /**
   * Judges an inventory.
   *
   * @param waiversAt the instant at which waivers must hold; the time of the inventory by default
   */
  evaluate(inventory: Inventory, waiversAt?: Date): ScanResult;
  /**
   * Tells destinations about a result, with the credentials the inventory was read with.
   *
   * @throws ConfigError when a destination lacks its configuration
   */
  publish(result: ScanResult, destinations: readonly Destination[]): Promise<readonly SinkReport[]>;
  /** Closes all connections. */
  close(): void;
}

/** Wires the rooms together; the only place that chooses implementations. */
export function composeApp(options: AppOptions): App {
  const { config, parameters, toolVersion, checkIds, onCall, onProgress } = options;
  const now = options.now ?? (() => new Date());
  const all = allChecks();
  const selected = selectCollectors(all.checks, checkIds, options.services);
  const registry = createRegistry(
    all.checks.filter(
      (check) =>
        (checkIds === undefined || checkIds.includes(check.id)) &&
        (options.services === undefined ||
          selected.some(({ resourceTypes }) => resourceTypes.includes(check.resourceType))),
    ),
  );
  const { rateShare, concurrency, maxAttempts, connectionTimeoutMs, requestTimeoutMs } = config.aws;
  const clients = new ClientFactory({
    limiter: new Limiter({ rateShare: options.unlimitedRate === true ? 'unlimited' : rateShare, concurrency }),
    maxAttempts,
    maxSockets: concurrency * 2,
    connectionTimeoutMs,
    requestTimeoutMs,
    ...(onCall === undefined ? {} : { observe: onCall }),
  });
  const classify = createClassifier({ hashKey: options.hashKey });
  let accounts: TargetPlan['accounts'] = new Map();
  return {
    registry,
    collectors: selected,
    clients,
    async collect(sources, regions) {
      const plan = await planTargets(clients, sources, regions);
      const { targets, excluded } = plan;
      accounts = plan.accounts;
      return collectInventory(
        {
          collectors: selected,
          clientFor: (target, clientClass, region) =>
            clients.clientFor(clientClass, target.accountId, region, accounts.get(target.accountId)?.credentials),
          classify,
          now,
          concurrency: UNITS_AT_ONCE,
          ...(onProgress === undefined ? {} : { onProgress }),
        },
        targets,
        excluded,
      );
    },
    evaluate: (inventory, waiversAt) =>
      evaluateInventory(inventory, {
        registry,
        collectors,
        parameters,
        toolVersion,
        ...(options.waivers === undefined ? {} : { waivers: options.waivers }),
        ...(waiversAt === undefined ? {} : { waiversAt }),
      }),
    publish(result, destinations) {
      const sinks = createSinks(options, all, (clientClass, accountId, region) =>
        clients.clientFor(clientClass, accountId, region, accounts.get(accountId)?.credentials),
      );
      return publishFirstLook(
        result,
        destinations.map((destination) => sinks[destination]()),
      );
    },
    close: () => clients.destroy(),
  };
}

/** The destinations of a run without a ledger. */
export const DESTINATIONS = ['security-hub', 'sns'] as const;
export type Destination = (typeof DESTINATIONS)[number];

/** Makes sinks when they are asked for: one that is not used needs no configuration. */
function createSinks(
  { config, toolVersion }: AppOptions,
  registry: CheckRegistry,
  clientFor: <C>(clientClass: ClientClass<C>, accountId: string, region: string) => C,
): Record<Destination, () => SecurityHubSink | SnsSink> {
  const checkOf = (id: string) => registry.find(id);
  return {
    'security-hub': () => new SecurityHubSink({ checkOf, toolVersion, clientFor }),
    sns: () => {
      const { sns } = config.publish;
      if (sns === undefined) {
        throw new ConfigError(['Publishing to SNS needs publish.sns.topics in the configuration (--config).']);
      }
      const { environment: env, team, reportUrl } = sns;
      return new SnsSink({
        checkOf,
        clientFor,
        topics: sns.topics as Topics,
        memory: new InMemoryAlertMemory(sns.maxImmediatePerRun),
        accountNameOf: (accountId) => config.accountNames[accountId],
        ownershipOf: () => ({ ...(env === undefined ? {} : { env }), ...(team === undefined ? {} : { team }) }),
        ...(reportUrl === undefined ? {} : { reportUrl }),
      });
    },
  };
}

/** Units (service × account × region) read at once on a laptop or in CI. */
const UNITS_AT_ONCE = 8;

/**
 * The collectors a run needs: those asked for by name, else those whose resources the selected checks judge together
 * with those that state the facts these need.
 */
function selectCollectors(
  all: readonly Check[],
  checkIds: readonly string[] | undefined,
  services: readonly string[] | undefined,
): readonly Collector[] {
  if (services !== undefined) return collectors.filter(({ service }) => services.includes(service));
  if (checkIds === undefined) return collectors;
  const selectedChecks = all.filter((check) => checkIds.includes(check.id));
  const types = new Set(selectedChecks.map((check) => check.resourceType));
  const needed = new Set(collectors.filter((collector) => collector.resourceTypes.some((type) => types.has(type))));
  const addProducersOf = (kinds: readonly FactKind[]) => {
    for (const producer of collectors) {
      if (producer.producesFacts.some((kind) => kinds.includes(kind))) needed.add(producer);
    }
  };
  addProducersOf(selectedChecks.flatMap((check) => (check.needs ?? []).map((need) => need.kind)));
  // The set grows while it is walked, so that producers' own needs are met as well.
  for (const collector of needed) addProducersOf(collector.needsFacts);
  return collectors.filter((collector) => needed.has(collector));
}
