import { ecsCluster } from '#demo/seed/ecs-clusters.ts';
import { service, taskDefinitionArn } from '#demo/seed/ecs-services.ts';
import { eksCluster } from '#demo/seed/eks-clusters.ts';
import { seedWorld } from '#demo/seed/seed-world.ts';
import { onInstances, taskDefinition } from '#demo/seed/task-definition.ts';
import { homeAccount } from '#demo/seed/tidewater.ts';
import { accountOf, regionOf, type World } from '#demo/world/world.ts';

const ECS = `arn:aws:ecs:us-east-1:${homeAccount}`;

/**
 * The demo world with what only a second answer decides: Windows that only its instances show, a launch type that only
 * the cluster's default strategy gives, Fargate that only a listing shows, and pods on Fargate alone.
 */
export function ambiguousWorld(now: Date): World {
  const world = seedWorld(now);
  const region = regionOf(accountOf(world, homeAccount), 'us-east-1');
  if (region === undefined) throw new Error('The demo account has no us-east-1.');
  const { runtimePlatform: _, ...unsaid } = taskDefinition('bare', 1, {
    ...onInstances,
    containerDefinitions: [{ name: 'app', image: 'mcr.microsoft.com/windows/servercore:ltsc2022-1.2.3', memory: 100 }],
  }).taskDefinition;
  region.ecs.taskDefinitions.push(
    { taskDefinition: unsaid, tags: [] },
    taskDefinition('either', 3, { requiresCompatibilities: ['EC2', 'FARGATE'] }),
    taskDefinition('idle', 2),
  );

  const instanceArn = `${ECS}:container-instance/windows/0123456789abcdef`;
  const windowsInstance = {
    containerInstanceArn: instanceArn,
    ec2InstanceId: 'i-0123456789abcdef0',
    status: 'ACTIVE',
    agentConnected: true,
    versionInfo: { agentVersion: '1.99.1' },
    attributes: [{ name: 'ecs.os-type', value: 'windows' }],
  };
  const task = (cluster: string, definition: string, more: object) => ({
    taskArn: `${ECS}:task/${cluster}/0123456789abcdef`,
    clusterArn: `${ECS}:cluster/${cluster}`,
    taskDefinitionArn: taskDefinitionArn(definition),
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    containers: [],
    ...more,
  });
  const onWindows = { group: 'service:bare', launchType: 'EC2' as const, containerInstanceArn: instanceArn };
  const strategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }];
  const { launchType: __, ...idle } = service('idle', 'idle', 'idle:2', { desiredCount: 0, runningCount: 0 });
  region.ecs.clusters.push(
    ecsCluster('windows', {
      services: [service('windows', 'bare', 'bare:1', { launchType: 'EC2', networkConfiguration: {} })],
      tasks: [task('windows', 'bare:1', onWindows)],
      containerInstances: [windowsInstance],
    }),
    ecsCluster('by-default', {}, { capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy: strategy }),
    ecsCluster('idle', { services: [{ ...idle, capacityProviderStrategy: strategy }] }),
    // Statistics lag behind: the task is in the listing only.
    ecsCluster('late', { tasks: [task('late', 'idle:2', { launchType: 'FARGATE' })] }, { runningTasksCount: 0 }),
  );
  region.eventBuses[0]?.rules.push({
    rule: { Name: 'either', Arn: `arn:aws:events:us-east-1:${homeAccount}:rule/either`, EventBusName: 'default' },
    targets: [
      {
        Id: 'either',
        Arn: `${ECS}:cluster/by-default`,
        EcsParameters: { TaskDefinitionArn: taskDefinitionArn('either:3') },
      },
    ],
  });
  const profile = { fargateProfileName: 'all', clusterName: 'pods-on-fargate', status: 'ACTIVE' as const };
  region.eks.clusters.push(eksCluster('pods-on-fargate', {}, { fargateProfiles: [profile] }));
  return world;
}
