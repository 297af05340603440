import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type Changes, changesIn } from '#demo/change.ts';
import { DemoFunction, type FunctionHandler } from '#demo/lambda.ts';
import { Pump } from '#demo/pump.ts';
import { runSchedule } from '#demo/schedule.ts';
import { seedWorld } from '#demo/seed/seed-world.ts';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { handler as finish } from '#functions/finish/handler.ts';
import { handler as plan } from '#functions/plan/handler.ts';
import { handler as recheck } from '#functions/recheck/handler.ts';
import { handler as report } from '#functions/report/handler.ts';
import { handler as scan } from '#functions/scan/handler.ts';
import { handler as watch } from '#functions/watch/handler.ts';
import { collectors } from '#shared/collectors/index.generated.ts';
import { openLedger } from '#shared/composition-root.ts';
import type { Ledger } from '#shared/domain/ledger.ts';
import { patternOf } from '#shared/domain/trigger.ts';
import { decisionTrigger } from '#shared/use-cases/keep-decision.ts';
import { createLedgerTable } from './dynalite.ts';

export const REGIONS = ['us-east-1', 'eu-west-1'] as const;
const TABLE = 'hullcheck-test';
const BUCKET = 'hullcheck-test-bucket';

/** The functions as a deployment has them, in the demo account. */
export interface Deployment {
  readonly demo: DemoAccount;
  readonly change: Changes;
  readonly ledger: Ledger;
  /** Moves the clock of the process and of the account. */
  advance(seconds: number): void;
  /** A whole scheduled run, from the plan to its end. */
  run(): Promise<void>;
  plan(): Promise<unknown>;
  drainUnits(): Promise<void>;
  drainFinish(): Promise<void>;
  /** Delivers what has happened and lets it be rechecked. */
  recheck(): Promise<void>;
  report(): Promise<{ key: string; findings: number }>;
  watch(): Promise<{ problems: readonly string[] }>;
  close(): Promise<void>;
}

export interface DeploymentOptions {
  /** Moves the process's own clock; a test gives `vi.setSystemTime`. */
  readonly setTime: (now: Date) => void;
  readonly start?: Date;
  /** Text of a hullcheck.yaml; the regions and topics are there already. */
  readonly config?: string;
}

/** Deploys the real handlers into a demo account: table, queues, bucket, rules, and the pump between them. */
export async function deploy(options: DeploymentOptions): Promise<Deployment> {
  let now = options.start ?? new Date('2026-11-23T12:00:00.000Z');
  options.setTime(now);
  const demo = await startDemoAccount({ world: seedWorld(now), now: () => now });
  const before = { ...process.env };
  const [home] = demo.world.accounts;
  const accountId = home?.id ?? '';
  const queues = demo.queues('us-east-1');
  for (const name of ['unit', 'finish', 'recheck']) {
    await queues.create(`${name}-dead-letters`);
    await queues.create(name, { deadLetters: { queue: `${name}-dead-letters`, maxReceiveCount: 3 } });
  }
  Object.assign(process.env, demo.env, {
    AWS_EC2_METADATA_DISABLED: 'true',
    HULLCHECK_TABLE: TABLE,
    HULLCHECK_UNIT_QUEUE_URL: queues.urlOf('unit'),
    HULLCHECK_FINISH_QUEUE_URL: queues.urlOf('finish'),
    HULLCHECK_CONFIG_BUCKET: BUCKET,
    HULLCHECK_REPORT_BUCKET: BUCKET,
    HULLCHECK_DEAD_LETTER_QUEUE_URLS: ['unit', 'finish', 'recheck']
      .map((name) => queues.urlOf(`${name}-dead-letters`))
      .join(','),
    HULLCHECK_RATE: 'unlimited',
  });
  const dynamodb = new DynamoDBClient({});
  await createLedgerTable(dynamodb, TABLE);
  const s3 = new S3Client({});
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const topic = home?.regions[0]?.topics[0]?.arn ?? '';
  const config = [
    'version: 1',
    `scope: {regions: [${REGIONS.join(', ')}]}`,
    `publish: {sns: {topics: {machine: '${topic}'}}}`,
    options.config ?? '',
  ].join('\n');
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'hullcheck.yaml', Body: config }));
  const functionOf = <E, R>(name: string, handler: unknown, timeoutSeconds = 900) =>
    new DemoFunction<E, R>(
      { name, accountId, region: 'us-east-1', timeoutSeconds, now: () => now },
      handler as FunctionHandler<E, R>,
    );
  const pump = (queue: string, handler: unknown, batchSize: number) =>
    new Pump({ queues, queue, consumer: functionOf<SQSEvent, SQSBatchResponse>(queue, handler), batchSize });
  const pumps = {
    unit: pump('unit', scan, 1),
    finish: pump('finish', finish, 1),
    recheck: pump('recheck', recheck, 10),
  };
  for (const region of REGIONS) {
    for (const [index, trigger] of [...collectors.flatMap((one) => one.triggers ?? []), decisionTrigger].entries()) {
      demo.bus.addRule({
        name: `rule-${index}`,
        region,
        pattern: { ...patternOf(trigger) },
        target: queues.target('recheck'),
      });
    }
  }
  const drain = async (name: keyof typeof pumps) => {
    for (const { error, returned } of await pumps[name].drain()) {
      if (error !== undefined || returned.length > 0)
        throw error ?? new Error(`${returned.length} messages of ${name} came back`);
    }
  };
  const deployment: Deployment = {
    demo,
    change: changesIn(demo),
    ledger: await openLedger(`dynamodb:${TABLE}`),
    advance(seconds) {
      now = new Date(now.getTime() + seconds * 1000);
      options.setTime(now);
    },
    async run() {
      await deployment.plan();
      await deployment.drainUnits();
      await deployment.drainFinish();
    },
    plan: () => runSchedule({ name: 'plan', target: functionOf('plan', plan) }),
    drainUnits: () => drain('unit'),
    drainFinish: () => drain('finish'),
    async recheck() {
      await demo.bus.deliver();
      await drain('recheck');
    },
    report: () =>
      runSchedule({ name: 'report', target: functionOf<unknown, { key: string; findings: number }>('report', report) }),
    watch: () =>
      runSchedule({ name: 'watch', target: functionOf<unknown, { problems: readonly string[] }>('watch', watch) }),
    async close() {
      process.env = before;
      dynamodb.destroy();
      s3.destroy();
      await demo.close();
    },
  };
  return deployment;
}
