import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { type CapacityProviders, launchTypesOf } from './capacity-providers.ts';
import type { ClusterScope } from './clusters.ts';
import { isWindows } from './container-instances.ts';
import type { Ec2Lookup, InstanceFacts } from './ec2.ts';
import { distinct, type Listing } from './listing.ts';
import type { EcsAmi, EcsCluster, EcsClusterFact, EcsContainerInstance } from './model.ts';
import { present } from './present.ts';
import { placementOf } from './service-resources.ts';
import type { DescribedService } from './services.ts';
import { tagsFrom } from './tags.ts';
import type { DescribedTask } from './tasks.ts';

/** A cluster with what is in it. */
export interface ClusterContents {
  readonly scope: ClusterScope;
  readonly services: Listing<DescribedService>;
  readonly tasks: Listing<DescribedTask>;
  readonly instances: Listing<EcsContainerInstance>;
}

/** What the container instances of a cluster are joined with. */
export interface InstanceJoin {
  readonly ec2: InstanceFacts;
  readonly amis: Ec2Lookup<EcsAmi>;
  readonly currentAgentVersions: Observed<Readonly<Record<string, string>>>;
}

/** The ids of the EC2 instances behind container instances; machines outside AWS have none. */
export function ec2InstanceIdsOf({ instances }: ClusterContents): readonly string[] {
  return distinct(instances.items.map(({ ec2InstanceId }) => ec2InstanceId)).filter((id) => id.startsWith('i-'));
}

/** The AMIs of the container instances, as EC2 says and as the agents registered them. */
export function amiIdsOf(contents: ClusterContents, ec2: InstanceFacts): Observed<readonly string[]> {
  const registered = contents.instances.items.map(({ amiId }) => amiId);
  return mapObserved(ec2.amiIds(ec2InstanceIdsOf(contents)), (ids) => distinct([...ids, ...registered]));
}

/** A cluster as a resource; undefined where it could be listed but not described, which is a gap already. */
export function clusterFrom(
  context: CollectorContext,
  contents: ClusterContents,
  { ec2, amis, currentAgentVersions }: InstanceJoin,
): EcsCluster | undefined {
  const { scope, services, tasks, instances } = contents;
  const { details } = scope;
  if (details === undefined) return undefined;
  const storage = details.configuration?.managedStorageConfiguration;
  const amiIds = amiIdsOf(contents, ec2);
  return {
    type: 'AwsEcsCluster',
    uid: scope.arn,
    arn: scope.arn,
    name: scope.name,
    accountId: context.accountId,
    region: context.region,
    partition: context.partition,
    cluster: scope.name,
    tags: known(tagsFrom(details.tags)),
    inUse: inUseOf(contents),
    status: details.status ?? 'UNKNOWN',
    ...present('containerInsights', details.settings?.find(({ name }) => name === 'containerInsights')?.value),
    ...present('executeCommand', executeCommandOf(scope)),
    ...present('managedStorageKmsKeyId', storage?.kmsKeyId),
    ...present('fargateEphemeralStorageKmsKeyId', storage?.fargateEphemeralStorageKmsKeyId),
    capacityProviders: distinct(details.capacityProviders ?? []),
    runningTasksCount: details.runningTasksCount ?? tasks.items.length,
    activeServicesCount: details.activeServicesCount ?? services.items.length,
    ...present('registeredContainerInstancesCount', countOf(details.registeredContainerInstancesCount, instances)),
    servicesWithExec: services.complete.known
      ? known(
          distinct(
            services.items.flatMap(({ enableExecuteCommand, serviceArn }) => (enableExecuteCommand ? serviceArn : [])),
          ),
        )
      : services.complete,
    containerInstances: instances.complete.known ? known(instances.items) : instances.complete,
    instanceMetadata: instances.complete.known ? ec2.metadata(ec2InstanceIdsOf(contents)) : instances.complete,
    instanceAmis: instances.complete.known ? (amiIds.known ? amis(amiIds.value) : amiIds) : instances.complete,
    currentAgentVersions,
  };
}

