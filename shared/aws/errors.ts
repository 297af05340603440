import type { Unreadable, UnreadableCause } from '../domain/observed.ts';

/** The parts of an SDK or network error that classification looks at. */
interface ErrorLike {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AccessDeniedForDependencyException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'ForbiddenException',
  'InvalidAccessException',
  'NotAuthorized',
  'UnauthorizedException',
  'UnauthorizedOperation',
]);
const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'TokenProviderError',
]);
/** What a region answers in which the account is not enabled; the credentials work elsewhere. */
const REGION_DISABLED = new Set([
  'AuthFailure',
  'InvalidClientTokenId',
  'OptInRequired',
  'UnrecognizedClientException',
]);
const THROTTLED = new Set([
  'EC2ThrottledException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);
const UNREACHABLE = new Set([
  'AbortError',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'NetworkingError',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
]);
const NOT_SUPPORTED = new Set([
  'InvalidAction',
  'NotImplemented',
  'NotImplementedException',
  'UnknownOperation',
  'UnknownOperationException',
  'UnsupportedOperationException',
]);

/** The stable name of an error, for comparing with the names a service documents. */
export function errorName(error: unknown): string {
  const { name, code } = (error ?? {}) as ErrorLike;
  if (typeof name === 'string' && name !== 'Error') return name;
  return typeof code === 'string' ? code : 'Error';
}

/**
 * Says why a call did not answer, in a sentence that is the same for the same world: no request ids, session names,
 * times or service texts, which may also quote hostile strings.
 *
 * @param error what the SDK threw
 * @param operation the IAM action of the call, for example `ecr:GetRepositoryPolicy`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function classifyError(error: unknown, operation: string): Unreadable {
  const cause = causeOf(error as ErrorLike);
  const name = errorName(error);
  return {
    kind: 'unreadable',
    cause,
    operation,
    message: sentenceFor(cause, operation, name),
    ...(cause === 'denied' ? { missingPermission: operation } : {}),
  };
}

function causeOf(error: ErrorLike): UnreadableCause {
  const names = [error?.name, error?.code].filter((name): name is string => typeof name === 'string');
  const is = (set: ReadonlySet<string>) => names.some((name) => set.has(name));
  const message = typeof error?.message === 'string' ? error.message : '';
  const status = error?.$metadata?.httpStatusCode;
  if (is(DENIED)) return /explicit deny in a service control policy/i.test(message) ? 'denied-by-scp' : 'denied';
  if (is(CREDENTIALS) || /could not load credentials/i.test(message)) return 'credentials';
  if (is(REGION_DISABLED)) return 'region-disabled';
  if (is(THROTTLED) || error?.$retryable?.throttling === true || status === 429) return 'throttled';
  if (is(UNREACHABLE)) return 'unreachable';
  if (is(NOT_SUPPORTED) || status === 501) return 'not-supported';
  if (names.includes('SyntaxError') || status === 200) return 'invalid-answer';
  if (names.some((name) => /NotFound|NoSuchEntity/.test(name))) return 'not-found';
  if (status === 403) return 'denied';
  return 'failed';
}

function sentenceFor(cause: UnreadableCause, operation: string, name: string): string {
  switch (cause) {
    case 'denied':
      return `${operation} was denied: allow ${operation} in the policy of the reading role.`;
    case 'denied-by-scp':
      return `${operation} is denied by a service control policy of the organization.`;
    case 'credentials':
      return `${operation} was refused because the credentials are missing, expired or wrong (${name}).`;
    case 'unauthenticated':
      return `${operation} was refused because the caller is not known there (${name}).`;
    case 'region-disabled':
      return `${operation} was refused because the region is not enabled for the account (${name}).`;
    case 'throttled':
      return `${operation} was throttled until the retries ran out.`;
    case 'unreachable':
      return `${operation} got no answer from the endpoint (${name}).`;
    case 'not-found':
      return `${operation} found nothing there any more (${name}).`;
    case 'not-supported':
      return `${operation} is not supported by the endpoint (${name}).`;
    case 'invalid-answer':
      return `${operation} answered with something that is not an answer of the service (${name}).`;
    case 'failed':
      return `${operation} failed (${name}).`;
  }
}
