import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { EventPattern } from './event-pattern.ts';
import { DemoFunction, type FunctionHandler } from './lambda.ts';
import { Pump } from './pump.ts';
import { runSchedule } from './schedule.ts';
import type { DemoAccount } from './server.ts';
import { type AccountState, regionOf, type Topic } from './world/world.ts';

/** The functions that a template would name, as their modules export them. */
export interface FunctionHandlers {
  plan: FunctionHandler<unknown, unknown>;
  scan: FunctionHandler<SQSEvent, SQSBatchResponse>;
  recheck: FunctionHandler<SQSEvent, SQSBatchResponse>;
  finish: FunctionHandler<SQSEvent, SQSBatchResponse>;
  report: FunctionHandler<unknown, unknown>;
  watch: FunctionHandler<unknown, unknown>;
  respond: FunctionHandler<SQSEvent, SQSBatchResponse>;
  doctor: FunctionHandler<unknown, unknown>;
  gate: FunctionHandler<unknown, unknown>;
}

/** What is deployed, in the demo's own account. */
export interface DeploymentTemplate {
  /** Where the functions, the table, the queues and the buckets are. */
  region: string;
  /** The regions whose events are listened to. */
  eventRegions: readonly string[];
  /** What the rules of EventBridge match, and the queue that is their target. */
  rules: readonly { name: string; pattern: EventPattern; queue: 'recheck' | 'respond' }[];
  /** The text of hullcheck.yaml, once the topics exist; and once more whenever it is changed. */
  config: (topics: Record<TopicForm, string>, changed?: Readonly<Record<string, unknown>>) => string;
  /** More objects beside it, by key. */
  configObjects?: Readonly<Record<string, string>>;
  /** At most so many events in one invocation of `recheck`. */
  recheckBatchSize?: number;
  /** Loads the functions, after their environment is known to this process: as Lambda does at a cold start. */
  load: (environment: Readonly<Record<string, string>>) => Promise<FunctionHandlers>;
}

type TopicForm = 'human' | 'machine';

/** A message that could not be handled at once, and why. */
export interface Failure {
  queue: string;
  messages: number;
  error?: unknown;
}

const TABLE = 'hullcheck-demo';
const QUEUES = {
  unit: 'hullcheck-demo-unit',
  recheck: 'hullcheck-demo-recheck',
  finish: 'hullcheck-demo-finish',
  respond: 'hullcheck-demo-respond',
};
const BUCKETS = { config: 'hullcheck-demo-config', report: 'hullcheck-demo-report' };
const TIMEOUT_SECONDS = {
  plan: 300,
  scan: 900,
  recheck: 300,
  finish: 900,
  report: 900,
  watch: 120,
  respond: 900,
  doctor: 900,
  gate: 120,
};

/**
 * A deployment in the demo account: tables, queues and buckets behind the account's endpoint, functions in this process.
 * Queues are pumped and schedules run only when asked, so that each step of a story can be looked at.
 */
export class Deployment {
  readonly topics: Record<TopicForm, Topic>;
  readonly reportBucket = BUCKETS.report;
  /** Everything that had to be tried again, or could not be handled. */
  readonly failures: Failure[] = [];
  readonly functions: Functions;
  readonly pumps: Record<keyof typeof QUEUES, Pump>;
  readonly #demo: DemoAccount;
  readonly #template: DeploymentTemplate;