/** Where the cluster does not say how many there are, only a whole list does. */
function countOf(stated: number | undefined, { items, complete }: Listing<unknown>): number | undefined {
  return stated ?? (complete.known ? items.length : undefined);
}

/** What other checks want to know of a cluster. Statistics and listings are both asked: either may be the first to know. */
export function clusterFactFrom(
  context: CollectorContext,
  { scope, services, tasks, instances }: ClusterContents,
  providers: CapacityProviders,
): EcsClusterFact {
  const { details } = scope;
  const types = new Set<string | undefined>([
    ...tasks.items.map(({ launchType }) => launchType),
    ...services.items.flatMap((service) => {
      const launchTypes = launchTypesOf(placementOf(service), scope, providers);
      // None is known of a provider that could not be read, which is one for instances.
      return launchTypes.length > 0 || details === undefined ? launchTypes : ['EC2'];
    }),
    ...instances.items.map(({ capacityKind }) => capacityKind),
  ]);
  const counted = (pattern: RegExp) =>
    (details?.statistics ?? []).some(({ name = '', value }) => pattern.test(name) && Number(value) > 0);
  return {
    kind: 'ecs-cluster',
    key: scope.arn,
    accountId: context.accountId,
    region: context.region,
    observedAt: context.now.toISOString(),
    name: scope.name,
    runsOnFargate: types.has('FARGATE') || counted(/Fargate/),
    runsOnEc2: types.has('EC2') || types.has('MANAGED_INSTANCES') || counted(/EC2/),
    hasTasks: tasks.items.length > 0 || (details?.runningTasksCount ?? 0) + (details?.pendingTasksCount ?? 0) > 0,
    ...(tasks.items.length > 0 ? { watchableTasks: hasWatchableTask(tasks.items, instances) } : {}),
  };
}

/**
 * GuardDuty has no agent for Windows containers, nor for machines outside AWS (T84).
 *
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/prereq-runtime-monitoring-ecs-support.html
 */
function hasWatchableTask(tasks: readonly DescribedTask[], instances: Listing<EcsContainerInstance>): boolean {
  const onWindows = new Map(instances.items.map((instance) => [instance.arn, isWindows(instance)]));
  return tasks.some(({ launchType, platformFamily, containerInstanceArn }) => {
    if (launchType === 'EXTERNAL' || platformFamily?.toUpperCase().startsWith('WINDOWS') === true) return false;
    if (containerInstanceArn === undefined) return true;
    // An instance that could not be read may be Windows; one that is gone was one like most are.
    return onWindows.has(containerInstanceArn)
      ? onWindows.get(containerInstanceArn) === false
      : instances.complete.known;
  });
}

function inUseOf({ scope: { details }, services, tasks, instances }: ClusterContents): EcsCluster['inUse'] {
  const counts = [details?.runningTasksCount, details?.pendingTasksCount, details?.registeredContainerInstancesCount];
  const found = services.items.length + tasks.items.length + instances.items.length;
  if (found > 0 || counts.some((count) => count !== undefined && count > 0)) return 'yes';
  return services.complete.known && tasks.complete.known && instances.complete.known ? 'no' : 'unknown';
}

function executeCommandOf({ details }: ClusterScope): EcsCluster['executeCommand'] {
  const configuration = details?.configuration?.executeCommandConfiguration;
  if (configuration === undefined) return undefined;
  const logs = configuration.logConfiguration;
  return {
    ...present('kmsKeyId', configuration.kmsKeyId),
    ...present('logging', configuration.logging),
    ...present('cloudWatchLogGroup', logs?.cloudWatchLogGroupName),
    ...present('cloudWatchEncryptionEnabled', logs?.cloudWatchEncryptionEnabled),
    ...present('s3Bucket', logs?.s3BucketName),
    ...present('s3EncryptionEnabled', logs?.s3EncryptionEnabled),
  };
}
