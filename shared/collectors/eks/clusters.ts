import { type Cluster, DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { known, type Observed, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { readAccessEntries } from './access-entries.ts';
import { readAddons } from './addons.ts';
import { type ClusterScope, GONE } from './cluster-scope.ts';
import { readFargateProfiles } from './fargate-profiles.ts';
import { readIdentityProviders, readPodIdentityAssociations } from './identities.ts';
import { accessOf, type ClusterAccess } from './inside.ts';
import { readInsights } from './insights.ts';
import type { EksCluster } from './model.ts';
import { listNodegroups } from './nodegroups.ts';
import { reportUnnamed } from './read-list.ts';
import { withoutUndefined } from './without-undefined.ts';

/** The fields that one look at the whole region answers for all clusters. */
type RegionWide = 'supportedVersions' | 'selfManagedGroups' | 'oidcProvider' | 'auditLogGroup';

export interface ClusterReading {
  readonly cluster: Omit<EksCluster, RegionWide>;
  /** Where its API server is, and whom to trust there; absent until it has one. */
  readonly access: ClusterAccess | undefined;
}

/**
 * Reads one cluster and everything EKS keeps below it; of its node groups only the names.
 *
 * @returns null when it was deleted after it was listed; unknown when it could not be described, with a gap
 */
export async function readCluster(
  context: CollectorContext,
  clusterName: string,
): Promise<Observed<ClusterReading | null>> {
  const client = context.clientFor(EKSClient);
  const answer = await context.readOptional(
    'eks:DescribeCluster',
    GONE,
    () => client.send(new DescribeClusterCommand({ name: clusterName })),
    { cluster: clusterName },
  );
  if (!answer.known) return answer;
  if (answer.value === null) return known(null);
  const { cluster } = answer.value;
  if (cluster?.arn === undefined) {
    reportUnnamed(context, 'eks:DescribeCluster', { cluster: clusterName });
    return undecidable('eks:DescribeCluster answered with a cluster that has no ARN.');
  }
  const options = { cluster: clusterName, resource: cluster.arn };
  return readParts({ context, client, clusterName, options }, cluster.arn, cluster);
}

async function readParts(scope: ClusterScope, arn: string, cluster: Cluster): Promise<Observed<ClusterReading | null>> {
  const { context, clusterName } = scope;
  const accessEntries = await readAccessEntries(scope, cluster.accessConfig?.authenticationMode);
  const parts = {
    addons: present(await readAddons(scope)),
    fargateProfiles: present(await readFargateProfiles(scope)),
    podIdentityAssociations: present(await readPodIdentityAssociations(scope)),
    identityProviders: present(await readIdentityProviders(scope)),
    insights: present(await readInsights(scope)),
  };
  const nodegroups = present(await listNodegroups(scope));
  const { addons, fargateProfiles, podIdentityAssociations, identityProviders, insights } = parts;
  // A part that says "no such cluster" means that the cluster went away meanwhile: nothing is left to judge.
  if (!addons || !fargateProfiles || !podIdentityAssociations || !identityProviders || !insights || !nodegroups) {
    return known(null);
  }
  const insideOnly = (what: string) => undecidable(`${what} can only be seen inside the cluster.`);
  return known({
    cluster: {
      type: 'AwsEksCluster',
      uid: arn,
      name: clusterName,
      arn,
      accountId: context.accountId,
      region: context.region,
      partition: context.partition,
      cluster: clusterName,
      tags: known(cluster.tags ?? {}),
      inUse: 'yes',
      ...controlPlaneOf(cluster),
      addons,
      fargateProfiles,
      podIdentityAssociations,
      identityProviders,
      insights,
      accessEntries,
      nodegroups,
      awsAuth: insideOnly('The aws-auth ConfigMap'),
      clusterAdminGroups: insideOnly('Which groups RBAC makes administrators'),
      networkPolicyEngines: insideOnly('Which engine enforces network policies'),
    },
    access: accessOf(cluster),
  });
}

/** Undefined for what is gone, so that "gone" cannot be mistaken for "none". */
function present<T>(observed: Observed<T | null>): Observed<T> | undefined {
  if (!observed.known) return observed;
  return observed.value === null ? undefined : known(observed.value);
}

function controlPlaneOf(cluster: Cluster) {
  const vpc = cluster.resourcesVpcConfig ?? {};
  const optional = {
    status: cluster.status,
    version: cluster.version,
    platformVersion: cluster.platformVersion,
    createdAt: cluster.createdAt?.toISOString(),
    endpointPublicAccess: vpc.endpointPublicAccess,
    endpointPrivateAccess: vpc.endpointPrivateAccess,
    ipFamily: cluster.kubernetesNetworkConfig?.ipFamily,
    vpcId: vpc.vpcId,
    clusterSecurityGroupId: vpc.clusterSecurityGroupId,
    authenticationMode: cluster.accessConfig?.authenticationMode,
    upgradeSupportType: cluster.upgradePolicy?.supportType,
    oidcIssuer: cluster.identity?.oidc?.issuer,
    roleArn: cluster.roleArn,
  };
  return {
    ...withoutUndefined(optional),
    publicAccessCidrs: [...(vpc.publicAccessCidrs ?? [])].sort(),
    enabledLogTypes: [
      ...new Set(
        cluster.logging?.clusterLogging?.flatMap(({ enabled, types }) => (enabled === true ? (types ?? []) : [])),
      ),
    ].sort(),
    encryption: (cluster.encryptionConfig ?? []).map(({ resources, provider }) => ({
      resources: [...(resources ?? [])].sort(),
      ...withoutUndefined({ keyArn: provider?.keyArn }),
    })),
    deletionProtection: cluster.deletionProtection === true,
    autoMode: cluster.computeConfig?.enabled === true,
    hybridNodes: (cluster.remoteNetworkConfig?.remoteNodeNetworks ?? []).length > 0,
  };
}
