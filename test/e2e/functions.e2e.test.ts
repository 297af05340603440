import { setTimeout } from 'node:timers/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type AwsSecurityFinding, paginateGetFindings, SecurityHubClient } from '@aws-sdk/client-securityhub';
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSchedule } from '#demo/schedule.ts';
import { handler as finish } from '#functions/finish/handler.ts';
import { handler as plan } from '#functions/plan/handler.ts';
import { handler as recheck } from '#functions/recheck/handler.ts';
import { handler as report } from '#functions/report/handler.ts';
import { handler as scan } from '#functions/scan/handler.ts';
import { handler as watch } from '#functions/watch/handler.ts';
import { verifyReport } from '#shared/reports/manifest.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { MotoFunctions } from '../support/moto-functions.ts';

const REGIONS = ['us-east-1', 'eu-west-1'] as const;

interface Deployed {
  readonly account: string;
  readonly table: string;
  readonly unit: string;
  readonly recheck: string;
  readonly finish: string;
  readonly inbox: string;
  readonly configBucket: string;
  readonly reportBucket: string;
}

interface Alert {
  readonly kind: string;
  readonly eventAction: string;
  readonly dedupKey: string;
}

let moto: Moto;
let deployed: Deployed;
let sqs: SQSClient;
let functions: MotoFunctions;
const before = { ...process.env };

beforeAll(async () => {
  moto = await startMoto();
  deployed = moto.seed('seed_functions.py', 'deploy') as Deployed;
  Object.assign(process.env, moto.env, {
    AWS_EC2_METADATA_DISABLED: 'true',
    HULLCHECK_TABLE: deployed.table,
    HULLCHECK_UNIT_QUEUE_URL: deployed.unit,
    HULLCHECK_FINISH_QUEUE_URL: deployed.finish,
    HULLCHECK_CONFIG_BUCKET: deployed.configBucket,
    HULLCHECK_REPORT_BUCKET: deployed.reportBucket,
    HULLCHECK_DEAD_LETTER_QUEUE_URLS: [deployed.unit, deployed.recheck, deployed.finish]
      .map((url) => `${url}-dead-letters`)
      .join(','),
    HULLCHECK_HASH_KEY: 'a key of the tests',
    HULLCHECK_RATE: 'unlimited',
  });
  sqs = new SQSClient({});
  functions = new MotoFunctions(sqs, deployed.account, REGIONS[0]);
});

afterAll(async () => {
  sqs?.destroy();
  process.env = before;
  await moto?.close();
});

const functionOf: MotoFunctions['functionOf'] = (name, handler) => functions.functionOf(name, handler);
const drain: MotoFunctions['drain'] = (url, handler) => functions.drain(url, handler);

async function runScan(): Promise<void> {
  await runSchedule({ name: 'plan', target: functionOf('plan', plan) });
  await drain(deployed.unit, scan);
  await drain(deployed.finish, finish);
}

type Region = (typeof REGIONS)[number];

/** What a rule of EventBridge would send for a call that changed something in a region. */
function eventOf(region: Region, service: 'ecr' | 'ecs', eventName: string, requestParameters: object) {
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account: deployed.account,
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region,
    resources: [],
    detail: { eventSource: `${service}.amazonaws.com`, eventName, requestParameters },
  };
}

async function recheckAfter(event: ReturnType<typeof eventOf>): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl: deployed.recheck, MessageBody: JSON.stringify(event) }));
  await drain(deployed.recheck, recheck);
}

/** The messages that have come since it was last asked. */
async function inbox(): Promise<readonly Alert[]> {
  const alerts: Alert[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: deployed.inbox, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return alerts;
    for (const { Body, ReceiptHandle } of Messages) {
      alerts.push(JSON.parse(Body ?? ''));
      await sqs.send(new DeleteMessageCommand({ QueueUrl: deployed.inbox, ReceiptHandle }));
    }
  }
}

async function hub(region: string): Promise<readonly AwsSecurityFinding[]> {
  const client = new SecurityHubClient({ region });
  const findings: AwsSecurityFinding[] = [];
  for await (const page of paginateGetFindings({ client }, { MaxResults: 100 }))
    findings.push(...(page.Findings ?? []));
  client.destroy();
  return findings;
}

/** The findings of both regions as far as they must not change by themselves. */
async function state(): Promise<readonly string[]> {
  const findings = (await Promise.all(REGIONS.map(hub))).flat();
  return findings.map((one) => [one.Id, one.RecordState, one.Compliance?.Status, one.UpdatedAt].join(' ')).sort();
}

/** The id of a finding about the family that the service of a region runs. */
const privileged = (region: Region) =>
  `hullcheck/aws/${deployed.account}/${region}/ecs-task-not-privileged/arn:aws:ecs:${region}:${deployed.account}:task-definition/shop`;
const heldAs = async (id: string, region: Region) => (await hub(region)).filter(({ Id }) => Id === id);
const updated = (region: Region) => eventOf(region, 'ecs', 'UpdateService', { cluster: 'prod', service: 'shop' });

