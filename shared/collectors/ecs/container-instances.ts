import {
  type ContainerInstance,
  DescribeContainerInstancesCommand,
  ECSClient,
  paginateListContainerInstances,
} from '@aws-sdk/client-ecs';
import { known, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { CapacityProviders } from './capacity-providers.ts';
import type { ClusterScope } from './clusters.ts';
import { allOf, CLUSTER_GONE, describeBatches, type Listing, readListing, reportUnnamed, sortedBy } from './listing.ts';
import type { EcsContainerInstance, EcsLaunchType } from './model.ts';
import { present } from './present.ts';

/**
 * The container instances of a cluster. A cluster that says it has none is believed: unlike the statistics of tasks, the
 * number of registered instances is kept with the cluster.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html
 */
export async function readContainerInstances(
  context: CollectorContext,
  scope: ClusterScope,
  providers: CapacityProviders,
): Promise<Listing<EcsContainerInstance>> {
  if (scope.details?.registeredContainerInstancesCount === 0) return { items: [], complete: known(true) };
  const { arn: cluster, name } = scope;
  const client = context.clientFor(ECSClient);
  const place = { cluster: name, resource: cluster };
  const options = { ...place, goneErrors: CLUSTER_GONE };
  const listed = await readListing(
    context,
    'ecs:ListContainerInstances',
    () => paginateListContainerInstances({ client, pageSize: 100 }, { cluster }),
    (page) => page.containerInstanceArns,
    options,
  );
  const described = await describeBatches(context, listed.items, {
    operation: 'ecs:DescribeContainerInstances',
    size: 100,
    describe: async (containerInstances) => {
      const answer = await client.send(new DescribeContainerInstancesCommand({ cluster, containerInstances }));
      return { items: answer.containerInstances, failures: answer.failures };
    },
    options,
  });
  const instances: EcsContainerInstance[] = [];
  for (const item of described.items) {
    const instance = instanceFrom(item, cluster, providers);
    if (instance === undefined) reportUnnamed(context, 'ecs:DescribeContainerInstances', place);
    else instances.push(instance);
  }
  return {
    items: sortedBy(instances, ({ arn }) => arn),
    complete: allOf([listed.complete, described.complete, kindsKnown(described.items, scope, providers)]),
  };
}

/** True where tasks on the instance are Windows tasks, whatever their definition says (T04). */
export function isWindows({ osType }: EcsContainerInstance): boolean {
  return osType === 'windows';
}

function instanceFrom(
  instance: ContainerInstance,
  cluster: string,
  providers: CapacityProviders,
): EcsContainerInstance | undefined {
  const { containerInstanceArn: arn, ec2InstanceId, versionInfo, registeredAt } = instance;
  if (arn === undefined) return undefined;
  const attributes = instance.attributes ?? [];
  const osType = attributes.find(({ name }) => name === 'ecs.os-type')?.value;
  const amiId = attributes.find(({ name }) => name === 'ecs.ami-id')?.value;
  return {
    arn,
    ...present('ec2InstanceId', ec2InstanceId),
    status: instance.status ?? 'UNKNOWN',
    agentConnected: instance.agentConnected === true,
    ...present('agentVersion', versionInfo?.agentVersion),
    ...present('osType', osType),
    capacityKind: capacityKindOf(instance, cluster, providers),
    ...present('amiId', amiId),
    attributes: [...new Set(attributes.flatMap(({ name }) => (name === undefined ? [] : [name])))].sort(),
    ...present('registeredAt', registeredAt?.toISOString()),
  };
}

/**
 * Whether an instance is managed by ECS follows from its capacity provider: where that could not be read, nothing may be
 * said about the instances of the cluster as a whole.
 */
function kindsKnown(
  instances: readonly ContainerInstance[],
  { arn }: ClusterScope,
  { listing, launchTypeOf }: CapacityProviders,
): Observed<true> {
  const areKnown = instances.every(
    ({ capacityProviderName: name }) => name === undefined || launchTypeOf(name, arn) !== undefined,
  );
  return areKnown ? known(true) : listing.complete;
}

/** Machines outside AWS are registered with Systems Manager, whose ids begin with `mi-`. */
function capacityKindOf(
  { ec2InstanceId, capacityProviderName, attributes }: ContainerInstance,
  cluster: string,
  providers: CapacityProviders,
): EcsLaunchType {
  const isExternal = attributes?.some(({ name }) => name === 'ecs.capability.external') === true;
  if (isExternal || ec2InstanceId?.startsWith('mi-') === true) return 'EXTERNAL';
  return (capacityProviderName && providers.launchTypeOf(capacityProviderName, cluster)) || 'EC2';
}
