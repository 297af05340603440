import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emulatorsAreAvailable } from '#demo/emulators.ts';
import type { DemoAccount } from '#demo/server.ts';
import { configOf, refusal, startSeeded } from './clients.ts';

let demo: DemoAccount;

beforeAll(async () => {
  demo = await startSeeded();
});

afterEach(() => demo.faults.clear());

afterAll(() => demo.close());

it('the emulators are available in a clone', async () => {
  expect(await emulatorsAreAvailable()).toBe(true);
});

describe('tables behind the demo endpoint', () => {
  let tables: DynamoDBClient;
  const key = { pk: { S: 'finding' }, sk: { S: '1' } };

  beforeAll(async () => {
    tables = new DynamoDBClient(configOf(demo));
    await tables.send(
      new CreateTableCommand({
        TableName: 'ledger',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
      }),
    );
  });

  it('refuse a conditional put whose condition no longer holds', async () => {
    const put = new PutItemCommand({
      TableName: 'ledger',
      Item: { ...key, seen: { N: '1' } },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await tables.send(put);
    expect((await refusal(tables.send(put))).name).toBe('ConditionalCheckFailedException');
  });

  it('answer queries in pages', async () => {
    for (const sk of ['a', 'b', 'c']) {
      await tables.send(new PutItemCommand({ TableName: 'ledger', Item: { pk: { S: 'pages' }, sk: { S: sk } } }));
    }
    const seen: number[] = [];
    const query = {
      TableName: 'ledger',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'pages' } },
    };
    for await (const { Count } of paginateQuery({ client: tables, pageSize: 2 }, query)) seen.push(Count ?? 0);
    expect(seen).toEqual([2, 1]);
  });

  it('are of one Region', async () => {
    const europe = new DynamoDBClient(configOf(demo, 'eu-west-1'));
    const error = await refusal(europe.send(new GetItemCommand({ TableName: 'ledger', Key: key })));
    expect(error.name).toBe('ResourceNotFoundException');
  });

  it('are throttled, denied and recorded like everything else', async () => {
    const get = new GetItemCommand({ TableName: 'ledger', Key: key });
    demo.faults.add('dynamodb:GetItem', { kind: 'throttle' }, { times: 1 });
    expect((await refusal(tables.send(get))).name).toBe('ProvisionedThroughputExceededException');
    demo.faults.add('dynamodb:*', { kind: 'deny', because: 'no-identity-policy' }, { times: 1 });
    const denied = await refusal(tables.send(get));
    expect([denied.name, denied.message]).toEqual([
      'AccessDeniedException',
      expect.stringContaining('is not authorized to perform: dynamodb:GetItem'),
    ]);
    await tables.send(get);
    expect(demo.recorder.calls({ operation: 'dynamodb:GetItem', region: 'us-east-1' }).at(-1)?.outcome).toBe('ok');
  });

  it('keep a write whose answer was lost', async () => {
    demo.faults.add('dynamodb:UpdateItem', { kind: 'lose-answer' });
    const lost = tables.send(
      new UpdateItemCommand({
        TableName: 'ledger',
        Key: { pk: { S: 'lost' }, sk: { S: '1' } },
        UpdateExpression: 'ADD seen :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
    expect((await refusal(lost)).message).toMatch(/ECONNRESET|socket hang up/);
    const { Item } = await tables.send(
      new GetItemCommand({ TableName: 'ledger', Key: { pk: { S: 'lost' }, sk: { S: '1' } } }),
    );
    expect(Item?.seen).toEqual({ N: '1' });
  });
});

describe('queues behind the demo endpoint', () => {
  let queues: SQSClient;

  beforeAll(() => {
    queues = new SQSClient(configOf(demo));
  });

  it('lie in the account and under the endpoint of the demo', async () => {
    await queues.send(new CreateQueueCommand({ QueueName: 'units' }));
    const { QueueUrl } = await queues.send(new GetQueueUrlCommand({ QueueName: 'units' }));
    expect(QueueUrl).toBe(`${demo.endpoint}/111122223333/units`);
    const { Attributes } = await queues.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    expect(Attributes?.QueueArn).toBe('arn:aws:sqs:us-east-1:111122223333:units');
  });

  it('deliver a body as it was sent, even one that names accounts', async () => {
    const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: 'bodies' }));
    const MessageBody = 'from :000000000000: to :111122223333: ünïcode';
    await queues.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const { Messages } = await queues.send(
      new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'] }),
    );
    expect(Messages?.[0]?.Body).toBe(MessageBody);
    expect(Messages?.[0]?.Attributes).toMatchObject({ SenderId: '111122223333', ApproximateReceiveCount: '1' });
    await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));
  });

  it('of the same name in two Regions are two queues', async () => {
    const europe = new SQSClient(configOf(demo, 'eu-west-1'));
    const name = { QueueName: 'twins' };
    const { QueueUrl } = await queues.send(new CreateQueueCommand(name));
    const { QueueUrl: other } = await europe.send(new CreateQueueCommand(name));
    await queues.send(new SendMessageCommand({ QueueUrl, MessageBody: 'only here' }));
    const { Messages } = await europe.send(new ReceiveMessageCommand({ QueueUrl: other }));
    expect(Messages).toBeUndefined();
  });

  it('that do not exist are refused by name', async () => {
    const error = await refusal(queues.send(new GetQueueUrlCommand({ QueueName: 'nowhere' })));
    expect(error.name).toBe('QueueDoesNotExist');
  });
});

describe('buckets behind the demo endpoint', () => {
  let buckets: S3Client;
  const Bucket = 'tidewater-hullcheck-reports';

  beforeAll(async () => {
    buckets = new S3Client(configOf(demo));
    await buckets.send(new CreateBucketCommand({ Bucket }));
  });

  it('keep bytes, types and lengths, whatever is in the key', async () => {
    const Key = '2026/11/23/report (1)+ü.json';
    const Body = new Uint8Array([0, 255, 128, 10, 13]);
    await buckets.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json' }));
    const head = await buckets.send(new HeadObjectCommand({ Bucket, Key }));
    expect([head.ContentLength, head.ContentType]).toEqual([5, 'application/json']);
    const object = await buckets.send(new GetObjectCommand({ Bucket, Key }));
    expect(await object.Body?.transformToByteArray()).toEqual(Body);
    const { Contents } = await buckets.send(new ListObjectsV2Command({ Bucket, Prefix: '2026/' }));
    expect(Contents?.map((one) => one.Key)).toEqual([Key]);
  });

  it('answer that a configuration has not changed since the given ETag', async () => {
    const { ETag } = await buckets.send(new PutObjectCommand({ Bucket, Key: 'hullcheck.yaml', Body: 'version: 1' }));
    const again = await refusal(
      buckets.send(new GetObjectCommand({ Bucket, Key: 'hullcheck.yaml', IfNoneMatch: ETag })),
    );
    expect(again.$metadata?.httpStatusCode).toBe(304);
  });

  it('are denied in the words and the language of S3', async () => {
    demo.faults.add('s3:GetObject', { kind: 'deny', because: 'no-identity-policy' });
    const error = await refusal(buckets.send(new GetObjectCommand({ Bucket, Key: 'hullcheck.yaml' })));
    expect([error.name, error.$metadata?.httpStatusCode]).toEqual(['AccessDenied', 403]);
  });

  it('are counted by operation', async () => {
    const called = demo.recorder.operations().filter((operation) => operation.startsWith('s3:'));
    expect(called).toEqual(['s3:CreateBucket', 's3:GetObject', 's3:HeadObject', 's3:ListObjectsV2', 's3:PutObject']);
  });
});
