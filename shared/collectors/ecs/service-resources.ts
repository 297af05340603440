import type { TaskSet } from '@aws-sdk/client-ecs';
import { known, mapObserved, type Observed, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { type CapacityProviders, launchTypesOf } from './capacity-providers.ts';
import type { ClusterScope } from './clusters.ts';
import type { Ec2Lookup } from './ec2.ts';
import { distinct, sortedBy } from './listing.ts';
import type {
  EcsSecurityGroup,
  EcsService,
  EcsServiceRevisionImages,
  EcsTaskDefinitionRevision,
  EcsTaskSet,
} from './model.ts';
import { present } from './present.ts';
import { type DescribedService, revisionArnsOf } from './services.ts';
import { tagsFrom } from './tags.ts';
import { type DescribedTask, runningTaskFrom } from './tasks.ts';

/** What a service is joined with. */
export interface ServiceJoin {
  readonly scope: ClusterScope;
  readonly providers: CapacityProviders;
  /** The tasks of this service. */
  readonly tasks: Observed<readonly DescribedTask[]>;
  readonly revisionsByArn: ReadonlyMap<string, EcsServiceRevisionImages>;
  /** Known where a revision that is not in the map does not exist. */
  readonly revisionsComplete: Observed<true>;
  readonly securityGroups: Ec2Lookup<EcsSecurityGroup>;
}

/**
 * The definition that the service deploys: with external or CodeDeploy deployments the one of its primary task set.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
 */
export function taskDefinitionArnOf(service: DescribedService): string | undefined {
  return primaryTaskSet(service)?.taskDefinition ?? service.taskDefinition;
}

/** The security groups a service names. */
export function securityGroupIdsOf(service: DescribedService): readonly string[] {
  return networkOf(service)?.securityGroups ?? [];
}

/** A service as a resource, with the definition it deploys. */
export function serviceFrom(
  context: CollectorContext,
  service: DescribedService,
  join: ServiceJoin,
  taskDefinition: Observed<EcsTaskDefinitionRevision | null>,
): EcsService {
  const { scope, providers, tasks, securityGroups } = join;
  const network = networkOf(service);
  const primary = primaryTaskSet(service);
  const counts = [service.desiredCount, service.runningCount, service.pendingCount];
  return {
    type: 'AwsEcsService',
    uid: service.serviceArn,
    arn: service.serviceArn,
    name: service.serviceName,
    accountId: context.accountId,
    region: context.region,
    partition: context.partition,
    cluster: scope.name,
    tags: known(tagsFrom(service.tags)),
    inUse: counts.some((count) => count === undefined || count > 0) ? 'yes' : 'no',
    clusterArn: scope.arn,
    status: service.status ?? 'UNKNOWN',
    launchTypes: launchTypesOf(placementOf(service), scope, providers),
    deploymentController: service.deploymentController?.type ?? 'ECS',
    ...present('schedulingStrategy', service.schedulingStrategy),
    ...present('resourceManagementType', service.resourceManagementType),
    ...present('taskDefinitionArn', taskDefinitionArnOf(service)),
    taskDefinition,
    ...present('platformVersion', service.platformVersion ?? primary?.platformVersion),
    ...present('platformFamily', service.platformFamily ?? primary?.platformFamily),
    ...present('assignPublicIp', network?.assignPublicIp),
    ...present('networkMode', taskDefinition.known ? taskDefinition.value?.networkMode : undefined),
    subnetIds: distinct(network?.subnets ?? []),
    securityGroups: securityGroupsOf(service, securityGroups),
    enableExecuteCommand: service.enableExecuteCommand === true,
    deployments: deploymentsOf(service),
    hasLoadBalancer: loadBalancersOf(service).length > 0,
    lifecycleHooks: (service.deploymentConfiguration?.lifecycleHooks ?? []).flatMap(
      ({ hookTargetArn, lifecycleStages }) =>
        hookTargetArn === undefined ? [] : [{ targetArn: hookTargetArn, stages: lifecycleStages ?? [] }],
    ),
    ...present('deploymentStrategy', service.deploymentConfiguration?.strategy),
    ...present('serviceConnect', serviceConnectOf(service)),
    currentRevision: currentRevisionOf(service, join),
    runningTasks: mapObserved(tasks, (all) => sortedBy(all.map(runningTaskFrom), ({ arn }) => arn)),
  };
}

/**
 * The task sets of a service, one for each status: a deployment replaces task sets, so that their own ARNs would give
 * new findings with every release. Where several have one status, one that gives its tasks public addresses stands for
 * all.
 */
export function taskSetsOf(
  context: CollectorContext,
  service: DescribedService,
  scope: ClusterScope,
): readonly EcsTaskSet[] {
  const byUid = new Map<string, EcsTaskSet>();
  for (const taskSet of sortedBy(service.taskSets ?? [], ({ taskSetArn = '' }) => taskSetArn)) {
    const { taskSetArn: arn, taskDefinition: taskDefinitionArn, status = 'UNKNOWN', launchType } = taskSet;
    if (arn === undefined || taskDefinitionArn === undefined) continue;
    const uid = `${arn.slice(0, arn.lastIndexOf('/'))}/${status}`;
    const assignPublicIp = taskSet.networkConfiguration?.awsvpcConfiguration?.assignPublicIp;
    if (byUid.has(uid) && assignPublicIp !== 'ENABLED') continue;
    byUid.set(uid, {
      type: 'AwsEcsTaskSet',
      uid,
      arn,
      name: `${service.serviceName} ${status}`,
      accountId: context.accountId,
      region: context.region,
      partition: context.partition,
      cluster: scope.name,
      ...present('tags', taskSet.tags && known(tagsFrom(taskSet.tags))),
      inUse: 'yes',
      serviceArn: service.serviceArn,
      status,
      taskDefinitionArn,
      ...present('launchType', launchType),
      ...present('assignPublicIp', assignPublicIp),
    });
  }
  return [...byUid.values()];
}

/** The load balancers of a service: with task sets, each of them has its own. */
export function loadBalancersOf(service: DescribedService): NonNullable<DescribedService['loadBalancers']> {
  return [
    ...(service.loadBalancers ?? []),
    ...(service.taskSets ?? []).flatMap(({ loadBalancers }) => loadBalancers ?? []),
  ];
}

/** Where a service says its tasks run; one with an external controller says it in its task sets. */
export function placementOf(service: DescribedService): Pick<TaskSet, 'launchType' | 'capacityProviderStrategy'> {
  const isSaid = service.launchType !== undefined || (service.capacityProviderStrategy ?? []).length > 0;
  return isSaid ? service : (primaryTaskSet(service) ?? service);
}

function primaryTaskSet({ taskSets }: DescribedService): TaskSet | undefined {
  return taskSets?.find(({ status }) => status === 'PRIMARY');
}

function networkOf(service: DescribedService) {
  return (service.networkConfiguration ?? primaryTaskSet(service)?.networkConfiguration)?.awsvpcConfiguration;
}

function securityGroupsOf(
  service: DescribedService,
  lookup: Ec2Lookup<EcsSecurityGroup>,
): Observed<readonly EcsSecurityGroup[]> {
  const ids = securityGroupIdsOf(service);
  if (networkOf(service) !== undefined && ids.length === 0) {
    return undecidable('The service names no security group: its tasks get the default one of the VPC.');
  }
  return lookup(ids);
}

function deploymentsOf(service: DescribedService): EcsService['deployments'] {
  return (service.deployments ?? []).flatMap((deployment) => {
    const { id, status, taskDefinition } = deployment;
    if (id === undefined || status === undefined || taskDefinition === undefined) return [];
    return [
      {
        id,
        status,
        taskDefinitionArn: taskDefinition,
        runningCount: deployment.runningCount ?? 0,
        ...present('platformVersion', deployment.platformVersion),
        ...present('platformFamily', deployment.platformFamily),
        ...present('launchType', deployment.launchType),
      },
    ];
  });
}

/** Service Connect is configured per deployment; the primary one says what holds. */
function serviceConnectOf({ deployments }: DescribedService): EcsService['serviceConnect'] {
  const configuration = deployments?.find(({ status }) => status === 'PRIMARY')?.serviceConnectConfiguration;
  if (configuration === undefined) return undefined;
  return {
    enabled: configuration.enabled === true,
    services: (configuration.services ?? []).flatMap(({ portName, tls }) =>
      portName === undefined ? [] : [{ portName, tls: tls !== undefined }],
    ),
  };
}

/** While a deployment is under way there are two revisions; the one that deploys the service's definition counts. */
function currentRevisionOf(
  service: DescribedService,
  { revisionsByArn, revisionsComplete }: ServiceJoin,
): Observed<EcsServiceRevisionImages | null> {
  const arns = distinct(revisionArnsOf(service));
  const found = arns.flatMap((arn) => revisionsByArn.get(arn) ?? []);
  const current =
    found.findLast(({ taskDefinitionArn }) => taskDefinitionArn === service.taskDefinition) ?? found.at(-1);
  if (current !== undefined) return known(current);
  return arns.length === 0 || revisionsComplete.known ? known(null) : revisionsComplete;
}
