import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { DemoFunction } from './lambda.ts';
import type { Queues, ReceivedMessage } from './queues.ts';

/** Which queue feeds which function. */
export interface EventSource {
  queues: Queues;
  queue: string;
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler without partial batch responses returns nothing.
  consumer: DemoFunction<SQSEvent, SQSBatchResponse | void>;
  /** At most so many messages an invocation; 10 unless told. */
  batchSize?: number;
  /** False where the event source mapping does not read `batchItemFailures`. */
  reportBatchItemFailures?: boolean;
}

/** How one batch ended. */
export interface PumpedBatch {
  /** Ids of the messages that are done and deleted. */
  done: string[];
  /** Ids of the messages that went back to the queue. */
  returned: string[];
  /** What the handler threw, if it threw. */
  error?: unknown;
}

/** More batches than any test or demo needs: a message that always comes back ends here. */
const defaultMostBatches = 1000;

/**
 * Lambda's poller for a queue: true SQS events, partial batch responses, redelivery with a growing receive count, and
 * the dead-letter queue after the most receives. It works only when asked to and starts no timer: a message that failed
 * is visible again at once instead of after the visibility timeout.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export class Pump {
  readonly #source: EventSource;

  constructor(source: EventSource) {
    this.#source = source;
  }

  /** Receives one batch, invokes the function, and deletes or returns the messages. Undefined when none is visible. */
  async once(): Promise<PumpedBatch | undefined> {
    const { queues, queue, consumer, batchSize = 10 } = this.#source;
    const messages = await queues.receive(queue, batchSize);
    if (messages.length === 0) return undefined;
    let failed: ReadonlySet<string>;
    let thrown: { error: unknown } | undefined;
    try {
      failed = this.#failuresOf(await consumer.invoke({ Records: messages.map((one) => this.#record(one)) }), messages);
    } catch (error) {
      thrown = { error };
      failed = allOf(messages);
    }
    const batch: PumpedBatch = { done: [], returned: [], ...thrown };
    for (const message of messages) {
      if (failed.has(message.MessageId)) {
        await queues.giveBack(queue, message);
        batch.returned.push(message.MessageId);
      } else {
        await queues.delete(queue, message);
        batch.done.push(message.MessageId);
      }
    }
    return batch;
  }

  /**
   * Pumps until no message is visible.
   *
   * @throws Error when messages are still coming back after so many batches
   */
  async drain(mostBatches = defaultMostBatches): Promise<PumpedBatch[]> {
    const batches: PumpedBatch[] = [];
    for (let batch = await this.once(); batch !== undefined; batch = await this.once()) {
      batches.push(batch);
      if (batches.length > mostBatches)
        throw new Error(`${this.#source.queue} is not empty after ${mostBatches} batches`);
    }
    return batches;
  }

  /** An answer that names no message, or one that was not in the batch, fails the whole batch. */
  #failuresOf(answer: unknown, messages: readonly ReceivedMessage[]): ReadonlySet<string> {
    if (this.#source.reportBatchItemFailures === false || answer === undefined || answer === null) return new Set();
    const { batchItemFailures } = answer as Partial<SQSBatchResponse>;
    if (batchItemFailures === undefined || batchItemFailures === null) return new Set();
    const all = allOf(messages);
    const named = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    return named.every((id) => all.has(id)) ? new Set(named) : all;
  }

  #record({ MessageId, ReceiptHandle, Body, MD5OfBody, Attributes }: ReceivedMessage): SQSRecord {
    const { queues, queue } = this.#source;
    return {
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: {
        ApproximateReceiveCount: Attributes.ApproximateReceiveCount ?? '1',
        SentTimestamp: Attributes.SentTimestamp ?? '0',
        SenderId: Attributes.SenderId ?? '',
        ApproximateFirstReceiveTimestamp: Attributes.ApproximateFirstReceiveTimestamp ?? '0',
      },
      messageAttributes: {},
      md5OfBody: MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: queues.arnOf(queue),
      awsRegion: queues.region,
    };
  }
}

function allOf(messages: readonly ReceivedMessage[]): ReadonlySet<string> {
  return new Set(messages.map(({ MessageId }) => MessageId));
}
