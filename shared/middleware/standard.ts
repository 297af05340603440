import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { ZodType } from 'zod';
import { count, logger, metrics } from '../observability/telemetry.ts';
import { InvalidEventError, parseEvent } from './parse-event.ts';
import { retriedSoon } from './retried-soon.ts';

/** So long before Lambda ends the function, its end is logged: afterwards nothing could be. */
const TIMEOUT_EARLY_MS = 1_500;

/** Raised shortly before Lambda would end the function without a word. */
export class EarlyTimeoutError extends Error {
  override readonly name = 'EarlyTimeoutError';
}

/** What a function's own work is given. */
export type Work<E, R> = (event: E, context: Context) => Promise<R>;

/**
 * The one stack around every function: the event is parsed, logs name the invocation and the unit it works on, numbers
 * are written, and an error always makes the invocation fail, a timeout included, so that the caller tries again (CT-7).
 * There is nothing here that turns an error into an answer.
 */
export function standardHandler<E, R>(schema: ZodType<E>, work: Work<E, R>) {
  return middy<unknown, R>(async (event: unknown, context: Context) => work(parseEvent(schema, event), context), {
    timeoutEarlyInMillis: TIMEOUT_EARLY_MS,
    timeoutEarlyResponse: () => {
      throw new EarlyTimeoutError('The time of the function is over before its work is.');
    },
  })
    .use(observed())
    .use(retriedSoon());
}

function observed(): MiddlewareObj<unknown, unknown, Error, Context> {
  return {
    before: ({ context }) => {
      logger.resetKeys();
      logger.addContext(context);
    },
    after: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
    onError: ({ error }) => {
      // The keys of the logger name the unit.
      if (error instanceof InvalidEventError) logger.error(error.message);
      else logger.error('The function failed.', error as Error);
      count('Failures', 1);
      metrics.publishStoredMetrics();
    },
  };
}
