/** Which policy keeps a caller from a call, as far as AWS says. Each has its own fix, in somebody else's hands. */
export type Denial =
  /** Nothing allows it: the caller's own policies lack it. */
  | 'not-allowed'
  /** One of the caller's own policies denies it. */
  | 'explicit-deny'
  | 'permissions-boundary'
  | 'session-policy'
  | 'service-control-policy'
  | 'resource-control-policy'
  | 'resource-policy'
  | 'vpc-endpoint-policy'
  /** The service does not say. */
  | 'unsaid';

const BY_WORDS: readonly (readonly [RegExp, Denial])[] = [
  [/service control polic/i, 'service-control-policy'],
  [/resource control polic/i, 'resource-control-policy'],
  [/permissions boundar/i, 'permissions-boundary'],
  [/session polic/i, 'session-policy'],
  [/VPC endpoint polic/i, 'vpc-endpoint-policy'],
  [/explicit deny in (?:an? )?identity-based polic/i, 'explicit-deny'],
  [/(?:resource-based|role trust) polic/i, 'resource-policy'],
  [/no identity-based polic/i, 'not-allowed'],
];

/**
 * Reads out of an access refusal which policy it comes from.
 *
 * @param error what the SDK threw for a call that was denied
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denialOf(error: unknown): Denial {
  const message = (error as { readonly message?: unknown } | null)?.message;
  if (typeof message !== 'string') return 'unsaid';
  return BY_WORDS.find(([words]) => words.test(message))?.[1] ?? 'unsaid';
}

/**
 * True where a refusal only says that there is no such thing, or that its own policy lets nobody in: KMS answers so of a
 * key that does not exist to a caller who may.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
 */
export function saysDoesNotExist(error: unknown): boolean {
  const message = (error as { readonly message?: unknown } | null)?.message;
  return typeof message === 'string' && /resource does not exist/i.test(message);
}
