import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Transition } from '#shared/domain/ports.ts';
import { InMemoryAlertMemory } from '#shared/sinks/sns/alert-memory.ts';
import type { DigestFacts } from '#shared/sinks/sns/digest.ts';
import { SnsSink, type SnsSinkOptions } from '#shared/sinks/sns/sink.ts';
import { checkMetadata, finding, taskDefinitionReference, transition, waiver } from '../../../factories/finding.ts';
import { accessDenied, rejectUnstubbed } from '../../../support/collect.ts';

const sns = mockClient(SNSClient);
const asked: string[] = [];
const topics = {
  human: 'arn:aws:sns:eu-central-1:999988887777:mail',
  chat: 'arn:aws:sns:eu-central-1:999988887777:chat',
  machine: 'arn:aws:sns:us-east-1:999988887777:pager',
};

beforeEach(() => {
  sns.reset();
  rejectUnstubbed(sns);
  sns.on(PublishCommand).resolves({ MessageId: '1' });
  asked.length = 0;
});

function sink(overrides: Partial<SnsSinkOptions> = {}): SnsSink {
  return new SnsSink({
    topics,
    checkOf: () => checkMetadata(),
    accountNameOf: () => 'shop-prod',
    memory: new InMemoryAlertMemory(),
    clientFor: (clientClass, accountId, region) => {
      asked.push(`${accountId} ${region}`);
      return new clientClass({ region, maxAttempts: 1 } as never);
    },
    ...overrides,
  });
}

const critical = (name = 'secure-app', overrides: Partial<Transition> = {}): Transition =>
  transition({
    finding: finding({ severity: 'CRITICAL', resource: taskDefinitionReference({ uid: name, name }) }),
    ...overrides,
  });
const sent = () => sns.commandCalls(PublishCommand).map((call) => call.args[0].input);
const facts: DigestFacts = {
  group: 'all',
  runId: 'run-1',
  kind: 'digest',
  startedAt: '2026-11-23T02:00:00.000Z',
  finishedAt: '2026-11-23T02:09:00.000Z',
  complete: true,
  openBySeverity: { CRITICAL: 1, HIGH: 0, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0 },
  unknown: 0,
  scopesScanned: 4,
  problems: [],
  waiversExpiring: [],
};

