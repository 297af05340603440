import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, test } from 'vitest';
import { ReportBucket } from '#shared/aws/report-bucket.ts';
import { allChecks } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import type { LambdaApp } from '#shared/lambda/composition-root.ts';
import { reportsIn } from '#shared/lambda/reports.ts';
import type { ReportHead } from '#shared/reports/model.ts';
import { announceReport } from '#shared/sinks/sns/report-notice.ts';
import { reportOf } from '#test/support/report.ts';

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:hullcheck-prod-report';
const topic = (name: string) => `arn:aws:sns:eu-west-1:111122223333:${name}`;
const TOPICS = { human: topic('human'), chat: topic('chat'), machine: topic('machine') };

const lambda = mockClient(LambdaClient);
const s3 = mockClient(S3Client);
const sns = mockClient(SNSClient);
sns.onAnyCommand().rejects(new Error('not stubbed'));

afterEach(() => {
  lambda.reset();
  s3.reset();
  sns.reset();
});

/** As much of a deployment as reports ask for. */
function deployment(): LambdaApp {
  const text = JSON.stringify({ version: 1, publish: { sns: { topics: TOPICS } } });
  const app = {
    toolVersion: '0.0.0-test',
    ledger: Promise.resolve({}),
    now: () => new Date(),
    settings: async () => loadConfig(text, 'the test', allChecks()),
    reportBucket: async () => new ReportBucket(new S3Client({}), 'reports'),
    own: async (clientClass: new (configuration: object) => unknown) => new clientClass({ region: 'eu-west-1' }),
    clientTo: async () => (clientClass: new (configuration: object) => unknown) => new clientClass({}),
  };
  return app as unknown as LambdaApp;
}

const inTime = { arn: ARN, millisecondsLeft: () => 900_000 };

async function head(overrides: Partial<ReportHead> = {}): Promise<ReportHead> {
  const built = await reportOf([]);
  await built.dispose();
  return { ...built.head, title: 'Weekly container security report', ...overrides };
}

const notice = async (overrides: Partial<ReportHead> = {}) => ({
  kind: 'weekly' as const,
  head: await head(overrides),
  key: 'reports/weekly/2026-11-23/organization/report.html',
  manifestSha256: 'a'.repeat(64),
  slices: 7,
});

describe('the function that makes reports', () => {
  test('has the rest made by itself, in an invocation that nobody waits for', async () => {
    const { goOn } = await reportsIn(deployment(), inTime, 'weekly');

    await goOn({ kind: 'weekly', time: '2026-11-23T07:00:00Z', continued: 3 });

    expect(lambda.commandCalls(InvokeCommand).map(({ args }) => args[0].input)).toEqual([
      {
        FunctionName: ARN,
        InvocationType: 'Event',
        Payload: '{"report":"weekly","time":"2026-11-23T07:00:00Z","continued":3}',
      },
    ]);
  });

  test('tells where the report lies in each form, with its hash', async () => {
    sns.on(PublishCommand).resolves({});
    const { tell } = await reportsIn(deployment(), inTime, 'weekly');

    await tell(await notice());

    const sent = sns.commandCalls(PublishCommand).map(({ args }) => args[0].input);
    expect(sent.map(({ TopicArn }) => TopicArn)).toEqual(Object.values(TOPICS));
    for (const { Message } of sent) {
      expect(Message).toContain('reports/weekly/2026-11-23/organization/report.html');
    }
    expect(sent[0]).toMatchObject({
      Subject: '[Hullcheck] Weekly report: 0 failures, 0 critical, 0 high',
      MessageAttributes: { kind: { StringValue: 'report' } },
    });
    expect(sent[0]?.Message).toContain('a'.repeat(64));
    expect(JSON.parse(sent[2]?.Message ?? '')).toMatchObject({
      kind: 'report',
      eventAction: 'notify',
      place: 's3://reports/reports/weekly/2026-11-23/organization/report.html',
      links: {
        console:
          'https://eu-west-1.console.aws.amazon.com/s3/object/reports?region=eu-west-1&prefix=reports%2Fweekly%2F2026-11-23%2Forganization%2Freport.html',
      },
    });
  });

  test('keeps the report where nobody could be told', async () => {
    sns.on(PublishCommand).rejects(Object.assign(new Error('no'), { name: 'AuthorizationErrorException' }));
    const { tell } = await reportsIn(deployment(), inTime, 'weekly');

    await expect(tell(await notice())).resolves.toBeUndefined();
    expect(sns.commandCalls(PublishCommand)).toHaveLength(3);
  });
});

