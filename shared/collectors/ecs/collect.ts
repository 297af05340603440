import pMap from 'p-map';
import { groupBy } from '../../domain/group-by.ts';
import { known, type Observed, undecidable } from '../../domain/observed.ts';
import type { CollectedItem, Collector, CollectorContext } from '../../domain/ports.ts';
import { capacityProviderResources, readCapacityProviders } from './capacity-providers.ts';
import { readContents, readInstanceJoin } from './cluster-contents.ts';
import { type ClusterContents, clusterFactFrom, clusterFrom } from './cluster-resources.ts';
import { type ClusterScope, readClusters } from './clusters.ts';
import { collectOne, RECHECKABLE_TYPES } from './collect-one.ts';
import { collectUses } from './collect-uses.ts';
import { type Daemons, readDaemons } from './daemons.ts';
import { daemonTaskDefinitionReader, readActiveFamilies, taskDefinitionReader } from './definition-readers.ts';
import { readSecurityGroups } from './ec2.ts';
import { readEventRules, type TaskStarter } from './event-rules.ts';
import { type FamilySource, readFamilies } from './families.ts';
import { allOf, type Listing } from './listing.ts';
import { OwnUsers } from './own-users.ts';
import { roleUsesOf } from './role-uses.ts';
import { runningImageFacts } from './running-images.ts';
import { readSchedules } from './schedules.ts';
import { definitionFor, familyOf } from './service-definition.ts';
import { type ServiceJoin, securityGroupIdsOf, serviceFrom, taskSetsOf } from './service-resources.ts';
import { type DescribedService, readServiceRevisions } from './services.ts';
import { startedImagesOf } from './started-images.ts';
import { ecsTriggers } from './triggers.ts';
import { useFacts } from './use-facts.ts';
import type { UseBook } from './uses.ts';

/** Clusters that are read at once. */
const CLUSTERS_AT_ONCE = 4;

/** A service that waits for the definition it deploys. */
interface WaitingService {
  readonly service: DescribedService;
  readonly join: ServiceJoin;
}

/**
 * Amazon ECS in one account and region: clusters with their instances, services, task sets, capacity providers, and the
 * task definitions that something runs or could run. Families are handed on one by one, as they are described, and each
 * service with its definition, so that a large account is never held as a whole.
 */
export const ecsCollector: Collector = {
  service: 'ecs',
  resourceTypes: ['AwsEcsCluster', 'AwsEcsCapacityProvider', 'AwsEcsService', 'AwsEcsTaskSet', 'AwsEcsTaskDefinition'],
  permissions: [
    'ec2:DescribeImages',
    'ec2:DescribeInstances',
    'ec2:DescribeSecurityGroups',
    'ecs:DescribeCapacityProviders',
    'ecs:DescribeClusters',
    'ecs:DescribeContainerInstances',
    'ecs:DescribeDaemon',
    'ecs:DescribeDaemonRevisions',
    'ecs:DescribeDaemonTaskDefinition',
    'ecs:DescribeServiceRevisions',
    'ecs:DescribeServices',
    'ecs:DescribeTaskDefinition',
    'ecs:DescribeTasks',
    'ecs:ListClusters',
    'ecs:ListContainerInstances',
    'ecs:ListDaemons',
    'ecs:ListDaemonTaskDefinitions',
    'ecs:ListServices',
    'ecs:ListTaskDefinitionFamilies',
    'ecs:ListTasks',
    'events:ListEventBuses',
    'events:ListRuleNamesByTarget',
    'events:ListTargetsByRule',
    'scheduler:GetSchedule',
    'scheduler:ListSchedules',
    'ssm:GetParameters',
  ],
  producesFacts: ['ecs-cluster', 'role-use', 'running-image', 'task-definition-use'],
  needsFacts: [],
  collect,
  triggers: ecsTriggers,
  recheckableTypes: RECHECKABLE_TYPES,
  collectOne,
};

