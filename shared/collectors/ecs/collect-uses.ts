import type { DaemonRevision } from '@aws-sdk/client-ecs';
import { known, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { type CapacityProviders, launchTypesOf } from './capacity-providers.ts';
import type { ClusterContents } from './cluster-resources.ts';
import { isWindows } from './container-instances.ts';
import type { TaskStarter } from './event-rules.ts';
import { distinct } from './listing.ts';
import type { EcsRevisionUse } from './model.ts';
import { ownerOf } from './running-images.ts';
import { loadBalancersOf, placementOf } from './service-resources.ts';
import type { DescribedService } from './services.ts';
import type { DescribedTask } from './tasks.ts';
import { UseBook } from './uses.ts';

/**
 * Who runs which revision: services with all their deployments and task sets, running tasks, managed daemons, and the
 * rules and schedules that start tasks (T09). Neither the latest revision nor an ACTIVE one is in use for that alone.
 */
export function collectUses(
  context: CollectorContext,
  clusters: readonly ClusterContents[],
  providers: CapacityProviders,
  starters: readonly TaskStarter[],
  daemons: readonly DaemonRevision[],
  clustersListed: Observed<true> = known(true),
): UseBook {
  const book = new UseBook(context);
  for (const cluster of clusters) {
    for (const service of cluster.services.items) noteService(book, service, cluster, providers);
    noteTasks(context, book, cluster);
  }
  const clusterByArn = new Map(clusters.map((cluster) => [cluster.scope.arn, cluster]));
  for (const { kind, arn, clusterArn, taskDefinition, placement } of starters) {
    const cluster = clusterByArn.get(clusterArn);
    const scope = cluster?.scope ?? { arn: clusterArn, name: '' };
    const launchTypes = launchTypesOf(placement, scope, providers);
    const platform =
      cluster === undefined ? { launchTypes, ...unlessKnown(clustersListed) } : platformOf(launchTypes, cluster);
    book.add(taskDefinition, { kind, by: arn, ...platform });
  }
  for (const { daemonArn, daemonTaskDefinitionArn } of daemons) {
    if (daemonArn === undefined) continue;
    book.add(daemonTaskDefinitionArn, { kind: 'daemon', by: daemonArn, launchTypes: ['MANAGED_INSTANCES'] });
  }
  return book;
}

function noteService(
  book: UseBook,
  service: DescribedService,
  cluster: ClusterContents,
  providers: CapacityProviders,
): void {
  const { scope } = cluster;
  const loadBalancedContainers = loadBalancedContainersOf(service);
  const use = (kind: 'service' | 'task-set', launchTypes: EcsRevisionUse['launchTypes']): EcsRevisionUse => ({
    kind,
    by: service.serviceArn,
    ...platformOf(launchTypes, cluster),
    ...(loadBalancedContainers.length > 0 ? { loadBalancedContainers } : {}),
  });
  const own = launchTypesOf(placementOf(service), scope, providers);
  // With task sets, the service's own field is what it was created with, not what it runs.
  if ((service.taskSets ?? []).length === 0) book.add(service.taskDefinition, use('service', own));
  for (const deployment of service.deployments ?? []) {
    const isReplaced = deployment.status === 'INACTIVE' && (deployment.runningCount ?? 0) === 0;
    if (!isReplaced)
      book.add(deployment.taskDefinition, use('service', launchTypesOr(own, deployment, cluster, providers)));
  }
  for (const taskSet of service.taskSets ?? []) {
    book.add(taskSet.taskDefinition, use('task-set', launchTypesOr(own, taskSet, cluster, providers)));
  }
}

/** The launch types of a deployment or task set, which leave out what they share with their service. */
function launchTypesOr(
  own: EcsRevisionUse['launchTypes'],
  placement: Parameters<typeof launchTypesOf>[0],
  { scope }: ClusterContents,
  providers: CapacityProviders,
): EcsRevisionUse['launchTypes'] {
  const isSaid = placement.launchType !== undefined || (placement.capacityProviderStrategy ?? []).length > 0;
  return isSaid ? launchTypesOf(placement, scope, providers) : own;
}

/** A task of a service is a use by its service, also where it is of a revision that the service no longer deploys. */
function noteTasks(context: CollectorContext, book: UseBook, cluster: ClusterContents): void {
  const { scope, services, tasks, instances } = cluster;
  const onWindowsByInstance = new Map(instances.items.map((instance) => [instance.arn, isWindows(instance)]));
  const serviceByName = new Map(services.items.map((service) => [service.serviceName, service]));
  for (const task of tasks.items) {
    const service = task.serviceName === undefined ? undefined : serviceByName.get(task.serviceName);
    const loadBalancedContainers = service === undefined ? [] : loadBalancedContainersOf(service);
    const onWindows =
      task.platformFamily?.toUpperCase().startsWith('WINDOWS') === true ||
      (task.containerInstanceArn !== undefined && onWindowsByInstance.get(task.containerInstanceArn) === true);
    const isOnUnreadInstance =
      task.containerInstanceArn !== undefined && !onWindowsByInstance.has(task.containerInstanceArn);
    book.add(task.taskDefinitionArn, {
      kind: kindOf(task),
      by: ownerOf(context, scope, task),
      launchTypes: task.launchType === undefined ? [] : [task.launchType],
      ...(onWindows ? { onWindows } : {}),
      ...(isOnUnreadInstance ? unlessKnown(instances.complete) : {}),
      ...(loadBalancedContainers.length > 0 ? { loadBalancedContainers } : {}),
    });
  }
}

function kindOf({ serviceName, daemonName }: DescribedTask): EcsRevisionUse['kind'] {
  if (serviceName !== undefined) return 'service';
  return daemonName === undefined ? 'task' : 'daemon';
}

function loadBalancedContainersOf(service: DescribedService): readonly string[] {
  return distinct(loadBalancersOf(service).map(({ containerName }) => containerName));
}

/**
 * On what tasks of a cluster run. They are Windows tasks where they run on instances and all of the cluster are Windows
 * (T04), which is not certain as long as some instance may not have been read.
 */
function platformOf(
  launchTypes: EcsRevisionUse['launchTypes'],
  { scope, instances }: ClusterContents,
): Pick<EcsRevisionUse, 'launchTypes' | 'onWindows' | 'platformUnknown'> {
  if (launchTypes.length === 0 && scope.undescribed !== undefined)
    return { launchTypes, platformUnknown: scope.undescribed };
  if (launchTypes.includes('FARGATE') || !instances.items.every(isWindows)) return { launchTypes };
  return {
    launchTypes,
    ...(instances.items.length > 0 ? { onWindows: true } : {}),
    ...unlessKnown(instances.complete),
  };
}

function unlessKnown(observed: Observed<true>): Pick<EcsRevisionUse, 'platformUnknown'> {
  return observed.known ? {} : { platformUnknown: observed.reason };
}
