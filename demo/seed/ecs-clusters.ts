import type { Cluster } from '@aws-sdk/client-ecs';
import type { EcsClusterState } from '../world/ecs-state.ts';
import type { RegionState } from '../world/world.ts';
import { revisionsOf } from './ecs-revisions.ts';
import { fargateServices, instanceServices, service } from './ecs-services.ts';
import { tasksOf } from './ecs-tasks.ts';
import { releaseDigest } from './images.ts';
import { instance, machineImages } from './network.ts';
import { goodContainer, taskDefinition } from './task-definition.ts';
import { seedTaskDefinitions } from './task-definitions.ts';
import { containerKeyArn, homeAccount, idOf, imageUri } from './tidewater.ts';

/** A cluster that records, encrypts and measures. */
export const hardenedCluster = {
  settings: [{ name: 'containerInsights', value: 'enhanced' }],
  configuration: {
    executeCommandConfiguration: {
      kmsKeyId: containerKeyArn,
      logging: 'OVERRIDE',
      logConfiguration: { cloudWatchLogGroupName: '/ecs/exec', cloudWatchEncryptionEnabled: true },
    },
    managedStorageConfiguration: { kmsKeyId: containerKeyArn, fargateEphemeralStorageKmsKeyId: containerKeyArn },
  },
} satisfies Partial<Cluster>;

/** An ECS cluster as AWS creates it, with the differences given. */
export function ecsCluster(
  name: string,
  contents: Partial<Omit<EcsClusterState, 'cluster'>> = {},
  more: Partial<Omit<Cluster, 'clusterName' | 'clusterArn'>> = {},
  place = { account: homeAccount, region: 'us-east-1' },
): EcsClusterState {
  const { services = [], tasks = [], containerInstances = [] } = contents;
  return {
    services,
    tasks,
    containerInstances,
    cluster: {
      clusterArn: `arn:aws:ecs:${place.region}:${place.account}:cluster/${name}`,
      clusterName: name,
      status: 'ACTIVE',
      registeredContainerInstancesCount: containerInstances.length,
      runningTasksCount: tasks.length,
      pendingTasksCount: 0,
      activeServicesCount: services.length,
      settings: [{ name: 'containerInsights', value: 'disabled' }],
      statistics: [],
      tags: [{ key: 'team', value: 'platform' }],
      capacityProviders: [],
      defaultCapacityProviderStrategy: [],
      attachments: [],
      ...more,
    },
  };
}

/** ECS of Tidewater Foods: a hardened Fargate cluster, one of container instances, and one with nothing in it. */
export function seedEcs(usEast1: RegionState, euWest1: RegionState): void {
  const definitions = seedTaskDefinitions();
  usEast1.ecs.taskDefinitions.push(...definitions);

  const onFargate = fargateServices();
  const tasks = onFargate.flatMap((one) => tasksOf(one, definitions));
  const providers = { capacityProviders: ['FARGATE', 'FARGATE_SPOT'] };
  usEast1.ecs.clusters.push(
    ecsCluster('harbor-fargate', { services: onFargate, tasks }, { ...hardenedCluster, ...providers }),
  );
  usEast1.ecs.clusters.push(dockCluster(usEast1, definitions), ecsCluster('spare'));

  usEast1.ecs.serviceRevisions.push(...revisionsOf([...onFargate, ...instanceServices()], definitions));
  const [, moved] = tasks.filter(({ group }) => group === 'service:storefront');
  for (const container of moved?.containers ?? []) {
    // Its tag moved between the starts of the two tasks, and ECS was told not to hold on to a digest.
    container.imageDigest = releaseDigest('tidewater/storefront', 'build 0');
  }
  usEast1.ecs.capacityProviders.push(
    ...(['FARGATE', 'FARGATE_SPOT'] as const).map((name) => ({
      name,
      capacityProviderArn: `arn:aws:ecs:us-east-1:${homeAccount}:capacity-provider/${name}`,
      status: 'ACTIVE' as const,
      type: name,
    })),
    dockCapacityProvider,
  );
  for (const region of [usEast1, euWest1]) {
    region.ecs.accountSettings.push(
      { name: 'containerInsights', value: 'enabled', principalArn: `arn:aws:iam::${homeAccount}:root`, type: 'user' },
      {
        name: 'guardDutyActivate',
        value: 'off',
        principalArn: `arn:aws:iam::${homeAccount}:root`,
        type: 'aws_managed',
      },
    );
  }
  seedEurope(euWest1);
}

