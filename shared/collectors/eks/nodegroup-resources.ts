import { allKnown, known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { InUse } from '../../domain/resource.ts';
import { readLaunchTemplates } from './launch-templates.ts';
import type {
  EksCluster,
  EksLaunchTemplate,
  EksNode,
  EksNodegroup,
  EksNodegroupConfiguration,
  EksSubnet,
  EksVersionSupport,
} from './model.ts';
import { readSecurityGroups, readSubnetRoutes } from './node-network.ts';
import { type NodegroupReading, nodegroupUid } from './nodegroups.ts';
import { type ClusterNodes, readAmis } from './nodes.ts';
import { withoutUndefined } from './without-undefined.ts';

/** A cluster as far as its node groups take from it, with its node groups. */
export interface NodegroupOwner {
  readonly cluster: Pick<EksCluster, 'name' | 'uid' | 'vpcId' | 'clusterSecurityGroupId'>;
  readonly nodegroups: Observed<readonly NodegroupReading[]>;
}

/** A node group before what EC2 keeps about its nodes was looked up. */
interface Draft {
  readonly cluster: NodegroupOwner['cluster'];
  readonly identity: Pick<EksNodegroup, 'uid' | 'name' | 'managed' | 'arn' | 'tags'>;
  readonly configuration: Observed<EksNodegroupConfiguration | null>;
  readonly nodes: Observed<readonly EksNode[]>;
  readonly launchTemplate: Observed<EksLaunchTemplate | null>;
}

/**
 * The node groups of all clusters of the region. Images, security groups and routes are asked for once for all of
 * them, in the largest batches EC2 takes.
 */
export async function describeNodegroups(
  context: CollectorContext,
  readings: readonly NodegroupOwner[],
  supportedVersions: Observed<readonly EksVersionSupport[]>,
  nodes: Observed<ReadonlyMap<string, ClusterNodes>>,
): Promise<readonly EksNodegroup[]> {
  const drafts = await draftsOf(context, readings, nodes);
  const allNodes = drafts.flatMap((draft) => (draft.nodes.known ? draft.nodes.value : []));
  const amis = await readAmis(
    context,
    allNodes.flatMap(({ imageId }) => imageId ?? []),
  );
  const groups = await readSecurityGroups(
    context,
    drafts.flatMap((draft) => valueOr(securityGroupIdsOf(draft), [])),
  );
  const subnetOf = await readSubnetRoutes(
    context,
    drafts.flatMap(({ cluster }) => cluster.vpcId ?? []).concat(allNodes.flatMap(({ vpcId }) => vpcId ?? [])),
  );
  return drafts.map((draft): EksNodegroup => {
    const { cluster, identity, configuration, launchTemplate } = draft;
    const imageIds = mapObserved(
      draft.nodes,
      distinct(({ imageId }) => imageId),
    );
    return {
      type: 'AwsEksNodegroup',
      ...identity,
      accountId: context.accountId,
      region: context.region,
      partition: context.partition,
      cluster: cluster.name,
      inUse: inUse(draft),
      clusterArn: cluster.uid,
      configuration,
      supportedVersions,
      nodes: draft.nodes,
      launchTemplate,
      amis: pick(imageIds, amis),
      securityGroups: pick(securityGroupIdsOf(draft), groups),
      subnets: subnetsOf(draft, subnetOf),
    };
  });
}

async function draftsOf(
  context: CollectorContext,
  readings: readonly NodegroupOwner[],
  nodes: Observed<ReadonlyMap<string, ClusterNodes>>,
): Promise<readonly Draft[]> {
  const managed = readings.flatMap(({ cluster, nodegroups }) =>
    valueOr(nodegroups, []).map((nodegroup) => ({ cluster, nodegroup })),
  );
  const templateOf = await readLaunchTemplates(
    context,
    managed.flatMap(({ nodegroup }) => valueOr(nodegroup.configuration, undefined)?.launchTemplate ?? []),
  );
  return readings.flatMap((reading) => {
    const { cluster, nodegroups } = reading;
    const ofCluster = mapObserved(nodes, (byCluster) => byCluster.get(cluster.name));
    const managedDrafts = valueOr(nodegroups, []).map((nodegroup): Draft => {
      const { configuration } = nodegroup;
      const template = mapObserved(configuration, (value) => value.launchTemplate);
      return {
        cluster,
        identity: identityOf(nodegroup),
        configuration,
        nodes: mapObserved(ofCluster, (groups) => groups?.managed.get(nodegroup.name) ?? []),
        launchTemplate: template.known ? (template.value ? templateOf(template.value) : known(null)) : template,
      };
    });
    const selfManaged = [...(valueOr(ofCluster, undefined)?.selfManaged ?? [])]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(
        ([name, groupNodes]): Draft => ({
          cluster,
          identity: { uid: `${cluster.uid}/self-managed/${name}`, name, managed: false },
          configuration: known(null),
          nodes: known(groupNodes),
          launchTemplate: known(null),
        }),
      );
    return [...managedDrafts, ...selfManaged];
  });
}

function identityOf({ clusterArn, name, arn, tags }: NodegroupReading): Draft['identity'] {
  return { uid: nodegroupUid(clusterArn, name), name, managed: true, tags, ...withoutUndefined({ arn }) };
}

/** The security groups its nodes carry; where none runs, those a new node would get. */
function securityGroupIdsOf({ nodes, launchTemplate, cluster }: Draft): Observed<readonly string[]> {
  if (!nodes.known) return nodes;
  if (nodes.value.length > 0) {
    return known([...new Set(nodes.value.flatMap(({ securityGroupIds }) => securityGroupIds))].sort());
  }
  return mapObserved(launchTemplate, (template) => {
    if (template !== null && template.securityGroupIds.length > 0) return template.securityGroupIds;
    return cluster.clusterSecurityGroupId === undefined ? [] : [cluster.clusterSecurityGroupId];
  });
}

function subnetsOf(
  { cluster, configuration, nodes }: Draft,
  subnetOf: (subnetId: string, vpcId: string | undefined) => Observed<EksSubnet>,
): Observed<readonly EksSubnet[]> {
  if (!configuration.known) return configuration;
  if (configuration.value !== null) {
    // Nodes must be in the VPC of their cluster.
    return allKnown(configuration.value.subnetIds.map((subnetId) => subnetOf(subnetId, cluster.vpcId)));
  }
  if (!nodes.known) return nodes;
  const vpcBySubnet = new Map(nodes.value.flatMap(({ subnetId, vpcId }) => (subnetId ? [[subnetId, vpcId]] : [])));
  const subnetIds = [...vpcBySubnet.keys()].sort();
  return allKnown(subnetIds.map((subnetId) => subnetOf(subnetId, vpcBySubnet.get(subnetId) ?? cluster.vpcId)));
}

function inUse({ configuration, nodes }: Draft): InUse {
  if (nodes.known && nodes.value.length > 0) return 'yes';
  if (configuration.known && (configuration.value?.desiredSize ?? 0) > 0) return 'yes';
  return nodes.known && configuration.known ? 'no' : 'unknown';
}

/** The wanted items of a table; those that no longer exist are left out. Nothing wanted needs no answer. */
function pick<T>(ids: Observed<readonly string[]>, table: Observed<ReadonlyMap<string, T>>): Observed<readonly T[]> {
  if (!ids.known) return ids;
  if (ids.value.length === 0) return known([]);
  return mapObserved(table, (byId) => ids.value.flatMap((id) => byId.get(id) ?? []));
}

function distinct<T>(keyOf: (item: T) => string | undefined): (items: readonly T[]) => readonly string[] {
  return (items) => [...new Set(items.flatMap((item) => keyOf(item) ?? []))].sort();
}

function valueOr<T, D>(observed: Observed<T>, otherwise: D): T | D {
  return observed.known ? observed.value : otherwise;
}
