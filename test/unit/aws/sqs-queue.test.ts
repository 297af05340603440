import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { queueDepth, SqsQueue } from '#shared/aws/sqs-queue.ts';
import { rejectUnstubbed } from '#test/support/collect.ts';

const URL = 'https://sqs.us-east-1.amazonaws.com/111122223333/hullcheck-unit';
const sqs = rejectUnstubbed(mockClient(SQSClient));
const client = new SQSClient({ region: 'us-east-1' });

beforeEach(() => {
  rejectUnstubbed(sqs.reset());
});

describe('a queue', () => {
  test('takes ten messages in a call', async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });

    await new SqsQueue(client, URL).send(Array.from({ length: 21 }, (_, unit) => ({ body: { unit } })));

    const sizes = sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input.Entries?.length);
    expect(sizes).toEqual([10, 10, 1]);
  });

  test('a message that is refused inside an answer that succeeds is an error, not a loss', async () => {
    sqs.on(SendMessageBatchCommand).resolves({
      Successful: [],
      Failed: [{ Id: '0', SenderFault: false, Code: 'InternalError' }],
    });

    await expect(new SqsQueue(client, URL).send([{ body: {} }])).rejects.toThrow(
      'SQS refused 1 of 1 messages (InternalError).',
    );
  });

  test('tells how deep it is by the name people know', async () => {
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '3' } });

    expect(await queueDepth(client, URL)).toEqual({ name: 'hullcheck-unit', messages: 3 });
  });
});
