import type { PolicyDocument } from '../../domain/iam-policy.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import { type Unknown, unknownBecause } from '../../domain/verdict.ts';

export interface RepositoryPolicies {
  /** The repository's own policy and the registry's, in this order; empty where there is none or it was not read. */
  readonly documents: readonly PolicyDocument[];
  /** What evidence calls them. */
  readonly paths: readonly string[];
  /** One verdict for each that could not be read. */
  readonly unread: readonly Unknown[];
}

/** Both policies that decide about a repository: a Deny in either counts against an Allow in the other. */
export function policiesOf({ policy, registryPolicy }: ResourceByType['AwsEcrRepository']): RepositoryPolicies {
  const observed = [policy, registryPolicy];
  return {
    documents: observed.map((one) => (one.known ? one.value : null) ?? { statements: [] }),
    paths: ['policy', 'registryPolicy'],
    unread: observed.flatMap((one) => (one.known ? [] : [unknownBecause(one.reason)])),
  };
}
