import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { homeRegionFor } from '../aws/accounts.ts';
import { ClientFactory } from '../aws/clients.ts';
import { Limiter } from '../aws/limiter.ts';
import { listOrganization } from '../aws/organization.ts';
import { ReportBucket } from '../aws/report-bucket.ts';
import { queueDepth, SqsQueue } from '../aws/sqs-queue.ts';
import { createClassifier } from '../collectors/secrets/classifier.ts';
import {
  alertRoutes,
  allChecks,
  createSinks,
  openLedger,
  SERVICES_READ,
  type Selection,
  selection,
  serviceOfCheck,
} from '../composition-root.ts';
import type { LambdaEnvironment } from '../config/lambda-environment.ts';
import { ConfigError } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Diagnosis } from '../domain/diagnosis.ts';
import type { ScanTarget } from '../domain/inventory.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { ClientClass, Collector, Sink } from '../domain/ports.ts';
import type { MessageQueue } from '../domain/queue.ts';
import { asksForUnits, routingTagKeys, type UnitsOfAccount } from '../domain/route.ts';
import type { CheckRegistry } from '../engine/registry.ts';
import { type AccountsInScope, accountsInScope, sourceOf } from '../use-cases/accounts-in-scope.ts';
import { factHorizon, MAX_FACT_ACCOUNTS, unread } from '../use-cases/fact-horizon.ts';
import { LedgerAlertMemory } from '../use-cases/ledger-alert-memory.ts';
import type { LookDependencies } from '../use-cases/look.ts';
import { scopeOfRun } from '../use-cases/not-covered.ts';
import { type AccountTargets, planAccount, UnknownRegionError } from '../use-cases/plan-targets.ts';
import type { RespondDependencies } from '../use-cases/respond.ts';
import { targetsOf, type UnitMessage } from '../use-cases/run-messages.ts';
import { accountProgress, accountsOfRun, readRun } from '../use-cases/run-progress.ts';
import type { QueueDepth } from '../use-cases/watch.ts';
import { diagnoseDeployment, functionRolesIn } from './diagnose-deployment.ts';
import { MemberAccounts, type Purpose } from './member-accounts.ts';
import { RespondingAccounts } from './responding-accounts.ts';
import { BucketSettings, type Settings } from './settings.ts';

/** Whose function it is: in the ARN by which it was called, so that nobody has to be asked. */
export interface Caller {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

export interface LambdaAppOptions {
  readonly environment: LambdaEnvironment;
  readonly caller: Caller;
  readonly toolVersion: string;
}

/** Accounts that are looked up at once. */
const ACCOUNTS_AT_ONCE = 16;

/** Everything a look needs, and the queues to the other functions. */
export type Wiring = LookDependencies & { readonly unitQueue: MessageQueue; readonly finishQueue: MessageQueue };

/**
 * Wires the rooms together for the functions of a deployment. One lives as long as its execution environment, so that
 * connections, sessions of roles and the configuration are there already for the next event.
 */
export class LambdaApp {
  /** All checks there are, also those that are switched off. */
  readonly registry: CheckRegistry = allChecks();
  readonly ledger: Promise<Ledger>;
  readonly toolVersion: string;
  readonly #environment: LambdaEnvironment;
  readonly #caller: Caller;
  readonly #settings: BucketSettings;
  #members: MemberAccounts | undefined;
  #clients: ClientFactory | undefined;
  #responding: RespondingAccounts | undefined;

  constructor({ environment, caller, toolVersion }: LambdaAppOptions) {
    this.toolVersion = toolVersion;
    this.#environment = environment;
    this.#caller = caller;
    this.ledger = openLedger(`dynamodb:${environment.HULLCHECK_TABLE}`);
    this.#settings = new BucketSettings(this.registry, environment, new S3Client({ retryMode: 'adaptive' }));
  }

  now(): Date {
    return new Date();
  }

  settings(): Promise<Settings> {
    return this.#settings.read(this.now());
  }

