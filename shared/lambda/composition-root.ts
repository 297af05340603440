import { randomBytes } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { homeRegionFor, type ReachableAccount, reachAccount } from '../aws/accounts.ts';
import { writeText } from '../aws/bucket.ts';
import { ClientFactory, type Credentials } from '../aws/clients.ts';
import { Limiter } from '../aws/limiter.ts';
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
import type { ScanTarget } from '../domain/inventory.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { ClientClass, Collector, Sink } from '../domain/ports.ts';
import type { MessageQueue } from '../domain/queue.ts';
import { routingTagKeys } from '../domain/route.ts';
import type { CheckRegistry } from '../engine/registry.ts';
import { LedgerAlertMemory } from '../use-cases/ledger-alert-memory.ts';
import type { LookDependencies } from '../use-cases/look.ts';
import { planTargets } from '../use-cases/plan-targets.ts';
import type { ReportWriter } from '../use-cases/report.ts';
import { targetsOf } from '../use-cases/run-messages.ts';
import type { QueueDepth } from '../use-cases/watch.ts';
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
  readonly #hashKey: Uint8Array;
  readonly #reached = new Map<string, Promise<ReachableAccount>>();
  #clients: ClientFactory | undefined;

  constructor({ environment, caller, toolVersion }: LambdaAppOptions) {
    this.toolVersion = toolVersion;
    this.#environment = environment;
    this.#caller = caller;
    const { HULLCHECK_HASH_KEY: hashKey } = environment;
    this.#hashKey = hashKey === undefined ? randomBytes(32) : new TextEncoder().encode(hashKey);
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

  /**
   * The accounts and enabled regions that are configured; asks AWS. An account that cannot be reached is expected all
   * the same, so that it is missed (PE-6).
   *
   * @throws CredentialsError, UnknownRegionError
   */
  async configuredTargets(): Promise<readonly ScanTarget[]> {
    const { roles, regions } = (await this.settings()).config.scope;
    const sources = roles?.map(({ arn, externalId }) => ({
      roleArn: arn,
      ...(externalId === undefined ? {} : { externalId }),
    })) ?? [{}];
    const plan = await planTargets(await this.#factory(), sources, regions ?? [this.#caller.region]);
    const unreached = plan.excluded.filter(({ status }) => status === 'failed');
    return [
      ...plan.targets,
      ...unreached.map(({ accountId, region, partition }) => ({ accountId, region, partition })),
    ];
  }

  /** What the last finished run expected; before there is one, the function's own account in the configured regions. */
  async targetsInScope(): Promise<readonly ScanTarget[]> {
    const ledger = await this.ledger;
    const last = await ledger.lastFinishedRun();
    const { expected } = last === undefined ? { expected: [] } : await ledger.readProgress(last.runId);
    if (expected.length > 0) return targetsOf(expected);
    const { regions = [this.#caller.region] } = (await this.settings()).config.scope;
    const { accountId, partition } = this.#caller;
    return regions.map((region) => ({ accountId, region, partition }));
  }

  /**
   * @param window what shares one allowance of single alerts: a run, or a while of rechecks
   * @param targets whose facts there must be for an absence to mean anything
   */
  async wiring(window: string, targets: readonly ScanTarget[]): Promise<Wiring> {
    const { config, parameters, waivers } = await this.settings();
    const ledger = await this.ledger;
    const clients = await this.#factory();
    const serviceOf = (checkId: string) => serviceOfCheck(this.registry, checkId);
    const accounts = new Set([...targets, this.#caller].map(({ accountId }) => accountId));
    const credentials = await this.#credentialsOf(accounts);
    const clientFor = <C>(clientClass: ClientClass<C>, accountId: string, region: string) =>
      clients.clientFor(clientClass, accountId, region, credentials.get(accountId));
    const max = config.publish.sns?.maxImmediatePerRun ?? 0;
    const memory = new LedgerAlertMemory({ ledger, serviceOf, services: SERVICES_READ, window, max });
    const makers = createSinks({ config, toolVersion: this.toolVersion }, this.registry, memory, clientFor);
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
      clientFor: (target, clientClass, region) => clientFor(clientClass, target.accountId, region),
      classify: createClassifier({ hashKey: this.#hashKey }),
      now: () => this.now(),
      unitQueue: await this.#queue('HULLCHECK_UNIT_QUEUE_URL'),
      finishQueue: await this.#queue('HULLCHECK_FINISH_QUEUE_URL'),
    };
  }

  async deadLetterQueues(): Promise<readonly QueueDepth[]> {
    const client = await this.#own(SQSClient);
    return this.#environment.HULLCHECK_DEAD_LETTER_QUEUE_URLS.map((url) => () => queueDepth(client, url));
  }

  /** @throws ConfigError where no bucket is configured */
  async reportWriter(): Promise<ReportWriter> {
    const bucket = this.#environment.HULLCHECK_REPORT_BUCKET;
    if (bucket === undefined) throw new ConfigError(['The environment variable HULLCHECK_REPORT_BUCKET is missing.']);
    const client = await this.#own(S3Client);
    return (key, chunks) => writeText(client, bucket, key, chunks, 'application/json');
  }

  /** What the configuration leaves switched on. */
  async #selection(): Promise<Selection> {
    const { config, checkIds } = await this.settings();
    const { services } = config.scope;
    return selection(this.registry, {
      ...(checkIds === undefined ? {} : { checkIds }),
      ...(services === undefined ? {} : { services }),
    });
  }

  async #queue(variable: 'HULLCHECK_UNIT_QUEUE_URL' | 'HULLCHECK_FINISH_QUEUE_URL'): Promise<MessageQueue> {
    const url = this.#environment[variable];
    if (url === undefined) throw new ConfigError([`The environment variable ${variable} is missing.`]);
    return new SqsQueue(await this.#own(SQSClient), url);
  }

  async #own<C>(clientClass: ClientClass<C>): Promise<C> {
    const { accountId, region } = this.#caller;
    return (await this.#factory()).clientFor(clientClass, accountId, region);
  }

  async #factory(): Promise<ClientFactory> {
    if (this.#clients !== undefined) return this.#clients;
    const { rateShare, concurrency, maxAttempts, connectionTimeoutMs, requestTimeoutMs } = (await this.settings())
      .config.aws;
    const isUnlimited = this.#environment.HULLCHECK_RATE === 'unlimited';
    this.#clients = new ClientFactory({
      limiter: new Limiter({ rateShare: isUnlimited ? 'unlimited' : rateShare, concurrency }),
      maxAttempts,
      maxSockets: concurrency * 2,
      connectionTimeoutMs,
      requestTimeoutMs,
    });
    return this.#clients;
  }

  /**
   * The function's own account needs no role; the others are spoken to by the roles that are configured. A role is
   * assumed when it is first needed: one that cannot be leaves its own account unread, and no other.
   */
  async #credentialsOf(accountIds: ReadonlySet<string>): Promise<ReadonlyMap<string, Credentials>> {
    const { roles = [] } = (await this.settings()).config.scope;
    const credentials = new Map<string, Credentials>();
    for (const { arn, externalId } of roles) {
      const accountId = arn.split(':')[4] ?? '';
      if (!accountIds.has(accountId)) continue;
      credentials.set(accountId, async (properties) => {
        const reached = this.#reached.get(arn) ?? this.#reach(arn, externalId);
        this.#reached.set(arn, reached);
        return (await reached).credentials(properties);
      });
    }
    return credentials;
  }

  async #reach(roleArn: string, externalId: string | undefined): Promise<ReachableAccount> {
    const source = { roleArn, ...(externalId === undefined ? {} : { externalId }) };
    const answer = await reachAccount(await this.#factory(), source, homeRegionFor(this.#caller.region));
    if (answer.reached) return answer.account;
    this.#reached.delete(roleArn);
    throw Object.assign(new Error(answer.reason.message), { name: 'CredentialsProviderError' });
  }
}
