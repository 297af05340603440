import pMap from 'p-map';
import { known, type Observed } from '../../domain/observed.ts';
import type { CollectorContext, IamAction, ReadOptions } from '../../domain/ports.ts';

/** Calls under way at once for the items of one listing; the rate itself is the limiter's concern. */
const CONCURRENCY = 8;

/** How many values one filter of an EC2 describe operation takes. */
export const FILTER_VALUES = 200;

/**
 * Reads a listing to its end. A listing that breaks off is unknown as a whole, never shorter. An item without a name
 * (undefined) becomes a gap.
 */
export async function readList<P, T>(
  context: CollectorContext,
  operation: IamAction,
  pages: () => AsyncIterable<P>,
  itemsOf: (page: P) => readonly (T | undefined)[] | undefined,
  options: ReadOptions = {},
): Promise<Observed<readonly T[]>> {
  const listed = await readOptionalList(context, operation, [], pages, itemsOf, options);
  return listed.known ? known(listed.value ?? []) : listed;
}

/** Like {@link readList}; null when AWS answers with one of the error names. */
export async function readOptionalList<P, T>(
  context: CollectorContext,
  operation: IamAction,
  absentErrors: readonly string[],
  pages: () => AsyncIterable<P>,
  itemsOf: (page: P) => readonly (T | undefined)[] | undefined,
  options: ReadOptions = {},
): Promise<Observed<readonly T[] | null>> {
  return context.readOptional(
    operation,
    absentErrors,
    async () => {
      const items: T[] = [];
      for await (const page of pages()) {
        for (const item of itemsOf(page) ?? []) {
          if (item === undefined) reportUnnamed(context, operation, options);
          else items.push(item);
        }
      }
      return items;
    },
    options,
  );
}

/** Goes on with what answered; carries an unknown, and null for what is not there, through unchanged. */
export async function whenPresent<T, R>(
  observed: Observed<T | null>,
  next: (value: T) => Promise<R>,
): Promise<Observed<R | null>> {
  if (!observed.known) return observed;
  return known(observed.value === null ? null : await next(observed.value));
}

/** Reports that an answer held something that cannot be told from others. */
export function reportUnnamed(context: CollectorContext, operation: IamAction, options: ReadOptions = {}): void {
  context.reportGap({
    operation,
    cause: 'invalid-answer',
    reason: `${operation} answered with an item that has no name.`,
    ...options,
  });
}

/** Reads each item on its own, a few at a time; what turns out to be gone (null) is left out. */
export async function readEach<T, R>(
  items: readonly T[],
  read: (item: T) => Promise<R | null>,
  concurrency = CONCURRENCY,
): Promise<readonly R[]> {
  const results = await pMap(items, read, { concurrency });
  return results.filter((result) => result !== null);
}

/** The distinct values in ascending order, in groups no larger than one EC2 filter takes. */
export function filterBatches(values: Iterable<string>, size = FILTER_VALUES): readonly (readonly string[])[] {
  const distinct = [...new Set(values)].sort();
  const batches: string[][] = [];
  for (let start = 0; start < distinct.length; start += size) batches.push(distinct.slice(start, start + size));
  return batches;
}
