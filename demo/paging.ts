import type { Call } from './service.ts';
import { ServiceError } from './service-error.ts';

/** A list that need not exist as a whole: an array, or something that makes its items when a slice is asked for. */
export type Sequence<T> = Pick<readonly T[], 'length' | 'slice'>;

export interface PageRequest {
  token: string | undefined;
  requested: number | undefined;
  /** How many items a page holds when the caller does not say. */
  usual: number;
  /** The largest page a caller may ask for; asking for more is refused. */
  most: number;
  least?: number;
  /** The error code for a bad token, where the service has its own. */
  badTokenCode?: string;
}

/**
 * Cuts one page out of a list. Tokens are opaque, bound to the operation, and refused elsewhere.
 *
 * @throws ServiceError for a token this operation did not give out or a page size out of bounds
 */
export function page<T>(call: Call, items: Sequence<T>, request: PageRequest): { items: T[]; nextToken?: string } {
  const start = offsetOf(call, request);
  const size = sizeOf(call, request);
  const end = start + size;
  const cut = items.slice(start, end);
  return end < items.length ? { items: cut, nextToken: tokenFor(call, end) } : { items: cut };
}

/** Like `page`, but keeps only matching items and still fills the page, reading the list in steps. */
export function filteredPage<T>(
  call: Call,
  items: Sequence<T>,
  matches: (item: T) => boolean,
  request: PageRequest,
): { items: T[]; nextToken?: string } {
  const size = sizeOf(call, request);
  const kept: T[] = [];
  let position = offsetOf(call, request);
  while (position < items.length && kept.length < size) {
    for (const item of items.slice(position, position + (size - kept.length))) {
      position += 1;
      if (matches(item)) kept.push(item);
    }
  }
  return position < items.length ? { items: kept, nextToken: tokenFor(call, position) } : { items: kept };
}

function sizeOf(call: Call, request: PageRequest): number {
  const least = request.least ?? 1;
  const { requested } = request;
  if (requested !== undefined && (requested < least || requested > request.most)) {
    throw new ServiceError(
      call.service.invalidInputCode,
      `Invalid parameter at 'maxResults' failed to satisfy constraint: 'Member must be between ${least} and ${request.most}'`,
    );
  }
  const wanted = requested ?? request.usual;
  return call.pageSize === undefined ? wanted : Math.min(wanted, call.pageSize);
}

function tokenFor(call: Call, offset: number): string {
  return Buffer.from(`${call.operation}:${offset}`).toString('base64url');
}

function offsetOf(call: Call, request: PageRequest): number {
  if (request.token === undefined || request.token === '') return 0;
  const [operation, offset] = Buffer.from(request.token, 'base64url').toString().split(':');
  const start = Number(offset);
  if (operation !== call.operation || !Number.isInteger(start)) {
    throw new ServiceError(request.badTokenCode ?? call.service.invalidInputCode, 'Invalid token');
  }
  return start;
}