const dockCapacityProvider = {
  name: 'dock-instances',
  capacityProviderArn: `arn:aws:ecs:us-east-1:${homeAccount}:capacity-provider/dock-instances`,
  status: 'ACTIVE' as const,
  type: 'EC2_AUTOSCALING' as const,
  autoScalingGroupProvider: {
    autoScalingGroupArn: `arn:aws:autoscaling:us-east-1:${homeAccount}:autoScalingGroup:${idOf('asg', 8)}:autoScalingGroupName/dock-instances`,
    managedScaling: { status: 'ENABLED' as const, targetCapacity: 100 },
    managedTerminationProtection: 'DISABLED' as const,
    managedDraining: 'ENABLED' as const,
  },
};

/** Three container instances: one current, one with an old agent and open metadata, one whose agent is gone. */
function dockCluster(region: RegionState, definitions: ReturnType<typeof seedTaskDefinitions>): EcsClusterState {
  const machines = [
    { machine: instance('dock-1', 'hardened', { 'demo:profile': 'ecs-instance' }), agent: '1.99.1', connected: true },
    {
      machine: instance('dock-2', 'version-1-allowed', { 'demo:profile': 'ecs-instance' }, machineImages.old),
      agent: '1.68.2',
      connected: true,
    },
    {
      machine: instance('dock-3', 'reachable-by-containers', { 'demo:profile': 'ecs-instance' }),
      agent: '1.99.1',
      connected: false,
    },
  ];
  region.ec2.instances.push(...machines.map(({ machine }) => machine));
  const containerInstances = machines.map(({ machine, agent, connected }, index) => ({
    containerInstanceArn: `arn:aws:ecs:us-east-1:${homeAccount}:container-instance/dock-ec2/${idOf(`dock ${index}`, 32)}`,
    ec2InstanceId: machine.InstanceId,
    capacityProviderName: 'dock-instances',
    status: 'ACTIVE',
    agentConnected: connected,
    version: 12,
    versionInfo: { agentVersion: agent, agentHash: idOf(agent, 8), dockerVersion: 'DockerVersion: 25.0.8' },
    runningTasksCount: 2,
    pendingTasksCount: 0,
    registeredAt: new Date('2026-09-14T06:33:00Z'),
    attributes: [
      { name: 'ecs.os-type', value: 'linux' },
      { name: 'ecs.os-family', value: 'LINUX' },
      { name: 'ecs.cpu-architecture', value: 'x86_64' },
      { name: 'ecs.ami-id', value: machine.ImageId },
      ...(index === 0 ? [{ name: 'ecs.capability.task-eni-block-instance-metadata' }] : []),
    ],
    registeredResources: [],
    remainingResources: [],
    attachments: [],
    tags: [],
  }));
  const services = instanceServices();
  const arns = containerInstances.map(({ containerInstanceArn }) => containerInstanceArn);
  const tasks = services.flatMap((one) => tasksOf(one, definitions, arns));
  return ecsCluster(
    'dock-ec2',
    { services, tasks, containerInstances },
    {
      capacityProviders: ['dock-instances'],
      configuration: { executeCommandConfiguration: { logging: 'NONE' } },
    },
  );
}

function seedEurope(euWest1: RegionState): void {
  const place = { account: homeAccount, region: 'eu-west-1' };
  const image = imageUri('tidewater/storefront-eu', 'v3.1.0', 'eu-west-1');
  const containerDefinitions = [goodContainer('storefront-eu', { image })];
  const definitions = [taskDefinition('storefront-eu', 4, { containerDefinitions }, place)];
  const services = [service('harbor-eu', 'storefront-eu', 'storefront-eu:4', {}, place)];
  const tasks = services.flatMap((one) => tasksOf(one, definitions));
  euWest1.ecs.taskDefinitions.push(...definitions);
  euWest1.ecs.serviceRevisions.push(...revisionsOf(services, definitions));
  euWest1.ecs.clusters.push(
    ecsCluster('harbor-eu', { services, tasks }, { settings: hardenedCluster.settings }, place),
  );
}
