import { GetQueueAttributesCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { MessageQueue, OutgoingMessage } from '../domain/queue.ts';

/** SQS takes at most this many messages in one call. */
const MESSAGES_AT_ONCE = 10;

/** A queue of SQS. */
export class SqsQueue implements MessageQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /**
   * @throws Error when a message was refused: the call as a whole succeeds even then
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
   */
  async send(messages: readonly OutgoingMessage[]): Promise<void> {
    for (let start = 0; start < messages.length; start += MESSAGES_AT_ONCE) {
      const batch = messages.slice(start, start + MESSAGES_AT_ONCE);
      const { Failed = [] } = await this.#client.send(
        new SendMessageBatchCommand({
          QueueUrl: this.#url,
          Entries: batch.map(({ body, delaySeconds }, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify(body),
            ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
          })),
        }),
      );
      const [first] = Failed;
      if (first !== undefined)
        throw new Error(`SQS refused ${Failed.length} of ${batch.length} messages (${first.Code}).`);
    }
  }
}

/**
 * How many messages lie in a queue, about.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
export async function queueDepth(
  client: SQSClient,
  url: string,
): Promise<{ readonly name: string; readonly messages: number }> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return { name: url.slice(url.lastIndexOf('/') + 1), messages: Number(Attributes?.ApproximateNumberOfMessages ?? 0) };
}
