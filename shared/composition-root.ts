import type { CredentialSource } from './aws/accounts.ts';
import { type CallObserver, ClientFactory } from './aws/clients.ts';
import { Limiter } from './aws/limiter.ts';
import { checks } from './checks/index.generated.ts';
import { collectors } from './collectors/index.generated.ts';
import { createClassifier } from './collectors/secrets/classifier.ts';
import type { LoadedConfig } from './config/load.ts';
import type { Check } from './domain/check.ts';
import type { FactKind } from './domain/fact.ts';
import type { Inventory } from './domain/inventory.ts';
import type { Collector } from './domain/ports.ts';
import { type CheckRegistry, createRegistry } from './engine/registry.ts';
import { collectInventory, type ProgressObserver } from './use-cases/collect-inventory.ts';
import { evaluateInventory, type ScanResult } from './use-cases/evaluate-inventory.ts';
import { planTargets } from './use-cases/plan-targets.ts';

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
}

export interface App {
  readonly registry: CheckRegistry;
  readonly collectors: readonly Collector[];
  readonly clients: ClientFactory;
  /** Reads the accounts and regions that the sources open. */
  collect(sources: readonly CredentialSource[], regions: readonly string[]): Promise<Inventory>;
  /** Judges an inventory. */
  evaluate(inventory: Inventory): ScanResult;
  /** Closes all connections. */
  close(): void;
}

/** Wires the rooms together; the only place that chooses implementations. */
export function composeApp(options: AppOptions): App {
  const { config, parameters, toolVersion, checkIds, onCall, onProgress } = options;
  const now = options.now ?? (() => new Date());
  const all = allChecks();
  const registry =
    checkIds === undefined ? all : createRegistry(all.checks.filter((check) => checkIds.includes(check.id)));
  const selected = selectCollectors(registry.checks, options.services, checkIds !== undefined);
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
  return {
    registry,
    collectors: selected,
    clients,
    async collect(sources, regions) {
      const { targets, excluded, accounts } = await planTargets(clients, sources, regions);
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
    evaluate: (inventory) => evaluateInventory(inventory, { registry, collectors, parameters, toolVersion }),
    close: () => clients.destroy(),
  };
}

/** Units (service × account × region) read at once on a laptop or in CI. */
const UNITS_AT_ONCE = 8;

/**
 * The collectors a run needs: those asked for by name, else those whose resources the selected checks judge together
 * with those that state the facts these need.
 */
function selectCollectors(
  selectedChecks: readonly Check[],
  services: readonly string[] | undefined,
  checksWereSelected: boolean,
): readonly Collector[] {
  if (services !== undefined) return collectors.filter(({ service }) => services.includes(service));
  if (!checksWereSelected) return collectors;
  const types = new Set(selectedChecks.map((check) => check.resourceType));
  const needed = new Set(collectors.filter((collector) => collector.resourceTypes.some((type) => types.has(type))));
  const joined = selectedChecks.flatMap((check) => (check.needs ?? []).map((need) => need.kind));
  const addProducersOf = (kinds: readonly FactKind[]) => {
    for (const producer of collectors)
      if (producer.producesFacts.some((kind) => kinds.includes(kind))) needed.add(producer);
  };
  addProducersOf(joined);
  // The set grows while it is walked, so that producers' own needs are met as well.
  for (const collector of needed) addProducersOf(collector.needsFacts);
  return collectors.filter((collector) => needed.has(collector));
}
