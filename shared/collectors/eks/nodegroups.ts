import { DescribeNodegroupCommand, EKSClient, type Nodegroup, paginateListNodegroups } from '@aws-sdk/client-eks';
import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { type ClusterScope, GONE } from './cluster-scope.ts';
import type { EksCluster, EksNodegroupConfiguration } from './model.ts';
import { readEach, readOptionalList } from './read-list.ts';
import { withoutUndefined } from './without-undefined.ts';

/** A managed node group as EKS describes it, before EC2 was asked about its nodes. */
export interface NodegroupReading {
  readonly name: string;
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly arn?: string;
  readonly tags: Observed<Readonly<Record<string, string>>>;
  readonly configuration: Observed<EksNodegroupConfiguration>;
}

/** The names of the managed node groups of a cluster; null when the cluster is gone. */
export async function listNodegroups(scope: ClusterScope): Promise<Observed<readonly string[] | null>> {
  const { context, client, clusterName, options } = scope;
  const names = await readOptionalList(
    context,
    'eks:ListNodegroups',
    GONE,
    () => paginateListNodegroups({ client, pageSize: 100 }, { clusterName }),
    (page) => page.nodegroups,
    options,
  );
  return mapObserved(names, (listed) => (listed === null ? null : [...listed].sort()));
}

/** The managed node groups of a cluster, as far as its listing is known. */
export async function readNodegroups(
  context: CollectorContext,
  { name: clusterName, uid, nodegroups }: Pick<EksCluster, 'name' | 'uid' | 'nodegroups'>,
): Promise<Observed<readonly NodegroupReading[]>> {
  if (!nodegroups.known) return nodegroups;
  const client = context.clientFor(EKSClient);
  const scope = { context, client, clusterName, options: { cluster: clusterName, resource: uid } };
  return known(await readEach(nodegroups.value, (name) => readNodegroup(scope, uid, name)));
}

/** The permanent identity of a managed node group. */
export function nodegroupUid(clusterArn: string, name: string): string {
  return `${clusterArn}/nodegroup/${name}`;
}

/** One managed node group; null when it does not exist any more. */
export async function readNodegroup(
  scope: ClusterScope,
  clusterArn: string,
  name: string,
): Promise<NodegroupReading | null> {
  const { context, client, clusterName } = scope;
  const answer = await context.readOptional(
    'eks:DescribeNodegroup',
    GONE,
    () => client.send(new DescribeNodegroupCommand({ clusterName, nodegroupName: name })),
    { cluster: clusterName, resource: nodegroupUid(clusterArn, name) },
  );
  if (answer.known && answer.value === null) return null;
  const described = mapObserved(answer, (value) => value?.nodegroup ?? {});
  const arn = described.known ? described.value.nodegroupArn : undefined;
  return {
    name,
    clusterName,
    clusterArn,
    ...withoutUndefined({ arn }),
    tags: mapObserved(described, ({ tags }) => tags ?? {}),
    configuration: mapObserved(described, configurationOf),
  };
}

function configurationOf(nodegroup: Nodegroup): EksNodegroupConfiguration {
  const { status, version, releaseVersion, amiType, capacityType, remoteAccess, launchTemplate } = nodegroup;
  return {
    ...withoutUndefined({
      status,
      version,
      releaseVersion,
      amiType,
      capacityType,
      desiredSize: nodegroup.scalingConfig?.desiredSize,
      nodeRoleArn: nodegroup.nodeRole,
      remoteAccess: remoteAccess && {
        ...withoutUndefined({ ec2SshKey: remoteAccess.ec2SshKey }),
        sourceSecurityGroups: [...(remoteAccess.sourceSecurityGroups ?? [])].sort(),
      },
      launchTemplate:
        launchTemplate &&
        withoutUndefined({ id: launchTemplate.id, name: launchTemplate.name, version: launchTemplate.version }),
    }),
    subnetIds: [...(nodegroup.subnets ?? [])].sort(),
  };
}