  async collectors(): Promise<readonly Collector[]> {
    return (await this.#selection()).collectors;
  }

  /** The regions to scan, whatever account. */
  async regions(): Promise<readonly string[]> {
    return (await this.settings()).config.scope.regions ?? [this.#caller.region];
  }

  /**
   * The accounts that are configured; asks Organizations where they come from there.
   *
   * @throws OrganizationError
   */
  async accountsInScope(): Promise<AccountsInScope> {
    const { config } = await this.settings();
    return accountsInScope(config.scope, {
      own: this.#caller,
      withUnits: asksForUnits(alertRoutes(config)),
      listOrganization: async (question) => {
        const { accountId, region } = this.#caller;
        const client = (await this.#factory()).clientFor(OrganizationsClient, accountId, homeRegionFor(region));
        return listOrganization(client, question);
      },
    });
  }

  /**
   * The regions of an account that can be scanned; asks AWS.
   *
   * @throws CredentialsError where the function's own credentials do not work
   */
  async planAccount(accountId: string): Promise<Pick<AccountTargets, 'targets' | 'excluded'>> {
    const regions = await this.regions();
    const { scope } = (await this.settings()).config;
    const source = sourceOf(scope, accountId, this.#caller);
    try {
      return await planAccount(await this.#factory(), source, regions);
    } catch (error) {
      if (!(error instanceof UnknownRegionError)) throw error;
      const { partition } = this.#caller;
      const excluded = regions.map((region) => ({ accountId, region, partition, reason: error.message }));
      return { targets: [], excluded: excluded.map((target) => ({ ...target, status: 'failed' })) };
    }
  }

  /** What the last finished run should have read; before there is one, the function's own account. */
  async targetsInScope(): Promise<readonly ScanTarget[]> {
    const last = await (await this.ledger).lastFinishedRun();
    const { accountId, partition } = this.#caller;
    const targets = last === undefined ? [] : scopeOfRun(last, partition);
    if (targets.length > 0) return targets;
    return (await this.regions()).map((region) => ({ accountId, region, partition }));
  }

  /** What a run expects, all accounts together. */
  async runTargets(runId: string): Promise<readonly ScanTarget[]> {
    return (await readRun(await this.ledger, runId, await this.regions())).targets;
  }

  /** The accounts and regions whose facts a unit needs: others have stated theirs when the second phase begins. */
  async targetsOfUnit({ runId, accountId, phase, services }: UnitMessage): Promise<readonly ScanTarget[]> {
    if (services !== undefined) return factHorizon(await this.targetsInScope(), new Set([accountId]));
    const ledger = await this.ledger;
    const accounts = await accountsOfRun(ledger, runId);
    if (phase > 0 && accounts.length <= MAX_FACT_ACCOUNTS) return this.runTargets(runId);
    const { expected } = await accountProgress(ledger, runId, accountId);
    return [...targetsOf(expected), ...unread(accounts.length - 1)];
  }

  /** The queues to the other functions. */
  async queues(): Promise<Pick<Wiring, 'unitQueue' | 'finishQueue'>> {
    return {
      unitQueue: await this.#queue('HULLCHECK_UNIT_QUEUE_URL'),
      finishQueue: await this.#queue('HULLCHECK_FINISH_QUEUE_URL'),
    };
  }

  /** The queue that events of changes come from, for those that have to come again. */
  recheckQueue(): Promise<MessageQueue> {
    return this.#queue('HULLCHECK_RECHECK_QUEUE_URL');
  }

  /**
   * @param window what shares one allowance of single alerts: a run, or a while of rechecks
   * @param targets whose facts there must be for an absence to mean anything
   */
  async wiring(window: string, targets: readonly ScanTarget[]): Promise<Wiring> {
    const { config, parameters, waivers } = await this.settings();
    const ledger = await this.ledger;
    const serviceOf = (checkId: string) => serviceOfCheck(this.registry, checkId);
    const [reader, publisher] = [await this.clientTo('reading'), await this.clientTo('publishing')];
    const max = config.publish.sns?.maxImmediatePerRun ?? 0;
    const memory = new LedgerAlertMemory({ ledger, serviceOf, services: SERVICES_READ, window, max });
    const unitsOf = await this.unitsOf(targets.map(({ accountId }) => accountId));
    const named = { config, toolVersion: this.toolVersion };
    const makers = createSinks(named, this.registry, memory, publisher, unitsOf);
    const sinks: Sink[] = [makers['security-hub'](), ...(config.publish.sns === undefined ? [] : [makers.sns()])];
    return {
      ledger,
      ...(await this.#selection()),
      parameters,
      toolVersion: this.toolVersion,
      ...(waivers === undefined ? {} : { waivers }),
      routingTags: routingTagKeys(alertRoutes(config)),
      serviceOf,
      sinks,
      keepAliveDays: config.publish.keepAliveDays,
      factMaxAgeSeconds: config.deployment.factMaxAgeHours * 3600,
      targets,
      clientFor: (target, clientClass, region) => reader(clientClass, target.accountId, region),
      classify: this.#classifier(),
      imageSettings: config.images,
      now: () => this.now(),
      ...(await this.queues()),
    };
  }

  /**
   * Tries everything that the functions of this deployment need.
   *
   * @param only accounts to look at; default: all that are configured
   */
  diagnose(only?: readonly string[]): Promise<Diagnosis> {
    const { HULLCHECK_TABLE: table, HULLCHECK_CONFIG_BUCKET: bucket, HULLCHECK_CONFIG_KEY: key } = this.#environment;
    return diagnoseDeployment(
      {
        configuration: bucket === undefined ? 'the defaults' : `s3://${bucket}/${key}`,
        settings: () => this.settings(),
        clients: () => this.#factory(),
        accounts: () => this.accountsInScope(),
        regions: () => this.regions(),
        collectors: () => this.collectors(),
        table: { name: table, region: this.#caller.region },
        functionRoles: functionRolesIn(this.#environment),
        newClients: (aws) => this.#newFactory(aws),
        now: () => this.now(),
      },
      only,
    );
  }

  /**
   * A key of each process would make equal secrets different in every run. A function that reads nothing needs none.
   *
   * @throws ConfigError (the classifier does) where there is no key
   */
  #classifier(): LookDependencies['classify'] {
    const { HULLCHECK_HASH_KEY: key } = this.#environment;
    if (key !== undefined) return createClassifier({ hashKey: new TextEncoder().encode(key) });
    return async () => {
      throw new ConfigError(['The environment variable HULLCHECK_HASH_KEY is missing.']);
    };
  }

  async deadLetterQueues(): Promise<readonly QueueDepth[]> {
    const client = await this.own(SQSClient);
    return this.#environment.HULLCHECK_DEAD_LETTER_QUEUE_URLS.map((url) => () => queueDepth(client, url));
  }

  /** Clients with the right to change what fixes change, apart from those of a scan. */
  async responders(): Promise<RespondDependencies['responderFor']> {
    const { respond, aws, scope } = (await this.settings()).config;
    // The roles of a member come from one template, with one external id.
    const externalId = respond.externalId ?? scope.memberRoles?.externalId;
    this.#responding ??= new RespondingAccounts(this.#newFactory(aws), this.#caller, { ...respond, externalId });
    const accounts = this.#responding;
    return (target, clientClass) => accounts.clientFor(target, clientClass);
  }

  /** @throws ConfigError where no bucket is configured */
  async reportBucket(): Promise<ReportBucket> {
    const bucket = this.#environment.HULLCHECK_REPORT_BUCKET;
    if (bucket === undefined) throw new ConfigError(['The environment variable HULLCHECK_REPORT_BUCKET is missing.']);
    return new ReportBucket(await this.own(S3Client), bucket);
  }

  /** What the configuration leaves switched on. */
  async #selection(): Promise<Selection> {
    const { config, checkIds } = await this.settings();
    const { services } = config.scope;
    return selection(this.registry, {
      exemptions: config.checks.exemptions,
      collected: config.clusters.collected,
      ...(checkIds === undefined ? {} : { checkIds }),
      ...(services === undefined ? {} : { services }),
    });
  }

  async #queue(variable: `HULLCHECK_${'UNIT' | 'FINISH' | 'RECHECK'}_QUEUE_URL`): Promise<MessageQueue> {
    const url = this.#environment[variable];
    if (url === undefined) throw new ConfigError([`The environment variable ${variable} is missing.`]);
    return new SqsQueue(await this.own(SQSClient), url);
  }

  /** Clients of the accounts in scope, with the rights for one purpose. */
  async clientTo(purpose: Purpose): Promise<<C>(clientClass: ClientClass<C>, accountId: string, region: string) => C> {
    const { scope } = (await this.settings()).config;
    const clients = await this.#factory();
    this.#members ??= new MemberAccounts(clients, this.#caller, () => this.now());
    const members = this.#members;
    return (clientClass, accountId, region) =>
      clients.clientFor(clientClass, accountId, region, members.credentialsOf(scope, accountId, purpose));
  }

  /** A client of the function's own account and region. */
  async own<C>(clientClass: ClientClass<C>): Promise<C> {
    const { accountId, region } = this.#caller;
    return (await this.#factory()).clientFor(clientClass, accountId, region);
  }

  async #factory(): Promise<ClientFactory> {
    if (this.#clients !== undefined) return this.#clients;
    this.#clients = this.#newFactory((await this.settings()).config.aws);
    return this.#clients;
  }

  #newFactory({
    rateShare,
    concurrency,
    maxAttempts,
    connectionTimeoutMs,
    requestTimeoutMs,
  }: Config['aws']): ClientFactory {
    const isUnlimited = this.#environment.HULLCHECK_RATE === 'unlimited';
    return new ClientFactory({
      limiter: new Limiter({ rateShare: isUnlimited ? 'unlimited' : rateShare, concurrency }),
      maxAttempts,
      maxSockets: concurrency * 2,
      connectionTimeoutMs,
      requestTimeoutMs,
    });
  }

  /** Where accounts are in their organization, as the last plan found them; only where a route asks for it. */
  async unitsOf(accountIds: readonly string[]): Promise<UnitsOfAccount> {
    if (!asksForUnits(alertRoutes((await this.settings()).config))) return () => undefined;
    const ledger = await this.ledger;
    const units = new Map<string, readonly string[]>();
    await pMap(
      new Set(accountIds),
      async (accountId) => units.set(accountId, (await ledger.readAccount(accountId))?.organizationalUnits ?? []),
      { concurrency: ACCOUNTS_AT_ONCE },
    );
    return (accountId) => units.get(accountId);
  }
}
