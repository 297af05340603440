import type { Unreadable } from '../domain/observed.ts';

/** What the API server answered instead of what was asked for. */
export class KubernetesError extends Error {
  readonly status: number;
  /** Seconds it asks to wait. */
  readonly retryAfter: number | undefined;

  constructor(status: number, retryAfter?: number) {
    super(`The Kubernetes API answered with ${status}.`);
    this.name = 'KubernetesError';
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** An answer that is not one of the Kubernetes API: a proxy's page, a broken list. */
export class InvalidAnswerError extends Error {
  constructor() {
    super('The answer is not one of the Kubernetes API.');
    this.name = 'InvalidAnswerError';
  }
}

/** Errors of Node's TLS when the certificate is not of the authority it was told to trust, or not for that name. */
const UNTRUSTED = /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|ERR_SSL_|ERR_TLS_|SELF_SIGNED_CERT|UNABLE_TO_)/;
const UNRESOLVED = new Set(['EAI_AGAIN', 'ENOTFOUND']);
const UNANSWERED = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'TimeoutError']);
const BROKEN = new Set(['ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** Whether trying again soon may help: the connection broke, or the server was busy or restarting. */
export function isPassing(error: unknown): boolean {
  if (error instanceof KubernetesError) return error.status === 429 || error.status >= 500;
  return namesOf(error).some((name) => name === 'ECONNRESET' || name === 'EPIPE');
}

/**
 * Says why a cluster's inside could not be read, each cause with its own fix (PE-7), in sentences that are the same for
 * the same world.
 *
 * @param operation what was asked, for example `kubernetes:list pods`
 * @see https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html
 */
export function classifyKubernetesError(error: unknown, operation: string): Unreadable {
  const unreadable = (cause: Unreadable['cause'], message: string): Unreadable => ({
    kind: 'unreadable',
    cause,
    operation,
    message,
  });
  if (error instanceof KubernetesError) {
    const { status } = error;
    if (status === 401) {
      return unreadable(
        'unauthenticated',
        'The cluster does not know the reading role: give it an access entry (aws eks create-access-entry --cluster-name CLUSTER --principal-arn ROLE --kubernetes-groups hullcheck), or map it in aws-auth where the authentication mode is CONFIG_MAP.',
      );
    }
    if (status === 403) {
      return {
        ...unreadable(
          'denied',
          `${operation} was denied: apply the ClusterRole of infra/kubernetes and bind it to the group of the access entry.`,
        ),
        missingPermission: operation,
      };
    }
    if (status === 404) return unreadable('not-supported', `${operation} is not served by this cluster.`);
    if (status === 410) return unreadable('failed', `${operation} was outrun by changes: the list expired each time.`);
    if (status === 429) return unreadable('throttled', `${operation} was throttled until the retries ran out.`);
    return unreadable('failed', `${operation} failed (HTTP ${status}).`);
  }
  if (error instanceof InvalidAnswerError) {
    return unreadable('invalid-answer', `${operation} answered with something that is not an answer of Kubernetes.`);
  }
  const names = namesOf(error);
  const is = (set: ReadonlySet<string>) => names.some((name) => set.has(name));
  if (names.some((name) => UNTRUSTED.test(name))) {
    return unreadable(
      'unreachable',
      'The API server showed a certificate that the CA of the cluster has not signed: something between opens TLS, or the CA was rotated since the cluster was described.',
    );
  }
  if (is(UNRESOLVED)) {
    return unreadable('unreachable', 'The name of the API server cannot be resolved from here (DNS).');
  }
  if (is(UNANSWERED)) {
    return unreadable(
      'unreachable',
      'The API server did not answer in time: let this address into publicAccessCidrs, or read the cluster from inside its network (port 443 of the cluster security group).',
    );
  }
  if (is(BROKEN)) return unreadable('unreachable', 'The API server refused or broke the connection.');
  if (names.includes('CredentialsProviderError')) {
    return unreadable('credentials', 'There are no credentials to make a token for the cluster with.');
  }
  return unreadable('failed', `${operation} failed (${names[0] ?? 'Error'}).`);
}

/** Names and codes of an error and what caused it; messages may quote hosts and tokens. */
function namesOf(error: unknown): readonly string[] {
  const names: string[] = [];
  for (let one: unknown = error, depth = 0; one instanceof Error && depth < 3; one = one.cause, depth += 1) {
    const { code } = one as { code?: unknown };
    if (typeof code === 'string') names.push(code);
    if (one.name !== 'Error') names.push(one.name);
  }
  return names;
}
