import { EKSClient, paginateListClusters } from '@aws-sdk/client-eks';
import { mapObserved } from '../../domain/observed.ts';
import type { CollectedItem, Collector, CollectorContext } from '../../domain/ports.ts';
import { completeClusters, factOf } from './cluster-resources.ts';
import { readCluster } from './clusters.ts';
import { collectOne, RECHECKABLE_TYPES } from './collect-one.ts';
import { describeNodegroups } from './nodegroup-resources.ts';
import { readNodegroups } from './nodegroups.ts';
import { readNodes } from './nodes.ts';
import { readEach, readList } from './read-list.ts';
import { fargateRolesOf, nodeRolesOf } from './role-uses.ts';
import { eksTriggers } from './triggers.ts';
import { readSupportedVersions } from './versions.ts';

/** Clusters read at once; each of them makes several calls at once itself. */
const CLUSTERS_AT_ONCE = 4;

/** Reads EKS as AWS shows it: clusters, node groups, and the EC2 instances that are their nodes. */
export const eksCollector: Collector = {
  service: 'eks',
  resourceTypes: ['AwsEksCluster', 'AwsEksNodegroup'],
  permissions: [
    'ec2:DescribeImages',
    'ec2:DescribeInstances',
    'ec2:DescribeLaunchTemplateVersions',
    'ec2:DescribeRouteTables',
    'ec2:DescribeSecurityGroups',
    'eks:DescribeAccessEntry',
    'eks:DescribeAddon',
    'eks:DescribeCluster',
    'eks:DescribeClusterVersions',
    'eks:DescribeFargateProfile',
    'eks:DescribeIdentityProviderConfig',
    'eks:DescribeNodegroup',
    'eks:DescribePodIdentityAssociation',
    'eks:ListAccessEntries',
    'eks:ListAddons',
    'eks:ListAssociatedAccessPolicies',
    'eks:ListClusters',
    'eks:ListFargateProfiles',
    'eks:ListIdentityProviderConfigs',
    'eks:ListInsights',
    'eks:ListNodegroups',
    'eks:ListPodIdentityAssociations',
    'iam:GetOpenIDConnectProvider',
    'iam:ListOpenIDConnectProviders',
    'logs:DescribeLogGroups',
  ],
  producesFacts: ['eks-cluster', 'role-use'],
  needsFacts: [],
  collect,
  triggers: eksTriggers,
  recheckableTypes: RECHECKABLE_TYPES,
  collectOne,
};

async function* collect(context: CollectorContext): AsyncIterable<CollectedItem> {
  const client = context.clientFor(EKSClient);
  const names = await readList(
    context,
    'eks:ListClusters',
    () => paginateListClusters({ client, pageSize: 100 }, {}),
    (page) => page.clusters,
  );
  if (names.known) yield* collectNamed(context, [...names.value].sort());
}

/** Reads these clusters of the region; one that does not exist yields nothing. */
export async function* collectNamed(
  context: CollectorContext,
  clusters: readonly string[],
): AsyncGenerator<CollectedItem> {
  let factsComplete = true;
  let rolesComplete = true;
  const readings = await readEach(
    clusters,
    async (name) => {
      const reading = await readCluster(context, name);
      if (!reading.known) factsComplete = false;
      if (!reading.known || reading.value === null) return null;
      const { cluster, access } = reading.value;
      const nodegroups = await readNodegroups(context, cluster);
      // One that is gone since it was listed is not one of the cluster's any more.
      const names = mapObserved(nodegroups, (read) => read.map((nodegroup) => nodegroup.name));
      return { cluster: { ...cluster, nodegroups: names }, access, nodegroups };
    },
    CLUSTERS_AT_ONCE,
  );
  // Without clusters there is nothing to ask the region about.
  if (readings.length > 0) {
    const supportedVersions = await readSupportedVersions(context);
    const nodes = await readNodes(
      context,
      readings.map(({ cluster }) => cluster.name),
    );
    for (const complete of await completeClusters(context, readings, supportedVersions, nodes)) {
      yield { resource: complete.cluster };
      const { fact, certain } = factOf(context, complete);
      yield { fact };
      factsComplete &&= certain;
      const roles = fargateRolesOf(context, complete.cluster);
      for (const use of roles.facts) yield { fact: use };
      rolesComplete &&= roles.complete && complete.cluster.nodegroups.known && nodes.known;
    }
    for (const nodegroup of await describeNodegroups(context, readings, supportedVersions, nodes)) {
      yield { resource: nodegroup };
      const roles = nodeRolesOf(context, nodegroup);
      for (const fact of roles.facts) yield { fact };
      rolesComplete &&= roles.complete;
    }
  }
  if (factsComplete) yield { factsComplete: 'eks-cluster' };
  if (factsComplete && rolesComplete) yield { factsComplete: 'role-use' };
}