test('the first scan publishes into both regions and tells one baseline', async () => {
  await runScan();

  for (const region of REGIONS) {
    const findings = await hub(region);
    expect(findings.length, region).toBeGreaterThan(5);
    expect(new Set(findings.map(({ RecordState }) => RecordState)), region).toEqual(new Set(['ACTIVE']));
    expect(new Set(findings.map(({ Id }) => Id?.split('/')[3])), region).toEqual(new Set([region]));
    expect(findings.map(({ GeneratorId }) => GeneratorId)).toContain('ecr-repository-tags-immutable');
    expect(findings.map(({ GeneratorId }) => GeneratorId)).toContain('ecs-task-root-filesystem-readonly');
  }
  expect(await inbox()).toMatchObject([{ kind: 'baseline' }]);
});

test('the same scan again changes nothing in either hub and sends nothing', async () => {
  const published = await state();

  await runScan();

  expect(await state()).toEqual(published);
  expect(await inbox()).toEqual([]);
});

describe.for(REGIONS)('in %s', (region) => {
  test('a service that becomes privileged is rechecked, published and alerted once', async () => {
    moto.seed('seed_functions.py', 'privileged', region);

    await recheckAfter(updated(region));

    expect(await heldAs(privileged(region), region)).toMatchObject([
      { RecordState: 'ACTIVE', Compliance: { Status: 'FAILED' } },
    ]);
    expect(await inbox()).toMatchObject([{ kind: 'alert', eventAction: 'trigger', dedupKey: privileged(region) }]);
  });

  test('the same event again, and the next scan, say nothing', async () => {
    const published = await state();

    await recheckAfter(updated(region));
    await runScan();

    expect(await state()).toEqual(published);
    expect(await inbox()).toEqual([]);
  });

  test('a fix is one resolve, and the finding is archived', async () => {
    moto.seed('seed_functions.py', 'unprivileged', region);

    await recheckAfter(updated(region));

    expect(await heldAs(privileged(region), region)).toMatchObject([
      { RecordState: 'ARCHIVED', Compliance: { Status: 'PASSED' } },
    ]);
    expect(await inbox()).toMatchObject([{ kind: 'alert', eventAction: 'resolve', dedupKey: privileged(region) }]);
  });

  test('a deleted repository is archived there, and its namesake elsewhere stays as it was', async () => {
    const repositoryIn = async (one: Region) =>
      (await hub(one))
        .filter(({ Id }) => Id?.endsWith(':repository/legacy'))
        .map(({ Id, RecordState }) => `${Id} ${RecordState}`)
        .sort();
    const elsewhere = REGIONS.find((one) => one !== region) ?? region;
    const namesake = await repositoryIn(elsewhere);
    moto.seed('seed_functions.py', 'delete', region);

    await recheckAfter(eventOf(region, 'ecr', 'DeleteRepository', { repositoryName: 'legacy' }));

    const states = (await repositoryIn(region)).map((one) => one.split(' ')[1]);
    expect(new Set(states)).toEqual(new Set(['ARCHIVED']));
    expect(await repositoryIn(elsewhere)).toEqual(namesake);
    expect(await inbox()).toEqual([]);
  });

  test('what had no message of its own is told by the next run, once', async () => {
    await runScan();
    expect(await inbox()).toMatchObject([{ kind: 'digest' }]);

    await runScan();
    expect(await inbox()).toEqual([]);
  });
});

test('a message that cannot be handled waits a minute, and not until the queue gives it back', async () => {
  const { recheck: QueueUrl } = deployed;
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"version": "7"}' }));
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 1, MessageSystemAttributeNames: ['All'] }),
  );
  const [message] = Messages as [Message];

  const answer = await functions
    .functionOf('recheck', recheck)
    .invoke({ Records: [functions.recordOf(message, QueueUrl)] });

  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: message.MessageId }]);
  // Received for one second, it would be there again by now.
  await setTimeout(1_500);
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? []).toEqual([]);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
});

test('the weekly reports lie in their bucket, verified, and people are told; the watch finds nothing lost', async () => {
  const s3 = new S3Client({});
  const textOf = async (Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: deployed.reportBucket, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const input = '{"report":"weekly","time":"<aws.scheduler.scheduled-time>"}';
  const schedule = { name: 'report', target: functionOf('report', report), input };

  const { folder, findings, left } = await runSchedule(schedule);

  const index = JSON.parse((await textOf(`${folder}index.json`)).toString());
  expect(left).toEqual([]);
  expect(index).toMatchObject({ finished: true, reports: [{ path: 'organization/', findings }, { findings }] });
  for (const { path, manifestSha256 } of index.reports) {
    const place = {
      list: async () => [],
      read: async (name: string) => {
        const bytes = await textOf(`${folder}${path}${name}`);
        return (async function* () {
          yield bytes;
        })();
      },
    };
    expect((await verifyReport(place, manifestSha256)).problems).toEqual([]);
  }
  s3.destroy();
  expect(await inbox()).toMatchObject([{ kind: 'report', place: expect.stringContaining(folder) }]);
  const watched = await runSchedule({ name: 'watch', target: functionOf('watch', watch) });
  expect(watched).toMatchObject({ deadLetters: 0, scopesLost: 0 });
});
