import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { DemoFunction, type FunctionHandler } from '#demo/lambda.ts';

/** Functions in this process, and the poller that Lambda would be, over the queues of a moto server. */
export class MotoFunctions {
  readonly #sqs: SQSClient;
  readonly #accountId: string;
  readonly #region: string;

  constructor(sqs: SQSClient, accountId: string, region: string) {
    this.#sqs = sqs;
    this.#accountId = accountId;
    this.#region = region;
  }

  functionOf<Event, Result>(name: string, handler: FunctionHandler<Event, Result>): DemoFunction<Event, Result> {
    const place = { accountId: this.#accountId, region: this.#region };
    return new DemoFunction<Event, Result>({ name, ...place, timeoutSeconds: 900, now: () => new Date() }, handler);
  }

  /**
   * Lambda's poller, with the real SDK: what failed comes back at once, until the dead-letter queue has it.
   *
   * @param arriving changes a message's body on its way, where moto delivers another one than AWS
   */
  async drain(
    url: string,
    handler: FunctionHandler<SQSEvent, SQSBatchResponse>,
    arriving: (body: string) => string = (body) => body,
  ): Promise<number> {
    const consumer = this.functionOf('consumer', handler);
    for (let handled = 0; ; ) {
      const { Messages = [] } = await this.#sqs.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
      );
      if (Messages.length === 0) return handled;
      handled += Messages.length;
      const Records = Messages.map((message) => this.recordOf(message, url, arriving));
      const { batchItemFailures } = await consumer.invoke({ Records });
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const { MessageId = '', ReceiptHandle } of Messages) {
        const one = { QueueUrl: url, ReceiptHandle };
        if (failed.has(MessageId)) {
          await this.#sqs.send(new ChangeMessageVisibilityCommand({ ...one, VisibilityTimeout: 0 }));
        } else await this.#sqs.send(new DeleteMessageCommand(one));
      }
    }
  }

  /** A message as Lambda hands it to a function. */
  recordOf(
    { MessageId = '', ReceiptHandle = '', Body = '', MD5OfBody = '', Attributes }: Message,
    url: string,
    arriving: (body: string) => string = (body) => body,
  ): SQSEvent['Records'][number] {
    return {
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: arriving(Body),
      attributes: Attributes as unknown as SQSEvent['Records'][number]['attributes'],
      messageAttributes: {},
      md5OfBody: MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:${this.#region}:${this.#accountId}:${url.split('/').at(-1)}`,
      awsRegion: this.#region,
    };
  }
}