  constructor(
    demo: DemoAccount,
    template: DeploymentTemplate,
    topics: Deployment['topics'],
    handlers: FunctionHandlers,
  ) {
    const { region, recheckBatchSize = 10 } = template;
    this.#demo = demo;
    this.#template = template;
    this.topics = topics;
    const make = <Event, Result>(name: keyof FunctionHandlers, handler: FunctionHandler<Event, Result>) =>
      new DemoFunction<Event, Result>(
        {
          name: `hullcheck-demo-${name}`,
          accountId: homeOf(demo).id,
          region,
          timeoutSeconds: TIMEOUT_SECONDS[name],
          now: demo.now,
        },
        handler,
      );
    this.functions = {
      plan: make('plan', handlers.plan),
      scan: make('scan', handlers.scan),
      recheck: make('recheck', handlers.recheck),
      finish: make('finish', handlers.finish),
      report: make('report', handlers.report),
      watch: make('watch', handlers.watch),
      respond: make('respond', handlers.respond),
      doctor: make('doctor', handlers.doctor),
      gate: make('gate', handlers.gate),
    };
    const queues = demo.queues(region);
    this.pumps = {
      unit: new Pump({ queues, queue: QUEUES.unit, consumer: this.functions.scan, batchSize: 1 }),
      recheck: new Pump({
        queues,
        queue: QUEUES.recheck,
        consumer: this.functions.recheck,
        batchSize: recheckBatchSize,
      }),
      finish: new Pump({ queues, queue: QUEUES.finish, consumer: this.functions.finish, batchSize: 1 }),
      respond: new Pump({ queues, queue: QUEUES.respond, consumer: this.functions.respond, batchSize: 1 }),
    };
  }

  /** The schedule comes round: a scan is planned, done and ended. */
  async scan(): Promise<void> {
    await this.plan();
    await this.settle();
  }

  /** Only plans: the units wait in their queue. */
  async plan(): Promise<unknown> {
    return runSchedule({ name: 'hullcheck-demo-plan', target: this.functions.plan });
  }

  /** Delivers events and pumps queues until nothing is on its way any more. */
  async settle(): Promise<void> {
    for (let isMoving = true; isMoving; ) {
      isMoving = (await this.#demo.bus.deliver()).length > 0;
      for (const name of ['respond', 'recheck', 'unit', 'finish'] as const) {
        const batches = await this.pumps[name].drain();
        if (batches.length > 0) isMoving = true;
        for (const { returned, error } of batches) {
          if (returned.length > 0) this.failures.push({ queue: QUEUES[name], messages: returned.length, error });
        }
      }
    }
  }

  /** @param report which one; each has a schedule of its own */
  async report(report: 'daily' | 'weekly' | 'monthly' = 'weekly'): Promise<unknown> {
    const input = JSON.stringify({ report, time: '<aws.scheduler.scheduled-time>' });
    return runSchedule({ name: `hullcheck-demo-report-${report}`, target: this.functions.report, input });
  }

  async watch(): Promise<unknown> {
    return runSchedule({ name: 'hullcheck-demo-watch', target: this.functions.watch });
  }

  /** Writes another hullcheck.yaml, by what is different from the template's. */
  async configure(changed: Readonly<Record<string, unknown>>): Promise<void> {
    const text = this.#template.config(arnsOf(this.topics), changed);
    await putObjects(this.#demo, this.#template.region, { 'hullcheck.yaml': text });
  }

  /** Messages that nobody could handle. */
  async deadLetters(): Promise<number> {
    const queues = this.#demo.queues(this.#template.region);
    let count = 0;
    for (const queue of Object.values(QUEUES)) count += await queues.depth(deadLettersOf(queue));
    return count;
  }
}

interface Functions {
  plan: DemoFunction<unknown, unknown>;
  scan: DemoFunction<SQSEvent, SQSBatchResponse>;
  recheck: DemoFunction<SQSEvent, SQSBatchResponse>;
  finish: DemoFunction<SQSEvent, SQSBatchResponse>;
  report: DemoFunction<unknown, unknown>;
  watch: DemoFunction<unknown, unknown>;
  respond: DemoFunction<SQSEvent, SQSBatchResponse>;
  doctor: DemoFunction<unknown, unknown>;
  gate: DemoFunction<unknown, unknown>;
}

/** Creates everything that a stack would, then loads the functions. */
export async function deploy(demo: DemoAccount, template: DeploymentTemplate): Promise<Deployment> {
  const { region, eventRegions, rules, config, configObjects = {}, load } = template;
  const topics = createTopics(demo, region);
  await createTable(demo, region);
  await createQueues(demo, region);
  await createBuckets(demo, region);
  await putObjects(demo, region, { 'hullcheck.yaml': config(arnsOf(topics)), ...configObjects });
  const queues = demo.queues(region);
  for (const eventRegion of eventRegions) {
    for (const { name, pattern, queue } of rules) {
      demo.bus.addRule({ name, region: eventRegion, pattern, target: queues.target(QUEUES[queue]) });
    }
  }
  const handlers = await load({
    ...demo.env,
    AWS_REGION: region,
    HULLCHECK_TABLE: TABLE,
    HULLCHECK_UNIT_QUEUE_URL: queues.urlOf(QUEUES.unit),
    HULLCHECK_FINISH_QUEUE_URL: queues.urlOf(QUEUES.finish),
    HULLCHECK_RECHECK_QUEUE_URL: queues.urlOf(QUEUES.recheck),
    HULLCHECK_CONFIG_BUCKET: BUCKETS.config,
    HULLCHECK_CONFIG_KEY: 'hullcheck.yaml',
    HULLCHECK_REPORT_BUCKET: BUCKETS.report,
    HULLCHECK_DEAD_LETTER_QUEUE_URLS: Object.values(QUEUES)
      .map((queue) => queues.urlOf(deadLettersOf(queue)))
      .join(','),
    // Not a secret: there is nothing real in the demo account.
    HULLCHECK_HASH_KEY: '00'.repeat(32),
    HULLCHECK_RATE: 'unlimited',
  });
  return new Deployment(demo, template, topics, handlers);
}

/** The sparse index and the keys are those of the template. */
async function createTable(demo: DemoAccount, region: string): Promise<void> {
  const client = new DynamoDBClient(sdkConfig(demo, region));
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'queue', 'queuedSince'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      })),
      KeySchema: keys('pk', 'sk'),
      GlobalSecondaryIndexes: [
        { IndexName: 'queue', KeySchema: keys('queue', 'queuedSince'), Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
    }),
  );
  client.destroy();
}

