import { randomUUID } from 'node:crypto';
import {
  CreateTopic$,
  type CreateTopicCommandInput,
  type CreateTopicCommandOutput,
  GetTopicAttributes$,
  type GetTopicAttributesCommandInput,
  type GetTopicAttributesCommandOutput,
  ListTopics$,
  type ListTopicsCommandInput,
  type ListTopicsCommandOutput,
  type MessageAttributeValue,
  Publish$,
  type PublishCommandInput,
  type PublishCommandOutput,
} from '@aws-sdk/client-sns';
import { page } from '../paging.ts';
import { type Call, operation, type Reply, type Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { Topic } from '../world/world.ts';

export const sns: Service = {
  signingName: 'sns',
  protocol: 'query',
  xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  invalidInputCode: 'InvalidParameter',
  throttleCode: 'Throttled',
  operations: [
    operation(Publish$, publish),
    operation(CreateTopic$, createTopic),
    operation(ListTopics$, listTopics),
    operation(GetTopicAttributes$, getTopicAttributes),
  ],
};

const maxMessageBytes = 256 * 1024;

function topicOf({ region }: Call, arn: string | undefined): Topic {
  const topic = region.topics.find((candidate) => candidate.arn === arn);
  if (!topic) throw new ServiceError('NotFound', 'Topic does not exist', 404);
  return topic;
}

/** The topic keeps the message, so that a test or the demo can read what an operator would have got. */
function publish(call: Call, input: PublishCommandInput): Reply<PublishCommandOutput> {
  const topic = topicOf(call, input.TopicArn ?? input.TargetArn);
  const message = input.Message ?? '';
  const attributes = input.MessageAttributes ?? {};
  if (message === '') throw invalid('Empty message');
  if (input.Subject !== undefined && !isSubject(input.Subject)) throw invalid('Subject');
  if (Buffer.byteLength(message) + attributeBytes(attributes) > maxMessageBytes) throw invalid('Message too long');
  if (input.MessageStructure === 'json') checkStructure(message);
  const messageId = randomUUID();
  topic.messages.push({
    messageId,
    message,
    subject: input.Subject,
    messageStructure: input.MessageStructure,
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, { DataType, StringValue }]) => [
        name,
        { type: DataType ?? '', value: StringValue ?? '' },
      ]),
    ),
  });
  return { MessageId: messageId };
}

/**
 * ASCII text that begins with a letter, number or punctuation mark, without line breaks or control characters, and
 * fewer than 100 characters.
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
function isSubject(subject: string): boolean {
  return subject.length < 100 && /^[\x21-\x7e][\x20-\x7e]*$/.test(subject);
}

function checkStructure(message: string): void {
  let parts: unknown;
  try {
    parts = JSON.parse(message);
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('Message Structure - JSON message body failed to parse');
    throw error;
  }
  if (typeof (parts as { default?: unknown } | null)?.default !== 'string') {
    throw invalid('Message Structure - No default entry in JSON message body');
  }
}

function attributeBytes(attributes: Record<string, MessageAttributeValue>): number {
  let bytes = 0;
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType ?? '');
    bytes += Buffer.byteLength(StringValue ?? '') + (BinaryValue?.length ?? 0);
  }
  return bytes;
}

function invalid(what: string): ServiceError {
  return new ServiceError('InvalidParameter', `Invalid parameter: ${what}`);
}

function createTopic({ account, region }: Call, input: CreateTopicCommandInput): Reply<CreateTopicCommandOutput> {
  const name = input.Name ?? '';
  const arn = `arn:aws:sns:${region.name}:${account.id}:${name}`;
  if (!region.topics.some((topic) => topic.arn === arn)) {
    region.topics.push({ arn, name, attributes: { ...input.Attributes }, messages: [] });
  }
  return { TopicArn: arn };
}

function listTopics(call: Call, input: ListTopicsCommandInput): Reply<ListTopicsCommandOutput> {
  const { items, nextToken } = page(call, call.region.topics, {
    token: input.NextToken,
    requested: undefined,
    usual: 100,
    most: 100,
  });
  return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: nextToken };
}

function getTopicAttributes(call: Call, input: GetTopicAttributesCommandInput): Reply<GetTopicAttributesCommandOutput> {
  const { arn, attributes } = topicOf(call, input.TopicArn);
  const subscriptions = { SubscriptionsConfirmed: '0', SubscriptionsPending: '0', SubscriptionsDeleted: '0' };
  return { Attributes: { TopicArn: arn, Owner: call.account.id, ...subscriptions, ...attributes } };
}
