import { ChangeMessageVisibilityBatchCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A message that a function was given and could not handle. */
export interface FailedMessage {
  readonly receiptHandle: string;
  /** The ARN of its queue. */
  readonly queue: string;
  /** How often it was received, this time included. */
  readonly receives: number;
}

/** SQS takes at most this many messages in one call. */
const MESSAGES_AT_ONCE = 10;
const FIRST_SECONDS = 60;
const GROWTH = 4;
const MOST_SECONDS = 1_800;

/** How long a message waits that failed: one minute, then four times as long each time, half an hour at most. */
export function secondsUntilRetry(receives: number): number {
  return Math.min(FIRST_SECONDS * GROWTH ** (Math.max(receives, 1) - 1), MOST_SECONDS);
}

/**
 * Lets failed messages of one queue come again soon. Without it they are invisible for six times the timeout of their
 * function, which is right for one that died and far too long for one that failed.
 *
 * @throws what SQS throws, and an Error when it refused some: they come again all the same, only later
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html
 */
export async function retrySoon(client: SQSClient, messages: readonly FailedMessage[]): Promise<void> {
  const [first] = messages;
  if (first === undefined) return;
  const [, , , , QueueOwnerAWSAccountId, QueueName] = first.queue.split(':');
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }));
  for (let start = 0; start < messages.length; start += MESSAGES_AT_ONCE) {
    const { Failed = [] } = await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: messages.slice(start, start + MESSAGES_AT_ONCE).map(({ receiptHandle, receives }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: secondsUntilRetry(receives),
        })),
      }),
    );
    if (Failed.length > 0) throw new Error(`SQS did not change when ${Failed.length} messages come again.`);
  }
}
