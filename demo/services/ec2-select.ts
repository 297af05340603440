import type { Filter, Tag } from '@aws-sdk/client-ec2';
import { page } from '../paging.ts';
import type { Call } from '../service.ts';
import { ServiceError } from '../service-error.ts';

/** What the EC2 describe operations have in common. */
export interface Ec2Question {
  ids: string[] | undefined;
  Filters?: Filter[] | undefined;
  MaxResults?: number | undefined;
  NextToken?: string | undefined;
  /** The error code when an id does not exist. */
  notFound: string;
  most: number;
}

type Reader<T> = (item: T) => readonly (string | undefined)[];

/** How to find an item: by its id, by its tags, and by each filter the demo account knows. */
export interface Readers<T> {
  id: (item: T) => string | undefined;
  tags: (item: T) => Tag[] | undefined;
  by: Record<string, Reader<T>>;
}

/**
 * Answers an EC2 describe: by ids, by filters (all must match, any value of each), in pages.
 *
 * @throws ServiceError for an unknown id, a filter the demo account does not know, or a bad page size
 */
export function select<T>(
  call: Call,
  all: readonly T[],
  question: Ec2Question,
  readers: Readers<T>,
): { items: T[]; nextToken?: string } {
  const missing = question.ids?.filter((id) => !all.some((item) => readers.id(item) === id)) ?? [];
  if (missing.length > 0) {
    throw new ServiceError(question.notFound, `The ID '${missing.join(', ')}' does not exist`);
  }
  if (question.ids && question.MaxResults !== undefined) {
    throw new ServiceError('InvalidParameterCombination', 'The parameter MaxResults cannot be used with a list of IDs');
  }
  const matching = all.filter(
    (item) =>
      (question.ids === undefined || question.ids.includes(readers.id(item) ?? '')) &&
      (question.Filters ?? []).every((filter) => isMatch(item, filter, readers)),
  );
  if (question.MaxResults === undefined && question.NextToken === undefined && call.pageSize === undefined) {
    return { items: matching };
  }
  return page(call, matching, {
    token: question.NextToken,
    requested: question.MaxResults,
    usual: question.most,
    most: question.most,
    least: 5,
  });
}

function isMatch<T>(item: T, filter: Filter, readers: Readers<T>): boolean {
  const name = filter.Name ?? '';
  const values = filter.Values ?? [];
  if (name.startsWith('tag:')) {
    const value = readers.tags(item)?.find(({ Key }) => Key === name.slice(4))?.Value;
    return value !== undefined && values.some((wanted) => matchesText(value, wanted));
  }
  const reader = readers.by[name];
  if (!reader) throw new ServiceError('InvalidParameterValue', `The filter '${name}' is invalid`);
  return reader(item).some((value) => value !== undefined && values.some((wanted) => matchesText(value, wanted)));
}

function matchesText(value: string, wanted: string): boolean {
  if (!wanted.includes('*')) return value === wanted;
  const pattern = wanted.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(value);
}