describe('the message about a report', () => {
  const sentFor = async (overrides: Partial<ReportHead>) => {
    sns.on(PublishCommand).resolves({});
    const { head: of, kind, manifestSha256, slices } = await notice(overrides);
    const facts = { head: of, kind, manifestSha256, slices, place: 's3://reports/report.html' };
    await announceReport(facts, { topics: TOPICS, ownership: { team: 'sec' }, clientFor: (C) => new C({} as never) });
    return sns.commandCalls(PublishCommand).map(({ args }) => args[0].input);
  };

  test('names what could not be read, and why there is no comparison', async () => {
    const coverage = (await head()).coverage;
    const unread = {
      accountId: '222222222222',
      region: 'eu-west-1',
      service: 'account',
      status: 'failed' as const,
      reason: 'The role is missing.',
      gaps: [],
    };

    const [human, chat, machine] = await sentFor({
      complete: false,
      incompleteBecause: ['1 scope could not be read, or not to the end.'],
      noTrendBecause: 'There is no comparison, because the report of 2026-11-16 cannot be used.',
      coverage: { ...coverage, entries: [unread] },
    });

    expect(human?.Subject).toContain('(not complete)');
    for (const { Message } of [human, chat, machine] as { Message: string }[]) {
      expect(Message).toContain('222222222222 eu-west-1 account: The role is missing.');
      expect(Message).toContain('the report of 2026-11-16 cannot be used');
    }
  });

  test('counts what changed', async () => {
    const byChange = { new: 2, reopened: 1, fixed: 4, left: 0, gone: 3, unchanged: 9, 'not rescanned': 0 };
    const trend = {
      previousRunId: 'before',
      previousAt: '2026-11-16T06:00:00.000Z',
      byChange,
      points: [],
      notRescanned: [],
      remarks: [],
    };

    const [human, , machine] = await sentFor({ trend });

    expect(human?.Message).toContain('2 new, 1 reopened, 4 fixed, 3 gone, 0 not looked at again, since 2026-11-16');
    expect(JSON.parse(machine?.Message ?? '').changes).toMatchObject({ new: 2, fixed: 4 });
  });

  test('is harmless with a hostile title and reasons', async () => {
    const hostile = 'x\u202Egnp.exe\u001B[31m\nSubject: forged <script>*@here*';

    const [human, chat, machine] = await sentFor({ title: hostile, incompleteBecause: [hostile], complete: false });

    expect(human?.Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    for (const { Message = '' } of [human, chat, machine] as { Message?: string }[]) {
      for (const mark of ['\u202E', '\u001B']) expect(Message).not.toContain(mark);
      expect(Message).not.toMatch(/^Subject: forged/m);
    }
  });
});

test('folders of a bucket are listed to the last page', async () => {
  s3.on(ListObjectsV2Command, { ContinuationToken: undefined }).resolves({
    CommonPrefixes: [{ Prefix: 'reports/weekly/2026-11-16/' }],
    IsTruncated: true,
    NextContinuationToken: 'more',
  });
  s3.on(ListObjectsV2Command, { ContinuationToken: 'more' }).resolves({
    CommonPrefixes: [{ Prefix: 'reports/weekly/2026-11-23/' }],
  });

  expect(await new ReportBucket(new S3Client({}), 'reports').folders('reports/weekly/')).toEqual([
    '2026-11-16',
    '2026-11-23',
  ]);
});
