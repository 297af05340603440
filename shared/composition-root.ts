import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { type CredentialSource, homeRegionFor, reachAccount } from './aws/accounts.ts';
import { type CallObserver, ClientFactory } from './aws/clients.ts';
import { Limiter } from './aws/limiter.ts';
import { listOrganization } from './aws/organization.ts';
import { checks } from './checks/index.generated.ts';
import { collectors } from './collectors/index.generated.ts';
import { insideOfCluster, kubernetesCollector, kubernetesCollectorWith } from './collectors/kubernetes/collect.ts';
import { createClassifier } from './collectors/secrets/classifier.ts';
import { ConfigError, type LoadedConfig } from './config/load.ts';
import type { Config } from './config/schema.ts';
import type { Check } from './domain/check.ts';
import type { FactKind } from './domain/fact.ts';
import type { Inventory } from './domain/inventory.ts';
import type { Ledger } from './domain/ledger.ts';
import type { ClientClass, Collector, ContentMemory, SinkReport } from './domain/ports.ts';
import { asksForUnits, type RouteMatch, routingTagKeys, type UnitsOfAccount } from './domain/route.ts';
import type { WaiverSet } from './domain/waiver.ts';
import { COVERAGE_CHECK, COVERAGE_CHECK_ID } from './engine/coverage-findings.ts';
import { withExemptions } from './engine/exemptions.ts';
import { type CheckRegistry, createRegistry } from './engine/registry.ts';
import { storedInventories } from './inventory-file/stored.ts';
import { DynamoDbItemStore } from './ledger/dynamodb.ts';
import { ItemLedger } from './ledger/item-ledger.ts';
import { openSqliteItemStore } from './ledger/sqlite.ts';
import type { CheckLookup } from './sinks/check-lookup.ts';
import { controlLookup } from './sinks/security-hub/control-status.ts';
import { SecurityHubSink } from './sinks/security-hub/sink.ts';
import type { Ownership } from './sinks/sns/alert.ts';
import { type AlertMemory, InMemoryAlertMemory } from './sinks/sns/alert-memory.ts';
import { type SnsRoute, SnsSink } from './sinks/sns/sink.ts';
import type { Topics } from './sinks/sns/topic.ts';
import { type AccountLeftOut, type AccountsInScope, accountsInScope } from './use-cases/accounts-in-scope.ts';
import { collectInventory, type ProgressObserver } from './use-cases/collect-inventory.ts';
import { evaluateInventory, type ScanResult } from './use-cases/evaluate-inventory.ts';
import { LedgerAlertMemory } from './use-cases/ledger-alert-memory.ts';
import { CredentialsError, planTargets, type TargetPlan } from './use-cases/plan-targets.ts';
import { publishChanges } from './use-cases/publish-changes.ts';
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
  /** What was read before of contents that never change: the ledger. */
  readonly contents?: ContentMemory;
  readonly onCall?: CallObserver;
  readonly onProgress?: ProgressObserver;
  /** Told what a collector threw; the coverage only names it. */
  readonly onFailure?: (error: unknown) => void;
  /** For endpoints without rate limits: the demo and tests. */
  readonly unlimitedRate?: boolean;
  /** Judge only these checks. */
  readonly checkIds?: readonly string[];
  /** Read only these services; default: those that the selected checks need. */
  readonly services?: readonly string[];
  /** Read only the inside of this cluster. */
  readonly cluster?: string;
  /** Of the AWS configuration, for buckets; accounts have theirs by their sources. */
  readonly profile?: string;
  /** Accepted risks, where there is a waivers file. */
  readonly waivers?: WaiverSet;
}