async function createQueues(demo: DemoAccount, region: string): Promise<void> {
  const queues = demo.queues(region);
  for (const queue of Object.values(QUEUES)) {
    await queues.create(deadLettersOf(queue));
    await queues.create(queue, {
      visibilitySeconds: 1800,
      deadLetters: { queue: deadLettersOf(queue), maxReceiveCount: 5 },
    });
  }
}

async function createBuckets(demo: DemoAccount, region: string): Promise<void> {
  const client = new S3Client(sdkConfig(demo, region));
  for (const Bucket of Object.values(BUCKETS)) await client.send(new CreateBucketCommand({ Bucket }));
  client.destroy();
}

async function putObjects(demo: DemoAccount, region: string, objects: Readonly<Record<string, string>>): Promise<void> {
  const client = new S3Client(sdkConfig(demo, region));
  for (const [Key, Body] of Object.entries(objects)) {
    await client.send(new PutObjectCommand({ Bucket: BUCKETS.config, Key, Body }));
  }
  client.destroy();
}

function arnsOf({ human, machine }: Deployment['topics']): Record<TopicForm, string> {
  return { human: human.arn, machine: machine.arn };
}

/** One for people's mail, one for the tool that keeps incidents. */
function createTopics(demo: DemoAccount, region: string): Record<TopicForm, Topic> {
  const home = homeOf(demo);
  const state = regionOf(home, region);
  if (!state) throw new Error(`The demo account has not enabled ${region}`);
  const create = (name: string): Topic => {
    const topic = {
      arn: `arn:aws:sns:${region}:${home.id}:${name}`,
      name,
      attributes: { SubscriptionsConfirmed: '1' },
      messages: [],
    };
    state.topics.push(topic);
    return topic;
  };
  return { human: create('hullcheck-demo-human'), machine: create('hullcheck-demo-machine') };
}

/** For whoever looks at the deployment from outside, as its owner would. */
export function sdkConfig({ endpoint, env }: DemoAccount, region: string) {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = env;
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}

function homeOf({ world }: DemoAccount): AccountState {
  return world.accounts[0] as AccountState;
}

function deadLettersOf(queue: string): string {
  return `${queue}-dead-letters`;
}
