import { EKSClient, paginateListClusters } from '@aws-sdk/client-eks';
import { allKnown, known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectedItem, Collector, CollectorContext } from '../../domain/ports.ts';
import { auditLogGroupName, readAuditLogGroups } from './audit-log-groups.ts';
import { type ClusterReading, readCluster } from './clusters.ts';
import { readOidcProviders } from './identities.ts';
import type { EksCluster, EksClusterFact } from './model.ts';
import { describeNodegroups } from './nodegroup-resources.ts';
import { type ClusterNodes, readNodes } from './nodes.ts';
import { readEach, readList } from './read-list.ts';
import { readSupportedVersions } from './versions.ts';
import { withoutUndefined } from './without-undefined.ts';

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
  producesFacts: ['eks-cluster'],
  needsFacts: [],
  collect,
};

async function* collect(context: CollectorContext): AsyncIterable<CollectedItem> {
  const client = context.clientFor(EKSClient);
  const names = await readList(
    context,
    'eks:ListClusters',
    () => paginateListClusters({ client, pageSize: 100 }, {}),
    (page) => page.clusters,
  );
  if (!names.known) return;
  let factsComplete = true;
  const readings = await readEach(
    [...names.value].sort(),
    async (name) => {
      const reading = await readCluster(context, name);
      if (!reading.known) factsComplete = false;
      return reading.known ? reading.value : null;
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
    for (const cluster of await completeClusters(context, readings, supportedVersions, nodes)) {
      yield { resource: cluster };
      const { fact, certain } = factOf(context, cluster);
      yield { fact };
      factsComplete &&= certain;
    }
    for (const nodegroup of await describeNodegroups(context, readings, supportedVersions, nodes)) {
      yield { resource: nodegroup };
    }
  }
  if (factsComplete) yield { factsComplete: 'eks-cluster' };
}

/** Adds what one look at the region (or the account) answers for all its clusters. */
async function completeClusters(
  context: CollectorContext,
  readings: readonly ClusterReading[],
  supportedVersions: EksCluster['supportedVersions'],
  nodes: Observed<ReadonlyMap<string, ClusterNodes>>,
): Promise<readonly EksCluster[]> {
  const issuers = readings.flatMap(({ cluster }) => cluster.oidcIssuer ?? []);
  const oidcProviders = await readOidcProviders(context, issuers);
  const logGroups = await readAuditLogGroups(context);
  return readings.map(({ cluster }) => {
    const { name, oidcIssuer } = cluster;
    return {
      ...cluster,
      supportedVersions,
      selfManagedGroups: mapObserved(nodes, (byCluster) => selfManagedGroups(byCluster.get(name))),
      oidcProvider:
        oidcIssuer === undefined
          ? known(null)
          : mapObserved(oidcProviders, (byIssuer) => byIssuer.get(oidcIssuer) ?? null),
      auditLogGroup: mapObserved(logGroups, (byName) => byName.get(auditLogGroupName(name)) ?? null),
    };
  });
}

function selfManagedGroups(nodes: ClusterNodes | undefined): readonly string[] {
  return [...(nodes?.selfManaged.keys() ?? [])].sort();
}

/** What is proven about the cluster's nodes, and whether the rest is proven not to be. */
function factOf(context: CollectorContext, cluster: EksCluster): { fact: EksClusterFact; certain: boolean } {
  const runsOnEc2 = isAny([cluster.nodegroups, cluster.selfManagedGroups]);
  const runsOnFargate = isAny([cluster.fargateProfiles]);
  return {
    fact: {
      kind: 'eks-cluster',
      key: cluster.uid,
      accountId: context.accountId,
      region: context.region,
      observedAt: context.now.toISOString(),
      name: cluster.name,
      runsOnEc2,
      runsOnFargate,
      autoMode: cluster.autoMode,
      ...withoutUndefined({ oidcIssuer: cluster.oidcIssuer }),
    },
    certain: runsOnEc2.known && runsOnFargate.known,
  };
}

/** True as soon as one listing has something; false only when all could be read. */
function isAny(listings: readonly Observed<readonly unknown[]>[]): Observed<boolean> {
  if (listings.some((listed) => listed.known && listed.value.length > 0)) return known(true);
  return mapObserved(allKnown(listings), () => false);
}
