import type { Failure } from '@aws-sdk/client-ecs';
import pMap from 'p-map';
import { errorName } from '../../aws/errors.ts';
import { allKnown, known, type Observed, type Unreadable, unknown } from '../../domain/observed.ts';
import type { CollectorContext, IamAction, ReadOptions } from '../../domain/ports.ts';
import { present } from './present.ts';

/** What could be read of a listing, and whether that is all of it: half a list still proves what stands in it. */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly complete: Observed<true>;
}

/** Batches of one listing that are described at once; the rate itself is the limiter's concern. */
const BATCHES_AT_ONCE = 4;

/** How a listing inside of something is read: what it is in, and the error that says that it is gone. */
export interface ListingOptions extends ReadOptions {
  /** Names of errors that mean that what is listed went away since it was found; then there is nothing in it. */
  readonly goneErrors?: readonly string[];
}

/** What ECS answers about anything in a cluster that was deleted since it was listed. */
export const CLUSTER_GONE = ['ClusterNotFoundException'] as const;

/** Reads all pages of a listing; what came before an error is kept. */
export async function readListing<P, T>(
  context: CollectorContext,
  operation: IamAction,
  pages: () => AsyncIterable<P>,
  itemsOf: (page: P) => readonly T[] | undefined,
  { goneErrors = [], ...options }: ListingOptions = {},
): Promise<Listing<T>> {
  const items: T[] = [];
  const listing = context.readPages(operation, () => endingAt(goneErrors, pages()), itemsOf, options);
  for (;;) {
    const step = await listing.next();
    if (step.done === true) return { items, complete: step.value };
    items.push(step.value);
  }
}

async function* endingAt<P>(goneErrors: readonly string[], pages: AsyncIterable<P>): AsyncGenerator<P> {
  try {
    yield* pages;
  } catch (error) {
    if (!goneErrors.includes(errorName(error))) throw error;
  }
}

/** Follows the tokens of an operation for which the SDK has no paginator. */
export async function* tokenPages<P>(
  fetch: (token: string | undefined) => Promise<P>,
  tokenOf: (page: P) => string | undefined,
): AsyncGenerator<P> {
  let token: string | undefined;
  do {
    const page = await fetch(token);
    yield page;
    token = tokenOf(page);
  } while (token !== undefined && token !== '');
}

export interface BatchRead<I, T> {
  readonly operation: IamAction;
  /** The most that one call takes. */
  readonly size: number;
  readonly describe: (
    batch: I[],
  ) => Promise<{ readonly items: readonly T[] | undefined; readonly failures?: readonly Failure[] | undefined }>;
  readonly options?: ListingOptions;
}

/**
 * Describes what was listed, in batches as large as the operation takes. What the answer names as MISSING is gone since
 * it was listed; any other failure in an answer is a gap.
 */
export async function describeBatches<I, T>(
  context: CollectorContext,
  ids: readonly I[],
  { operation, size, describe, options: { goneErrors = [], ...options } = {} }: BatchRead<I, T>,
): Promise<Listing<T>> {
  const items: T[] = [];
  const answers = await pMap(
    inBatches(ids, size),
    async (batch): Promise<Observed<true>> => {
      const answer = await context.readOptional(operation, goneErrors, () => describe(batch), options);
      if (!answer.known) return answer;
      items.push(...(answer.value?.items ?? []));
      const failure = (answer.value?.failures ?? []).find(({ reason }) => reason !== 'MISSING');
      return failure === undefined ? known(true) : reportFailure(context, operation, failure, options);
    },
    { concurrency: BATCHES_AT_ONCE },
  );
  return { items, complete: allOf(answers) };
}

/** Known when all of them are, else the first reason. */
export function allOf(observations: readonly Observed<true>[]): Observed<true> {
  const all = allKnown(observations);
  return all.known ? known(true) : all;
}

/** Splits a list into parts of at most `size`. */
export function inBatches<T>(items: readonly T[], size: number): T[][] {
  const batches: T[][] = [];
  for (let start = 0; start < items.length; start += size) batches.push(items.slice(start, start + size));
  return batches;
}

/** Orders by a text, character code by character code, so that the order is the same on every machine. */
export function sortedBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...items].sort((left, right) => {
    const [a, b] = [keyOf(left), keyOf(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  });
}

/** The distinct texts in order, without those that are not there. */
export function distinct(texts: Iterable<string | undefined>): string[] {
  return [...new Set(texts)].filter((text) => text !== undefined && text !== '').sort() as string[];
}

/** Reports that an answer held something that cannot be told from others. */
export function reportUnnamed(context: CollectorContext, operation: IamAction, options: ReadOptions = {}): void {
  context.reportGap({
    operation,
    cause: 'invalid-answer',
    reason: `${operation} answered with an item that has no ARN or name.`,
    ...options,
  });
}

function reportFailure(
  context: CollectorContext,
  operation: IamAction,
  { arn, reason }: Failure,
  options: ReadOptions,
): Observed<true> {
  const word = /^[A-Z_]{1,40}$/.test(reason ?? '') ? reason : 'no reason given';
  const unreadable: Unreadable = {
    kind: 'unreadable',
    cause: 'failed',
    operation,
    message: `${operation} could not describe all of what was asked for (${word}).`,
  };
  const resource = arn ?? options.resource;
  context.reportGap({
    operation,
    cause: unreadable.cause,
    reason: unreadable.message,
    ...options,
    ...present('resource', resource),
  });
  return unknown(unreadable);
}
