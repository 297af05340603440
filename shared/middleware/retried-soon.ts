import { SQSClient } from '@aws-sdk/client-sqs';
import type { MiddlewareObj } from '@middy/core';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { z } from 'zod';
import { type FailedMessage, retrySoon } from '../aws/retry-soon.ts';
import { logger } from '../observability/telemetry.ts';

const deliverySchema = z.object({
  messageId: z.string(),
  receiptHandle: z.string(),
  eventSource: z.literal('aws:sqs'),
  eventSourceARN: z.string(),
  attributes: z.object({ ApproximateReceiveCount: z.coerce.number().int().min(1) }),
});
const batchSchema = z.object({ Records: z.array(deliverySchema).min(1) });

/** What is tried twice must fail fast: the messages come again in any case. */
const REQUEST_MS = 1_000;

let client: SQSClient | undefined;

/** Lets the messages of a batch that could not be handled come again soon, some of them or all. */
export function retriedSoon(): MiddlewareObj<unknown, unknown, Error, Context> {
  return {
    after: async ({ event, response }) => {
      const failed = (response as Partial<SQSBatchResponse> | undefined)?.batchItemFailures ?? [];
      if (failed.length === 0) return;
      const ids = new Set(failed.map(({ itemIdentifier }) => itemIdentifier));
      await comeAgain(event, (messageId) => ids.has(messageId));
    },
    onError: ({ event }) => comeAgain(event, () => true),
  };
}

async function comeAgain(event: unknown, isFailed: (messageId: string) => boolean): Promise<void> {
  const batch = batchSchema.safeParse(event);
  // A schedule's event, or a test's.
  if (!batch.success) return;
  const messages = batch.data.Records.filter(({ messageId }) => isFailed(messageId)).map(
    ({ receiptHandle, eventSourceARN, attributes }): FailedMessage => ({
      receiptHandle,
      queue: eventSourceARN,
      receives: attributes.ApproximateReceiveCount,
    }),
  );
  client ??= new SQSClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: REQUEST_MS, requestTimeout: REQUEST_MS, throwOnRequestTimeout: true },
  });
  try {
    await retrySoon(client, messages);
  } catch (error) {
    // They come again when their invisibility is over; what failed in the first place must not be hidden by this.
    logger.warn('The messages could not be told to come again soon; they come later.', { error: error as Error });
  }
}