async function* collect(context: CollectorContext): AsyncGenerator<CollectedItem> {
  const clusters = await readClusters(context);
  const providers = await readCapacityProviders(context, clusters.items);
  const contents = await pMap(clusters.items, (scope) => readContents(context, scope, providers), {
    concurrency: CLUSTERS_AT_ONCE,
  });
  const services = contents.flatMap((cluster) => cluster.services.items);
  const [daemons, rules, schedules, revisions, securityGroups, instanceJoin, families] = await Promise.all([
    readDaemons(context, contents, providers),
    readEventRules(context, clusters.items),
    readSchedules(context),
    readServiceRevisions(context, services),
    readSecurityGroups(context, services.flatMap(securityGroupIdsOf)),
    readInstanceJoin(context, contents),
    readActiveFamilies(context),
  ]);

  for (const resource of capacityProviderResources(context, providers, clusters)) yield { resource };
  for (const cluster of contents) {
    const resource = clusterFrom(context, cluster, instanceJoin);
    if (resource !== undefined) yield { resource };
    yield { fact: clusterFactFrom(context, cluster, providers) };
    for (const service of cluster.services.items) {
      for (const taskSet of taskSetsOf(context, service, cluster.scope)) yield { resource: taskSet };
    }
  }
  const completeness = completenessOf(clusters, contents, daemons, [rules, schedules]);
  if (completeness.clusters.known) yield { factsComplete: 'ecs-cluster' };

  const starters = [...rules.items, ...schedules.items];
  const uses = collectUses(context, contents, providers, starters, daemons.revisions.items, clusters.complete);
  for (const fact of useFacts(context, uses)) yield { fact };
  if (completeness.usesListed.known) yield { factsComplete: 'task-definition-use' };
  const revisionsByArn = new Map(revisions.items.map(({ images }) => [images.revisionArn, images]));
  const waiting: WaitingService[] = contents.flatMap((cluster) => {
    const tasksOf = groupBy(cluster.tasks.items, ({ serviceName }) => serviceName);
    return cluster.services.items.map((service) => ({
      service,
      join: {
        scope: cluster.scope,
        providers,
        tasks: cluster.tasks.complete.known ? known(tasksOf.get(service.serviceName) ?? []) : cluster.tasks.complete,
        revisionsByArn,
        revisionsComplete: revisions.complete,
        securityGroups,
      },
    }));
  });
  const { usesListed, servicesListed, daemonsListed } = completeness;
  const reader = taskDefinitionReader(context);
  let rolesComplete = families.complete.known && usesListed.known && daemonsListed.known;
  const ownUsers = new OwnUsers();
  let startedComplete = families.complete.known && usesListed.known;
  const withFamilies = [
    familiesAndServices(context, { reader, active: families, uses, usesListed, servicesListed }, waiting),
    daemonFamilies(context, daemons, uses, daemonsListed),
  ];
  for (const items of withFamilies) {
    for await (const item of items) {
      yield item;
      if (!('resource' in item) || item.resource.type !== 'AwsEcsTaskDefinition') continue;
      ownUsers.add(item.resource);
      const roles = roleUsesOf(context, item.resource);
      for (const fact of roles.facts) yield { fact };
      rolesComplete &&= roles.complete;
      const started = startedImagesOf(context, item.resource);
      for (const fact of started.facts) yield { fact };
      startedComplete &&= started.complete;
    }
  }
  if (rolesComplete) yield { factsComplete: 'role-use' };
  const seen = { revisions: revisions.items, daemons: daemons.revisions.items, ownUsers };
  for (const fact of runningImageFacts(context, contents, seen)) yield { fact };
  if (startedComplete && allOf([completeness.running, revisions.complete]).known)
    yield { factsComplete: 'running-image' };
}

/** What may be concluded from something not being there. */
function completenessOf(
  clusters: Listing<ClusterScope>,
  contents: readonly ClusterContents[],
  { revisions: daemons }: Daemons,
  starters: readonly Listing<TaskStarter>[],
) {
  const listed = (of: (cluster: ClusterContents) => Listing<unknown>) =>
    allOf([clusters.complete, ...contents.map((cluster) => of(cluster).complete)]);
  const services = listed((cluster) => cluster.services);
  const tasks = listed((cluster) => cluster.tasks);
  const instances = listed((cluster) => cluster.instances);
  const described = contents.every(({ scope }) => scope.details !== undefined);
  return {
    clusters: described ? allOf([services, tasks, instances]) : undecidable('A cluster could not be described.'),
    running: allOf([services, tasks, daemons.complete]),
    usesListed: allOf([services, tasks, ...starters.map(({ complete }) => complete)]),
    servicesListed: services,
    daemonsListed: allOf([clusters.complete, daemons.complete]),
  };
}

async function* familiesAndServices(
  context: CollectorContext,
  source: FamilySource,
  waiting: readonly WaitingService[],
): AsyncGenerator<CollectedItem> {
  const byFamily = groupBy(waiting, ({ service }) => familyOf(context, service));
  for (const { service, join } of byFamily.get(undefined) ?? []) {
    yield { resource: serviceFrom(context, service, join, known(null)) };
  }
  for await (const family of readFamilies(context, source)) {
    if (family.resource !== null) yield { resource: family.resource };
    for (const { service, join } of byFamily.get(family.name) ?? []) {
      yield { resource: serviceFrom(context, service, join, definitionFor(context, service, family)) };
    }
  }
}

async function* daemonFamilies(
  context: CollectorContext,
  { families }: Daemons,
  uses: UseBook,
  usesListed: Observed<true>,
): AsyncGenerator<CollectedItem> {
  const reader = daemonTaskDefinitionReader(context);
  // Services do not run daemons: that no service uses one is known without looking.
  const source = { reader, active: families, uses, usesListed, servicesListed: known(true as const) };
  for await (const { resource } of readFamilies(context, source)) if (resource !== null) yield { resource };
}
