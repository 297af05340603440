import type { Context } from 'aws-lambda';
import { uuidOf } from './seed/tidewater.ts';

/** An exported handler, as the Node.js runtime calls it. */
export type FunctionHandler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/** What of a function's configuration its context shows. */
export interface FunctionSettings {
  name: string;
  accountId: string;
  region: string;
  timeoutSeconds: number;
  /** The clock from which the remaining time is counted. */
  now: () => Date;
}

/**
 * A Lambda function: a handler with its settings.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export class DemoFunction<Event, Result> {
  readonly settings: FunctionSettings;
  readonly #handler: FunctionHandler<Event, Result>;
  #invocations = 0;

  constructor(settings: FunctionSettings, handler: FunctionHandler<Event, Result>) {
    this.settings = settings;
    this.#handler = handler;
  }

  /** How often it was invoked. */
  get invocations(): number {
    return this.#invocations;
  }

  /** Invokes the handler once with a context of its own. Throws what the handler throws. */
  async invoke(event: Event): Promise<Result> {
    this.#invocations += 1;
    return this.#handler(event, this.#context());
  }

  /** A target for EventBridge rules. */
  target(): (event: Event) => Promise<void> {
    return async (event) => {
      await this.invoke(event);
    };
  }

  #context(): Context {
    const { name, accountId, region, timeoutSeconds, now } = this.settings;
    const deadline = now().getTime() + timeoutSeconds * 1000;
    return {
      callbackWaitsForEmptyEventLoop: true,
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:${name}`,
      memoryLimitInMB: '512',
      awsRequestId: uuidOf(`invocation ${this.#invocations} of ${name}`),
      logGroupName: `/aws/lambda/${name}`,
      logStreamName: `${now().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${'0'.repeat(32)}`,
      getRemainingTimeInMillis: () => Math.max(0, deadline - now().getTime()),
      done: callbacksAreGone,
      fail: callbacksAreGone,
      succeed: callbacksAreGone,
    };
  }
}

/** Node.js 24 runs async handlers only. */
function callbacksAreGone(): never {
  throw new Error('This runtime has no callbacks: return a value or throw');
}
