import { ChangeMessageVisibilityBatchCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { secondsUntilRetry } from '#shared/aws/retry-soon.ts';
import { eachMessage, sqsEventSchema } from '#shared/middleware/sqs-batch.ts';
import { standardHandler } from '#shared/middleware/standard.ts';
import { logger } from '#shared/observability/telemetry.ts';
import { accessDenied, rejectUnstubbed } from '#test/support/collect.ts';

const sqs = mockClient(SQSClient);
const URL = 'https://sqs.us-east-1.amazonaws.com/111122223333/hullcheck-prod-unit';

beforeEach(() => {
  sqs.reset();
  rejectUnstubbed(sqs);
  sqs.on(GetQueueUrlCommand).resolves({ QueueUrl: URL });
  sqs.on(ChangeMessageVisibilityBatchCommand).resolves({ Successful: [], Failed: [] });
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
});

afterEach(() => vi.restoreAllMocks());

const context = { functionName: 'scan', getRemainingTimeInMillis: () => 60_000 } as Context;

/** Messages as SQS hands them over, each with how often it was received. */
function batch(receives: Readonly<Record<string, number>>) {
  return {
    Records: Object.entries(receives).map(([messageId, count]) => ({
      messageId,
      receiptHandle: `receipt ${messageId}`,
      body: '{}',
      attributes: { ApproximateReceiveCount: String(count) },
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:111122223333:hullcheck-prod-unit',
    })),
  };
}

/** Handles all messages but these. */
const handlerFailing = (...failing: readonly string[]) =>
  standardHandler(sqsEventSchema, (event) =>
    eachMessage(event, async ({ messageId }) => {
      if (failing.includes(messageId)) throw new Error('not now');
    }),
  );

const changed = () =>
  sqs
    .commandCalls(ChangeMessageVisibilityBatchCommand)
    .flatMap(({ args: [{ input }] }) =>
      (input.Entries ?? []).map(({ ReceiptHandle, VisibilityTimeout }) => [ReceiptHandle, VisibilityTimeout]),
    );

describe('a message that failed', () => {
  test('comes again in a minute, then later and later, half an hour at most', () => {
    expect([1, 2, 3, 4, 5].map(secondsUntilRetry)).toEqual([60, 240, 960, 1800, 1800]);
  });

  test('is told when it comes again, alone, and still counts as failed', async () => {
    const answer = await handlerFailing('b')(batch({ a: 1, b: 2 }), context);

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'b' }] });
    expect(changed()).toEqual([['receipt b', 240]]);
    expect(sqs.commandCalls(GetQueueUrlCommand)[0]?.args[0].input).toEqual({
      QueueName: 'hullcheck-prod-unit',
      QueueOwnerAWSAccountId: '111122223333',
    });
  });

  test('is one of a whole batch where the function itself fails', async () => {
    const handler = standardHandler(sqsEventSchema, async () => {
      throw new TypeError('broken');
    });

    await expect(handler(batch({ a: 1, b: 1 }), context)).rejects.toThrow('broken');
    expect(changed()).toEqual([
      ['receipt a', 60],
      ['receipt b', 60],
    ]);
  });

  test('is changed with nine others in one call', async () => {
    const ids = Array.from({ length: 23 }, (_, index) => `m${index}`);
    await handlerFailing(...ids)(batch(Object.fromEntries(ids.map((id) => [id, 1]))), context);

    expect(sqs.commandCalls(ChangeMessageVisibilityBatchCommand)).toHaveLength(3);
    expect(changed()).toHaveLength(23);
  });

  test('comes later where SQS refuses, which is said and hides nothing', async () => {
    const warned = vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
    sqs.on(ChangeMessageVisibilityBatchCommand).rejects(accessDenied('sqs:ChangeMessageVisibility'));

    expect(await handlerFailing('a')(batch({ a: 1 }), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'a' }],
    });
    expect(warned).toHaveBeenCalledOnce();
  });

  test('costs nothing where none has failed, or where no queue delivered it', async () => {
    await handlerFailing()(batch({ a: 1 }), context);
    await expect(handlerFailing('a')({ Records: [{ messageId: 'a', body: '{}' }] }, context)).resolves.toBeDefined();

    expect(sqs.calls()).toEqual([]);
  });
});
