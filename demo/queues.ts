import type { EmulatedPlace, Emulators } from './emulators.ts';
import type { AwsEvent } from './events.ts';

/** A message as SQS hands it to whoever polls. */
export interface ReceivedMessage {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  Attributes: Record<string, string>;
}

/** What `create` may set besides the name. */
export interface QueueSettings {
  visibilitySeconds?: number;
  /** Where messages go that were received too often. The queue must exist. */
  deadLetters?: { queue: string; maxReceiveCount: number };
}

/**
 * The queues of one account and Region as AWS itself uses them, when EventBridge sends and Lambda polls: past the front
 * door, so that no fault hits these calls and no count of the customer's calls sees them.
 */
export class Queues {
  readonly #emulators: Emulators;
  readonly #place: EmulatedPlace;

  constructor(emulators: Emulators, place: EmulatedPlace) {
    this.#emulators = emulators;
    this.#place = place;
  }

  get region(): string {
    return this.#place.region;
  }

  /** The address that the functions are given. */
  urlOf(queue: string): string {
    return `${this.#place.endpoint}/${this.#place.accountId}/${queue}`;
  }

  arnOf(queue: string): string {
    return `arn:aws:sqs:${this.#place.region}:${this.#place.accountId}:${queue}`;
  }

  /** Creates a queue, or leaves one of this name and these settings as it is. */
  async create(queue: string, settings: QueueSettings = {}): Promise<string> {
    const { visibilitySeconds, deadLetters } = settings;
    const redrive = deadLetters && {
      deadLetterTargetArn: this.arnOf(deadLetters.queue),
      maxReceiveCount: deadLetters.maxReceiveCount,
    };
    await this.#call('CreateQueue', {
      QueueName: queue,
      Attributes: {
        ...(visibilitySeconds === undefined ? {} : { VisibilityTimeout: String(visibilitySeconds) }),
        ...(redrive ? { RedrivePolicy: JSON.stringify(redrive) } : {}),
      },
    });
    return this.urlOf(queue);
  }

  async send(queue: string, body: string): Promise<void> {
    await this.#call('SendMessage', { QueueUrl: this.urlOf(queue), MessageBody: body });
  }

  /** At most `most` messages that are visible now; does not wait for any. */
  async receive(queue: string, most: number): Promise<ReceivedMessage[]> {
    const answer = await this.#call('ReceiveMessage', {
      QueueUrl: this.urlOf(queue),
      MaxNumberOfMessages: most,
      WaitTimeSeconds: 0,
      MessageSystemAttributeNames: ['All'],
    });
    return (answer.Messages ?? []) as ReceivedMessage[];
  }

  async delete(queue: string, { ReceiptHandle }: ReceivedMessage): Promise<void> {
    await this.#call('DeleteMessage', { QueueUrl: this.urlOf(queue), ReceiptHandle });
  }

  /** Ends the visibility timeout of a message that was not dealt with. */
  async giveBack(queue: string, { ReceiptHandle }: ReceivedMessage): Promise<void> {
    await this.#call('ChangeMessageVisibility', { QueueUrl: this.urlOf(queue), ReceiptHandle, VisibilityTimeout: 0 });
  }

  /** How many messages are visible now. */
  async depth(queue: string): Promise<number> {
    const name = 'ApproximateNumberOfMessages';
    const answer = await this.#call('GetQueueAttributes', { QueueUrl: this.urlOf(queue), AttributeNames: [name] });
    return Number((answer.Attributes as Record<string, string>)[name]);
  }

  /** A target for EventBridge rules: the message is the event. */
  target(queue: string): (event: AwsEvent) => Promise<void> {
    return (event) => this.send(queue, JSON.stringify(event));
  }

  async #call(operation: string, input: object): Promise<Record<string, unknown>> {
    const body = JSON.stringify(input);
    const answer = await this.#emulators.forward(
      'sqs',
      {
        method: 'POST',
        url: '/',
        path: '/',
        query: new URLSearchParams(),
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `AmazonSQS.${operation}`,
          authorization: `AWS4-HMAC-SHA256 Credential=aws/20260101/${this.#place.region}/sqs/aws4_request`,
        },
        body,
        raw: Buffer.from(body),
      },
      this.#place,
    );
    const text = answer.body.toString();
    if (answer.status >= 300) throw new Error(`sqs:${operation} failed: ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  }
}
