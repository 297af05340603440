import { DescribeNodegroupCommand, type Nodegroup, paginateListNodegroups } from '@aws-sdk/client-eks';
import { mapObserved, type Observed } from '../../domain/observed.ts';
import { type ClusterScope, GONE } from './cluster-scope.ts';
import type { EksNodegroupConfiguration } from './model.ts';
import { readEach, readOptionalList, whenPresent } from './read-list.ts';
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

/** The managed node groups of a cluster, by name; null when the cluster is gone. */
export async function readNodegroups(
  scope: ClusterScope,
  clusterArn: string,
): Promise<Observed<readonly NodegroupReading[] | null>> {
  const { context, client, clusterName, options } = scope;
  const names = await readOptionalList(
    context,
    'eks:ListNodegroups',
    GONE,
    () => paginateListNodegroups({ client, pageSize: 100 }, { clusterName }),
    (page) => page.nodegroups,
    options,
  );
  return whenPresent(names, (listed) => readEach([...listed].sort(), (name) => readNodegroup(scope, clusterArn, name)));
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
