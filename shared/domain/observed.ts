/**
 * "Could not look" is a value. A field that may not have been read is an {@link Observed}: nobody reaches `value`
 * without saying what happens when it is not known.
 */
export type Observed<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly reason: UnknownReason };

/** Why a read did not answer. Each cause has its own fix, so they are never merged. */
export type UnreadableCause =
  | 'denied'
  | 'denied-by-scp'
  | 'credentials'
  /** The credentials are right, but nobody told the cluster whose they are. */
  | 'unauthenticated'
  | 'region-disabled'
  | 'throttled'
  | 'unreachable'
  | 'not-found'
  | 'not-supported'
  | 'invalid-answer'
  | 'failed';

/** Something could not be read; reading it another day (or with another permission) may answer. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly cause: UnreadableCause;
  /** The API operation as an IAM-style name, for example `ecr:GetRepositoryPolicy`. */
  readonly operation: string;
  /** One sentence without request ids, session names or times, so that the same world says the same thing. */
  readonly message: string;
  /** The IAM action to grant, where a grant is the fix. */
  readonly missingPermission?: string;
}

/** Everything was read, but no verdict can follow from it (an environment file in S3, an unknown enum value). */
export interface Undecidable {
  readonly kind: 'undecidable';
  readonly message: string;
}

export type UnknownReason = Unreadable | Undecidable;

export function known<T>(value: T): Observed<T> {
  return { known: true, value };
}

export function unknown(reason: UnknownReason): { readonly known: false; readonly reason: UnknownReason } {
  return { known: false, reason };
}

export function undecidable(message: string): { readonly known: false; readonly reason: Undecidable } {
  return { known: false, reason: { kind: 'undecidable', message } };
}

/** Applies `transform` to a known value and carries an unknown through unchanged. */
export function mapObserved<T, U>(observed: Observed<T>, transform: (value: T) => U): Observed<U> {
  return observed.known ? known(transform(observed.value)) : observed;
}

/** The values of a list of observations, or the first reason why one of them is missing. */
export function allKnown<T>(observations: readonly Observed<T>[]): Observed<readonly T[]> {
  const values: T[] = [];
  for (const observed of observations) {
    if (!observed.known) return observed;
    values.push(observed.value);
  }
  return known(values);
}
