import {
  DescribeImagesCommand,
  EC2Client,
  type Image,
  type Instance,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2';
import pMap from 'p-map';
import { allKnown, mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { EksAmi, EksNode } from './model.ts';
import { FILTER_VALUES, filterBatches, readList, reportUnnamed } from './read-list.ts';
import { withoutUndefined } from './without-undefined.ts';

/** The running nodes of one cluster, by group; nodes of Auto Mode are not among them. */
export interface ClusterNodes {
  readonly managed: ReadonlyMap<string, readonly EksNode[]>;
  readonly selfManaged: ReadonlyMap<string, readonly EksNode[]>;
}

/** Who owns an instance, as its tags say. */
interface Membership {
  readonly cluster: string;
  readonly kind: keyof ClusterNodes;
  readonly group: string;
}

/** What Karpenter tags its nodes with; those have no Auto Scaling group. */
const KARPENTER_POOL = 'karpenter.sh/nodepool';

/**
 * The running nodes of the given clusters: one pagination for all of them, by the tags that EKS puts on its own nodes
 * and that self-managed nodes must carry.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html
 */
export async function readNodes(
  context: CollectorContext,
  clusterNames: readonly string[],
): Promise<Observed<ReadonlyMap<string, ClusterNodes>>> {
  const client = context.clientFor(EC2Client);
  const batches = filterBatches(clusterNames.map(clusterTag), FILTER_VALUES - 1);
  const listed = await pMap(
    batches,
    (tagKeys) =>
      readList(
        context,
        'ec2:DescribeInstances',
        () =>
          paginateDescribeInstances(
            { client, pageSize: 1000 },
            {
              Filters: [
                { Name: 'tag-key', Values: ['eks:cluster-name', ...tagKeys] },
                { Name: 'instance-state-name', Values: ['running'] },
              ],
            },
          ),
        (page) => page.Reservations?.flatMap(({ Instances }) => Instances ?? []),
      ),
    { concurrency: 1 },
  );
  return mapObserved(allKnown(listed), (pages) => groupNodes(context, clusterNames, pages.flat()));
}

function groupNodes(
  context: CollectorContext,
  clusterNames: readonly string[],
  instances: readonly Instance[],
): ReadonlyMap<string, ClusterNodes> {
  const byCluster = new Map(
    clusterNames.map((name) => [
      name,
      { managed: new Map<string, EksNode[]>(), selfManaged: new Map<string, EksNode[]>() },
    ]),
  );
  const seen = new Set<string>();
  for (const instance of instances) {
    if (instance.InstanceId === undefined) {
      reportUnnamed(context, 'ec2:DescribeInstances');
      continue;
    }
    if (seen.has(instance.InstanceId)) continue;
    seen.add(instance.InstanceId);
    const membership = membershipOf(instance, clusterNames);
    const groups = membership && byCluster.get(membership.cluster)?.[membership.kind];
    if (membership === undefined || groups === undefined) continue;
    const nodes = groups.get(membership.group) ?? [];
    groups.set(membership.group, nodes);
    nodes.push(nodeOf(instance.InstanceId, instance));
  }
  for (const { managed, selfManaged } of byCluster.values()) {
    for (const nodes of [...managed.values(), ...selfManaged.values()]) {
      nodes.sort((left, right) => (left.instanceId < right.instanceId ? -1 : 1));
    }
  }
  return byCluster;
}

function membershipOf(instance: Instance, clusterNames: readonly string[]): Membership | undefined {
  const tags = new Map(instance.Tags?.map(({ Key, Value }) => [Key, Value]));
  const managedCluster = tags.get('eks:cluster-name');
  const nodegroup = tags.get('eks:nodegroup-name');
  if (managedCluster !== undefined && nodegroup !== undefined) {
    return { cluster: managedCluster, kind: 'managed', group: nodegroup };
  }
  // Auto Mode owns its nodes: nobody else can change their settings, and no group of them exists.
  if (instance.Operator?.Managed === true) return undefined;
  const cluster = clusterNames.find((name) => tags.get(clusterTag(name)) === 'owned');
  if (cluster === undefined) return undefined;
  const [scalingGroup, pool] = [tags.get('aws:autoscaling:groupName'), tags.get(KARPENTER_POOL)];
  const group = scalingGroup ?? (pool === undefined ? 'without an Auto Scaling group' : `karpenter ${pool}`);
  return { cluster, kind: 'selfManaged', group };
}

function clusterTag(clusterName: string): string {
  return `kubernetes.io/cluster/${clusterName}`;
}

function nodeOf(instanceId: string, instance: Instance): EksNode {
  const { HttpEndpoint, HttpTokens, HttpPutResponseHopLimit } = instance.MetadataOptions ?? {};
  return {
    instanceId,
    ...withoutUndefined({
      imageId: instance.ImageId,
      subnetId: instance.SubnetId,
      vpcId: instance.VpcId,
      instanceProfileArn: instance.IamInstanceProfile?.Arn,
    }),
    hasPublicIp: instance.PublicIpAddress !== undefined,
    windows: instance.Platform?.toLowerCase() === 'windows',
    securityGroupIds: (instance.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []).sort(),
    metadataOptions: withoutUndefined({
      httpEndpoint: HttpEndpoint,
      httpTokens: HttpTokens,
      hopLimit: HttpPutResponseHopLimit,
    }),
  };
}

/**
 * The images of running nodes, by id. Asked for by a filter, because an id that no longer exists would fail the call.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html
 */
export async function readAmis(
  context: CollectorContext,
  imageIds: Iterable<string>,
): Promise<Observed<ReadonlyMap<string, EksAmi>>> {
  const client = context.clientFor(EC2Client);
  const answers = await pMap(
    filterBatches(imageIds),
    (values) =>
      context.read('ec2:DescribeImages', () =>
        client.send(
          new DescribeImagesCommand({
            Filters: [{ Name: 'image-id', Values: [...values] }],
            IncludeDeprecated: true,
            IncludeDisabled: true,
          }),
        ),
      ),
    { concurrency: 2 },
  );
  return mapObserved(allKnown(answers), (batches) => {
    const images = batches.flatMap(({ Images }) => Images ?? []);
    return new Map(
      images.flatMap((image) => (image.ImageId === undefined ? [] : [[image.ImageId, amiOf(image.ImageId, image)]])),
    );
  });
}

function amiOf(amiId: string, { Name, ImageOwnerAlias, CreationDate, DeprecationTime }: Image): EksAmi {
  return {
    amiId,
    ...withoutUndefined({
      name: Name,
      ownerAlias: ImageOwnerAlias,
      createdAt: isoDate(CreationDate),
      deprecatedAt: isoDate(DeprecationTime),
    }),
  };
}

/** EC2 gives dates of images as text; known only if it is a date. */
function isoDate(text: string | undefined): string | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
