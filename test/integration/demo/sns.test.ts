import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListTopicsCommand,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { configOf, homeRegion, refusal, startSeeded } from './clients.ts';

let demo: DemoAccount;
let sns: SNSClient;
const TopicArn = 'arn:aws:sns:us-east-1:111122223333:hullcheck-alerts';

beforeAll(async () => {
  demo = await startSeeded();
  sns = new SNSClient(configOf(demo));
});

afterAll(() => demo.close());

describe('the demo SNS', () => {
  it('keeps what was published', async () => {
    const attribute = { DataType: 'String', StringValue: 'CRITICAL' };
    const { MessageId } = await sns.send(
      new PublishCommand({
        TopicArn,
        Subject: 'Hullcheck',
        Message: 'a <b> & c',
        MessageAttributes: { severity: attribute },
      }),
    );
    expect(homeRegion(demo).topics[0]?.messages).toEqual([
      {
        messageId: MessageId,
        message: 'a <b> & c',
        subject: 'Hullcheck',
        messageStructure: undefined,
        attributes: { severity: { type: 'String', value: 'CRITICAL' } },
      },
    ]);
  });

  it.each([
    ['a subject of 100 characters', { Subject: 'x'.repeat(100), Message: 'm' }],
    ['a subject with a line break', { Subject: 'one\ntwo', Message: 'm' }],
    ['a subject beyond ASCII', { Subject: 'Größe', Message: 'm' }],
    ['an empty message', { Message: '' }],
    ['more than 256 KiB', { Message: 'x'.repeat(256 * 1024 + 1) }],
    ['a JSON message without a default', { Message: '{"email":"x"}', MessageStructure: 'json' }],
  ])('refuses %s', async (_, input) => {
    const error = await refusal(sns.send(new PublishCommand({ TopicArn, ...input })));
    expect(error.name).toBe('InvalidParameterException');
  });

  it('creates and describes topics, and does not know others', async () => {
    const created = await sns.send(new CreateTopicCommand({ Name: 'more-alerts' }));
    const { Topics } = await sns.send(new ListTopicsCommand({}));
    expect(Topics?.map((topic) => topic.TopicArn)).toEqual([TopicArn, created.TopicArn]);
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ Owner: '111122223333', DisplayName: 'Hullcheck' });
    const error = await refusal(sns.send(new PublishCommand({ TopicArn: `${TopicArn}-none`, Message: 'm' })));
    expect(error.name).toBe('NotFoundException');
  });
});
