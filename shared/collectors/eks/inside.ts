import type { Cluster } from '@aws-sdk/client-eks';
import { allKnown, mapObserved, type Observed } from '../../domain/observed.ts';
import type { EksCluster, EksClusterInside, EksNode, EksNodeGroupMetadata } from './model.ts';
import type { ClusterNodes } from './nodes.ts';
import { withoutUndefined } from './without-undefined.ts';

export type ClusterAccess = Pick<EksClusterInside, 'endpoint' | 'certificateAuthority'>;

/** A cluster with all that is known of it, and what leads into it. */
export interface CompleteCluster {
  readonly cluster: EksCluster;
  readonly inside: EksClusterInside | undefined;
}

/**
 * Where the API server of a cluster is; undefined while it is being created. A token goes nowhere in the clear. Without a certificate there is nobody to
 * trust: an empty text would make Node trust every authority of the system.
 */
export function accessOf({ endpoint, certificateAuthority: { data = '' } = {} }: Cluster): ClusterAccess | undefined {
  const certificateAuthority = Buffer.from(data, 'base64').toString('utf8');
  if (!endpoint?.startsWith('https://') || !certificateAuthority.includes('-----BEGIN CERTIFICATE-----'))
    return undefined;
  return { endpoint, certificateAuthority };
}

/** Adds to the way in what the inside cannot show itself: who gives roles to its pods, and what its nodes let through. */
export function insideOf(
  cluster: EksCluster,
  access: ClusterAccess | undefined,
  nodes: Observed<ReadonlyMap<string, ClusterNodes>>,
): EksClusterInside | undefined {
  if (access === undefined) return undefined;
  return {
    ...access,
    ...withoutUndefined({ version: cluster.version, authenticationMode: cluster.authenticationMode }),
    podIdentity: podIdentityOf(cluster),
    nodeGroups: mapObserved(nodes, (byCluster) => groupsOf(byCluster.get(cluster.name))),
    oidcProvider: cluster.oidcProvider,
  };
}

function podIdentityOf({ podIdentityAssociations }: EksCluster): EksClusterInside['podIdentity'] {
  if (!podIdentityAssociations.known) return podIdentityAssociations;
  const roles = podIdentityAssociations.value.map(({ namespace = '', serviceAccount = '', details }) =>
    mapObserved(details, ({ roleArn, targetRoleArn, disableSessionTags }) => ({
      namespace,
      serviceAccount,
      roleArn: targetRoleArn ?? roleArn ?? '',
      disableSessionTags,
    })),
  );
  return mapObserved(allKnown(roles), (all) => all.filter(({ roleArn }) => roleArn !== ''));
}

function groupsOf(nodes: ClusterNodes | undefined): readonly EksNodeGroupMetadata[] {
  const groups = (['managed', 'selfManaged'] as const).flatMap((kind) =>
    [...(nodes?.[kind] ?? [])].map(
      ([group, members]): EksNodeGroupMetadata => ({
        group,
        managed: kind === 'managed',
        podsReach: shareOf(members, answersPods),
        nodesReach: shareOf(members, answers),
      }),
    ),
  );
  return groups.sort((left, right) => (left.group < right.group ? -1 : 1));
}

/**
 * A pod is one hop further away than its node. Without an answer about the setting it counts as on, its default.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsResponse.html
 */
function answers({ metadataOptions: { httpEndpoint } }: EksNode): boolean {
  return httpEndpoint !== 'disabled';
}

/** The hop limit binds the answers of IMDSv2 only. Undefined where EC2 did not say. */
function answersPods(node: EksNode): boolean | undefined {
  const { httpTokens, hopLimit } = node.metadataOptions;
  if (!answers(node)) return false;
  if (httpTokens === 'optional' || (hopLimit ?? 1) > 1) return true;
  return httpTokens === 'required' && hopLimit === 1 ? false : undefined;
}

/** `some` decides nothing, and neither does a node that does not say. */
function shareOf(nodes: readonly EksNode[], reach: (node: EksNode) => boolean | undefined): 'all' | 'some' | 'none' {
  const reached = new Set(nodes.map(reach));
  if (reached.size > 1 || reached.has(undefined)) return 'some';
  return reached.has(true) ? 'all' : 'none';
}