export interface App {
  readonly registry: CheckRegistry;
  readonly collectors: readonly Collector[];
  readonly clients: ClientFactory;
  /** Reads the accounts and regions that the sources open. */
  collect(
    sources: readonly CredentialSource[],
    regions: readonly string[],
    leftOut?: readonly AccountLeftOut[],
  ): Promise<Inventory>;
  /**
   * The accounts that the configuration names, where it names any: asks Organizations where they come from there.
   *
   * @param regions those to scan; their partition is asked
   * @throws OrganizationError, CredentialsError
   */
  accountsInScope(profile: string | undefined, regions: readonly string[]): Promise<AccountsInScope>;
  /**
   * Judges an inventory.
   *
   * @param waiversAt the instant at which waivers must hold; the time of the inventory by default
   */
  evaluate(inventory: Inventory, waiversAt?: Date): ScanResult;
  /**
   * Tells destinations about a result, with the credentials the inventory was read with: only what changed where there
   * is a ledger, else every failure.
   *
   * @throws ConfigError when a destination lacks its configuration
   */
  publish(result: ScanResult, destinations: readonly Destination[], ledger?: Ledger): Promise<readonly SinkReport[]>;
  /** Closes all connections. */
  close(): void;
}

/** Wires the rooms together; the only place that chooses implementations. */
export function composeApp(options: AppOptions): App {
  const { config, parameters, toolVersion, onCall, onProgress } = options;
  const now = options.now ?? (() => new Date());
  const all = allChecks();
  const { registry, collectors: selected } = selection(all, {
    ...options,
    exemptions: config.checks.exemptions,
    collected: config.clusters.collected,
  });
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
  let units: ReadonlyMap<string, readonly string[]> = new Map();
  return {
    registry,
    collectors: selected,
    clients,
    async accountsInScope(profile, regions) {
      const region = homeRegionFor(regions[0] ?? 'us-east-1');
      const source = profile === undefined ? {} : { profile };
      const answer = await reachAccount(clients, source, region);
      if (!answer.reached) throw new CredentialsError(answer.reason, profile);
      const { accountId, credentials } = answer.account;
      const inScope = await accountsInScope(config.scope, {
        own: answer.account,
        ...source,
        withUnits: asksForUnits(alertRoutes(config)),
        listOrganization: (question) =>
          listOrganization(clients.clientFor(OrganizationsClient, accountId, region, credentials), question),
      });
      units = new Map(inScope.accounts.map((account) => [account.accountId, account.organizationalUnits ?? []]));
      return inScope;
    },
    async collect(sources, regions, leftOut = []) {
      const plan = await planTargets(clients, sources, regions, leftOut);
      const { targets, excluded } = plan;
      accounts = plan.accounts;
      return collectInventory(
        {
          collectors: selected,
          clientFor: (target, clientClass, region) =>
            clients.clientFor(clientClass, target.accountId, region, accounts.get(target.accountId)?.credentials),
          classify,
          now,
          imageSettings: config.images,
          ...(options.contents === undefined ? {} : { contents: options.contents }),
          concurrency: UNITS_AT_ONCE,
          ...(onProgress === undefined ? {} : { onProgress }),
          ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
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
        routingTags: routingTagKeys(alertRoutes(config)),
      }),
    publish(result, destinations, ledger) {
      const runId = result.header.startedAt;
      const serviceOf = (checkId: string) => serviceOfCheck(all, checkId);
      const max = config.publish.sns?.maxImmediatePerRun ?? 0;
      const memory =
        ledger === undefined
          ? new InMemoryAlertMemory(max)
          : new LedgerAlertMemory({ ledger, serviceOf, services: SERVICES_READ, window: runId, max });
      const makers = createSinks(
        options,
        all,
        memory,
        (clientClass, accountId, region) =>
          clients.clientFor(clientClass, accountId, region, accounts.get(accountId)?.publishing),
        (accountId) => units.get(accountId),
      );
      const sinks = destinations.map((destination) => makers[destination]());
      if (ledger === undefined) return publishFirstLook(result, sinks);
      const checkIds = registry.checks.map(({ id }) => id);
      return publishChanges(runId, result, {
        ledger,
        sinks,
        checkIds,
        serviceOf,
        registry,
        now,
        keepAliveDays: config.publish.keepAliveDays,
      });
    },
    close: () => clients.destroy(),
  };
}

/**
 * Opens the memory of findings: `dynamodb:TABLE`, or the path of a local file.
 *
 * @throws LocalLedgerError where the file cannot be used
 */
export async function openLedger(place: string, now?: () => Date): Promise<Ledger> {
  const [, table] = /^dynamodb:(.+)$/.exec(place) ?? [];
  return new ItemLedger(
    table === undefined
      ? await openSqliteItemStore(place, now)
      : new DynamoDbItemStore(new DynamoDBClient({ retryMode: 'adaptive' }), table),
    now,
  );
}

/** Every service there is a collector for: the parts of the ledger. */
export const SERVICES_READ: readonly string[] = collectors.map(({ service }) => service);

/** Which service reads what a check judges: the part of the ledger its findings are in. */
export function serviceOfCheck(registry: CheckRegistry, checkId: string): string | undefined {
  const type = registry.find(checkId)?.resourceType;
  return collectors.find(({ resourceTypes }) => type !== undefined && resourceTypes.includes(type))?.service;
}

/** The destinations of a run. */
export const DESTINATIONS = ['security-hub', 'sns'] as const;
export type Destination = (typeof DESTINATIONS)[number];

/** Makes sinks when they are asked for: one that is not used needs no configuration. */
export function createSinks(
  { config, toolVersion }: Pick<AppOptions, 'config' | 'toolVersion'>,
  registry: CheckRegistry,
  memory: AlertMemory,
  clientFor: <C>(clientClass: ClientClass<C>, accountId: string, region: string) => C,
  unitsOf?: UnitsOfAccount,
): Record<Destination, () => SecurityHubSink | SnsSink> {
  const checkOf: CheckLookup = (id) => (id === COVERAGE_CHECK_ID ? COVERAGE_CHECK : registry.find(id));
  return {
    'security-hub': () => {
      const { onOverlap, resolveOnFix } = config.publish.securityHub;
      const overlap = { onOverlap, isControlEnabled: controlLookup(clientFor) };
      return new SecurityHubSink({ checkOf, toolVersion, clientFor, resolveOnFix, overlap });
    },
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
        routes: alertRoutes(config),
        memory,
        everyRun: sns.everyRun,
        accountNameOf: (accountId) => config.accountNames[accountId],
        ownershipOf: () => ownership(env, team),
        ...(unitsOf === undefined ? {} : { unitsOf }),
        ...(reportUrl === undefined ? {} : { reportUrl }),
      });
    },
  };
}

