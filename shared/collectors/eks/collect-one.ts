import { DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { known } from '../../domain/observed.ts';
import type { CollectorContext, RecheckedItem } from '../../domain/ports.ts';
import type { Touched } from '../../domain/trigger.ts';
import { completeClusters, factOf } from './cluster-resources.ts';
import { GONE } from './cluster-scope.ts';
import { readCluster } from './clusters.ts';
import { describeNodegroups } from './nodegroup-resources.ts';
import { nodegroupUid, readNodegroup } from './nodegroups.ts';
import { readNodes } from './nodes.ts';
import { readSupportedVersions } from './versions.ts';
import { withoutUndefined } from './without-undefined.ts';

export const RECHECKABLE_TYPES = ['AwsEksCluster', 'AwsEksNodegroup'] as const;

/** Reads one cluster without looking at its nodes' settings, or one managed node group. */
export async function* collectOne(
  context: CollectorContext,
  { resource: { type, name, cluster = '' } }: Required<Touched>,
): AsyncGenerator<RecheckedItem> {
  if (type === 'AwsEksCluster') yield* oneCluster(context, name);
  else yield* oneNodegroup(context, cluster, name);
}

async function* oneCluster(context: CollectorContext, name: string): AsyncGenerator<RecheckedItem> {
  const reading = await readCluster(context, name);
  if (!reading.known) return;
  const subject = clusterUid(context, name);
  if (reading.value === null) {
    yield { gone: { type: 'AwsEksCluster', uid: subject } };
    yield { corrected: { subject, kinds: ['eks-cluster'], facts: [] } };
    return;
  }
  const supportedVersions = await readSupportedVersions(context);
  const nodes = await readNodes(context, [name]);
  for (const complete of await completeClusters(context, [reading.value], supportedVersions, nodes)) {
    yield { resource: complete.cluster };
    const { fact, certain } = factOf(context, complete);
    if (certain) yield { corrected: { subject, kinds: ['eks-cluster'], facts: [fact] } };
  }
}

async function* oneNodegroup(
  context: CollectorContext,
  clusterName: string,
  name: string,
): AsyncGenerator<RecheckedItem> {
  const client = context.clientFor(EKSClient);
  const clusterArn = clusterUid(context, clusterName);
  const gone: RecheckedItem = { gone: { type: 'AwsEksNodegroup', uid: nodegroupUid(clusterArn, name) } };
  const options = { cluster: clusterName, resource: clusterArn };
  const nodegroup = await readNodegroup({ context, client, clusterName, options }, clusterArn, name);
  if (nodegroup === null) {
    yield gone;
    return;
  }
  const answer = await context.readOptional(
    'eks:DescribeCluster',
    GONE,
    () => client.send(new DescribeClusterCommand({ name: clusterName })),
    options,
  );
  if (!answer.known) return;
  if (answer.value === null) {
    yield gone;
    return;
  }
  const { vpcId, clusterSecurityGroupId } = answer.value.cluster?.resourcesVpcConfig ?? {};
  const owner = {
    cluster: { name: clusterName, uid: clusterArn, ...withoutUndefined({ vpcId, clusterSecurityGroupId }) },
    nodegroups: known([nodegroup]),
  };
  const supportedVersions = await readSupportedVersions(context);
  const nodes = await readNodes(context, [clusterName]);
  for (const resource of await describeNodegroups(context, [owner], supportedVersions, nodes)) {
    if (resource.managed && resource.name === name) yield { resource };
  }
}

function clusterUid({ partition, region, accountId }: CollectorContext, name: string): string {
  return `arn:${partition}:eks:${region}:${accountId}:cluster/${name}`;
}
