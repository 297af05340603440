import type { SQSBatchResponse } from 'aws-lambda';
import { z } from 'zod';
import { count, logger } from '../observability/telemetry.ts';

/** What is looked at of an event of SQS. */
export const sqsEventSchema = z.object({
  Records: z.array(z.object({ messageId: z.string().min(1), body: z.string() })).min(1),
});
export type SqsEvent = z.infer<typeof sqsEventSchema>;
export type SqsRecord = SqsEvent['Records'][number];

/** The JSON in a message. @throws SyntaxError */
export function bodyOf({ body }: SqsRecord): unknown {
  return JSON.parse(body);
}

/**
 * Works through a batch, message by message. One that fails comes back alone; the others are done (CT-7).
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function eachMessage(
  { Records }: SqsEvent,
  work: (record: SqsRecord) => Promise<void>,
): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const record of Records) {
    try {
      await work(record);
    } catch (error) {
      logger.error('A message could not be handled and comes again.', {
        error: error as Error,
        messageId: record.messageId,
      });
      count('Failures', 1);
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures };
}