/** The routes of alerts as they are configured; one that names no team or environment has that of all. */
export function alertRoutes({ publish: { sns } }: Config): readonly SnsRoute[] {
  return (sns?.routes ?? []).map(({ name, match, topics, environment, team }) => ({
    name,
    match: match as RouteMatch,
    topics: topics as Topics,
    ownership: ownership(environment ?? sns?.environment, team ?? sns?.team),
  }));
}

function ownership(env: string | undefined, team: string | undefined): Ownership {
  return { ...(env === undefined ? {} : { env }), ...(team === undefined ? {} : { team }) };
}

/** Units (service × account × region) read at once on a laptop or in CI. */
const UNITS_AT_ONCE = 8;

/** What is judged, and what has to be read for it. */
export interface Selection {
  readonly registry: CheckRegistry;
  readonly collectors: readonly Collector[];
}

type SelectionOptions = Pick<AppOptions, 'checkIds' | 'services' | 'cluster' | 'profile'> & {
  /** Clusters whose inside is not read here, but taken from a bucket. */
  readonly collected?: Config['clusters']['collected'];
  /** Whether what vendors manage passes although it breaks the rule. */
  readonly exemptions: boolean;
};

/** The checks that are switched on, as far as their service is read, with the collectors they need. */
export function selection(all: CheckRegistry, options: SelectionOptions): Selection {
  const { checkIds, services, exemptions, collected = [], cluster, profile } = options;
  const stored = { collected, open: storedInventories(profile) };
  const selected =
    cluster === undefined
      ? selectCollectors(all.checks, checkIds, services).map((collector) =>
          collector === kubernetesCollector ? kubernetesCollectorWith(stored) : collector,
        )
      : [insideOfCluster(cluster)];
  // What no service reads is in files only, which are linted.
  const isRead = ({ resourceType }: Check) =>
    selected.some(({ resourceTypes }) => resourceTypes.includes(resourceType));
  const checks = all.checks.filter((check) => isRead(check) && (checkIds === undefined || checkIds.includes(check.id)));
  return { registry: createRegistry(exemptions ? checks.map(withExemptions) : checks), collectors: selected };
}

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