describe('alerting', () => {
  it('sends each form to its own topic, with the client of the topic’s region (OC-5)', async () => {
    const report = await sink().publish([critical()]);
    expect(report).toMatchObject({ sink: 'sns', published: 1, rejected: [], alerted: [critical().finding.id] });
    expect(asked).toEqual(['999988887777 eu-central-1', '999988887777 eu-central-1', '999988887777 us-east-1']);
    const [human, chat, machine] = sent();
    expect(human?.TopicArn).toBe(topics.human);
    expect(human?.Message).toMatch(/^CRITICAL, new failure/);
    expect(human?.MessageStructure).toBeUndefined();
    expect(JSON.parse(chat?.Message ?? '')).toMatchObject({ version: '1.0', source: 'custom' });
    expect(JSON.parse(machine?.Message ?? '')).toMatchObject({ schema: 'hullcheck.alert.v1', eventAction: 'trigger' });
    expect([chat?.Subject, machine?.Subject]).toEqual([undefined, undefined]);
    for (const message of sent()) expect(message.MessageAttributes?.severity?.StringValue).toBe('CRITICAL');
  });

  describe('of which one topic refuses the message', () => {
    const refusedByPager = async () => {
      sns.on(PublishCommand, { TopicArn: topics.machine }).rejects(accessDenied('sns:Publish'));
      const opened = sink();
      const report = await opened.publish([critical()]);
      sns.reset();
      sns.on(PublishCommand).resolves({ MessageId: '2' });
      return { opened, report };
    };

    it('says which topics have it', async () => {
      const { report } = await refusedByPager();
      const findingId = critical().finding.id;
      expect(report).toMatchObject({ published: 1, alerted: [findingId], rejected: [{ findingId }] });
      expect(report.partly).toEqual([{ findingId, parts: [topics.human, topics.chat] }]);
    });

    it('tells it to that topic alone when it comes again, under the same key, and takes no second slot', async () => {
      const { opened } = await refusedByPager();
      const again = { ...critical(), deliveredTo: [topics.human, topics.chat] };
      const report = await opened.publish([again]);
      expect(sent().map(({ TopicArn }) => TopicArn)).toEqual([topics.machine]);
      expect(JSON.parse(sent()[0]?.Message ?? '').dedupKey).toBe(critical().finding.id);
      expect(report).toMatchObject({ published: 1, rejected: [] });
      expect(report.partly).toBeUndefined();
    });

    it('tells its end nowhere else than where its beginning went, until all topics know', async () => {
      const memory = new InMemoryAlertMemory();
      await sink({ memory }).publish([critical()]);
      const pagers = { machine: topics.machine };
      const opened = sink({ memory, topics: pagers });
      sns.on(PublishCommand).rejects(accessDenied('sns:Publish'));
      expect(await opened.publish([critical('secure-app', { kind: 'fixed' })])).toMatchObject({ published: 0 });
      sns.on(PublishCommand).resolves({ MessageId: '2' });
      expect(await opened.publish([critical('secure-app', { kind: 'fixed' })])).toMatchObject({ published: 1 });
    });
  });

  it.each([
    ['is not critical', finding({ severity: 'HIGH' })],
    ['does not run', finding({ severity: 'CRITICAL', inUse: 'no' })],
    ['may not run', finding({ severity: 'CRITICAL', inUse: 'unknown' })],
    ['is waived', finding({ severity: 'CRITICAL', waiver: waiver() })],
    ['is unknown', finding({ severity: 'CRITICAL', status: 'UNKNOWN' })],
  ])('leaves to the digest what %s (OC-2)', async (_, each) => {
    await sink().publish([transition({ finding: each })]);
    expect(sent()).toHaveLength(0);
  });

  it('sends at most five single alerts for 3000 new failures (OC-2)', async () => {
    const report = await sink({ topics: { human: topics.human } }).publish(
      Array.from({ length: 3000 }, (_, index) => critical(`family-${index}`)),
    );
    expect(sent()).toHaveLength(5);
    expect(report.published).toBe(5);
  });

  it('alerts once for one finding, however often it is told (OC-1)', async () => {
    const one = sink({ topics: { machine: topics.machine } });
    for (let run = 0; run < 10; run += 1) await one.publish([critical()]);
    expect(sent()).toHaveLength(1);
  });

  it('resolves with the same key what it had alerted, to machines only (OC-7)', async () => {
    const one = sink();
    await one.publish([critical()]);
    await one.publish([critical('secure-app', { kind: 'fixed' })]);
    expect(sent()).toHaveLength(4);
    const [opened, resolved] = [sent()[2], sent()[3]].map((message) => JSON.parse(message?.Message ?? ''));
    expect(resolved).toMatchObject({ eventAction: 'resolve', dedupKey: opened.dedupKey });
    await one.publish([critical('secure-app', { kind: 'fixed' })]);
    expect(sent()).toHaveLength(4);
  });

  it('does not resolve what it never alerted', async () => {
    await sink().publish([critical('secure-app', { kind: 'fixed' })]);
    expect(sent()).toHaveLength(0);
  });

  it('tries the other topics when one refuses, and says which', async () => {
    sns.on(PublishCommand, { TopicArn: topics.human }).rejects(accessDenied('sns:Publish'));
    const report = await sink().publish([critical()]);
    expect(sent()).toHaveLength(3);
    expect(report.published).toBe(1);
    expect(report.rejected).toMatchObject([
      { code: 'AccessDeniedException', message: expect.stringContaining('human topic') },
    ]);
  });

  it('forgets nothing when all topics refuse: the next run may alert again', async () => {
    sns.on(PublishCommand).rejectsOnce(accessDenied('sns:Publish')).resolves({});
    const one = sink({ topics: { machine: topics.machine } });
    expect((await one.publish([critical()])).published).toBe(0);
    expect((await one.publish([critical()])).published).toBe(1);
  });

  it('never sends more than 256 KiB, attributes included (OC-6)', async () => {
    const evidence = Array.from({ length: 3000 }, (_, index) => ({
      path: `p${index}`,
      observed: '🚀'.repeat(500),
      expected: '漢',
    }));
    const huge = critical();
    await sink().publish([{ ...huge, finding: { ...huge.finding, evidence, reason: '漢'.repeat(200_000) } }]);
    expect(sent()).toHaveLength(3);
    for (const message of sent()) {
      const attributes = Object.entries(message.MessageAttributes ?? {}).flatMap(([name, value]) => [
        name,
        value.DataType,
        value.StringValue,
      ]);
      expect(Buffer.byteLength([message.Message, ...attributes].join(''))).toBeLessThanOrEqual(262_144);
    }
  });

  it.each(['mail', 'arn:aws:sns:eu-central-1:999988887777:mail.fifo', 'arn:aws:sqs:eu-central-1:999988887777:mail'])(
    'refuses %s as a topic at start',
    (human) => {
      expect(() => sink({ topics: { human } })).toThrow('not the ARN of a standard SNS topic');
    },
  );

  it('takes topics of other partitions', () => {
    sink({ topics: { human: 'arn:aws-cn:sns:cn-north-1:999988887777:mail' } });
    expect(asked).toEqual(['999988887777 cn-north-1']);
  });
});

describe('the digest', () => {
  it('is one message a form, and its attributes carry the worst severity', async () => {
    expect((await sink().publishDigest(facts, [critical(), transition()])).published).toBe(1);
    expect(sent()).toHaveLength(3);
    expect(sent()[0]?.MessageAttributes).toMatchObject({
      kind: { StringValue: 'digest' },
      severity: { StringValue: 'CRITICAL' },
    });
  });

  it('of what was only fixed is for incident tools: people asked for silence', async () => {
    await sink().publishDigest(facts, [critical('secure-app', { kind: 'fixed' })]);
    expect(sent().map(({ TopicArn }) => TopicArn)).toEqual([topics.machine]);
  });

  it('is not sent when nothing changed (OC-1)', async () => {
    expect((await sink().publishDigest(facts, [])).published).toBe(0);
    expect(sent()).toHaveLength(0);
  });
});
