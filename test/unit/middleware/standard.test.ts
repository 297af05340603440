import type { Context } from 'aws-lambda';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { eachMessage, sqsEventSchema } from '#shared/middleware/sqs-batch.ts';
import { standardHandler } from '#shared/middleware/standard.ts';
import { logger } from '#shared/observability/telemetry.ts';

const context = (remaining = 60_000) =>
  ({
    awsRequestId: 'r1',
    functionName: 'scan',
    functionVersion: '1',
    memoryLimitInMB: '512',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:scan',
    getRemainingTimeInMillis: () => remaining,
  }) as Context;

const schema = z.object({ unit: z.string() });

afterEach(() => vi.restoreAllMocks());

describe('the stack around every function', () => {
  test('CT-7: a handler that throws makes the invocation fail with its own error', async () => {
    const handler = standardHandler(schema, async () => {
      throw new TypeError('broken');
    });

    await expect(handler({ unit: 'a' }, context())).rejects.toThrow(new TypeError('broken'));
  });

  test('CT-7: the early timeout is logged with the unit, and fails the invocation', async () => {
    const said: string[] = [];
    vi.spyOn(logger, 'appendKeys').mockImplementation((keys) => void said.push(JSON.stringify(keys)));
    vi.spyOn(logger, 'resetKeys').mockImplementation(() => void said.push('forgotten'));
    vi.spyOn(logger, 'error').mockImplementation((...args) => void said.push((args[1] as Error).name));
    const handler = standardHandler(schema, async ({ unit }) => {
      logger.appendKeys({ unit });
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    });

    await expect(handler({ unit: '111122223333 eu-west-1' }, context(1_550))).rejects.toMatchObject({
      name: 'EarlyTimeoutError',
    });
    expect(said).toEqual(['forgotten', '{"unit":"111122223333 eu-west-1"}', 'EarlyTimeoutError']);
  });

  test('an event that cannot be used is refused in one sentence', async () => {
    const handler = standardHandler(schema, async () => 'done');

    await expect(handler({ unit: 7 }, context())).rejects.toThrow(/^The event cannot be used: unit: [^\n]+\.$/);
  });

  test('what the work returns is the answer', async () => {
    const handler = standardHandler(schema, async ({ unit }) => ({ unit }));

    await expect(handler({ unit: 'a' }, context())).resolves.toEqual({ unit: 'a' });
  });
});

describe('a batch of messages', () => {
  const event = sqsEventSchema.parse({
    Records: ['a', 'b', 'c'].map((messageId) => ({ messageId, body: '{}', attributes: {} })),
  });

  test('CT-7: a message that fails comes back alone', async () => {
    const answer = await eachMessage(event, async ({ messageId }) => {
      if (messageId === 'b') throw new Error('not now');
    });

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'b' }] });
  });

  test('all done is an empty list', async () => {
    expect(await eachMessage(event, async () => undefined)).toEqual({ batchItemFailures: [] });
  });
});
