import { type Observed, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { RoleUseFact } from '../iam/model.ts';
import type { ClusterResources } from './cluster-resources.ts';
import type { ServiceAccountObject } from './read-service-account.ts';

/** Roles that service accounts name in their annotation (IRSA). */
export function roleUseFacts(
  context: CollectorContext,
  of: ClusterResources,
  accounts: readonly ServiceAccountObject[],
): readonly RoleUseFact[] {
  const { oidcIssuer } = of.cluster;
  return accounts.flatMap(({ metadata: { name, namespace = '' }, roleArn }) =>
    roleArn === undefined
      ? []
      : [
          {
            ...use(context, of, { roleArn, namespace, serviceAccount: name }),
            use: 'service-account' as const,
            ...(oidcIssuer === undefined ? {} : { issuer: oidcIssuer.replace('https://', '') }),
          },
        ],
  );
}

/**
 * Roles that Pod Identity gives to service accounts.
 *
 * @param existing the service accounts of the cluster as `namespace/name`; left out where its inside was not read
 */
export function podIdentityFacts(
  context: CollectorContext,
  of: ClusterResources,
  existing: Observed<ReadonlySet<string>> = undecidable('The inside of the cluster was not read.'),
): readonly RoleUseFact[] {
  const { podIdentity } = of.cluster.inside;
  if (!podIdentity.known) return [];
  return podIdentity.value.map(({ disableSessionTags, ...association }) => ({
    ...use(context, of, association),
    use: 'pod-identity' as const,
    disableSessionTags,
    ...(existing.known
      ? { accountExists: existing.value.has(`${association.namespace}/${association.serviceAccount}`) }
      : {}),
  }));
}

function use(
  { accountId, region, now }: CollectorContext,
  of: ClusterResources,
  { roleArn, namespace, serviceAccount }: { roleArn: string; namespace: string; serviceAccount: string },
) {
  return {
    kind: 'role-use' as const,
    key: roleArn,
    accountId,
    region,
    observedAt: now.toISOString(),
    user: of.uid({ namespace, kind: 'ServiceAccount', name: serviceAccount }),
    cluster: of.cluster.name,
    clusterArn: of.cluster.key,
    namespace,
    serviceAccount,
  };
}
