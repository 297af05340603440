import type { EcsClusterState } from '../world/ecs-state.ts';
import type { RegionState } from '../world/world.ts';
import { ecsCluster, hardenedCluster } from './ecs-clusters.ts';
import { pulledDigest } from './ecs-tasks.ts';
import { instance } from './network.ts';
import { goodContainer } from './task-definition.ts';
import { homeAccount, idOf, network, roleArn } from './tidewater.ts';

const ecsArn = `arn:aws:ecs:us-east-1:${homeAccount}`;
const clusterArn = `${ecsArn}:cluster/fleet-managed`;
const daemonArn = `${ecsArn}:daemon/fleet-managed/node-watch`;
const capacityProviderArn = `${ecsArn}:capacity-provider/managed-fleet`;
const daemonTaskDefinitionArn = `${ecsArn}:daemon-task-definition/node-watch:2`;
const daemonRevisionArn = `${ecsArn}:daemon-revision/fleet-managed/node-watch/${Number.parseInt(idOf(daemonArn, 12), 16)}`;
const image = 'quay.io/tidewater/node-watch:1.4';
const at = new Date('2026-09-01T08:00:00Z');

/**
 * A fleet of managed instances with an agent on each: neither a service nor a task definition, so a scanner that reads
 * only those never sees it. The agent follows the practices but two: it runs as root and reads a directory of the host.
 */
export function seedDaemons({ ec2, ecs }: RegionState): void {
  const machines = ['fleet-1', 'fleet-2'].map((name) =>
    instance(name, 'hardened', { 'demo:profile': 'ecsManagedInstance', AmazonECSManaged: 'true' }),
  );
  ec2.instances.push(...machines);
  const containerInstances = machines.map(({ InstanceId, ImageId }, index) =>
    managedInstance(index, InstanceId, ImageId),
  );
  const tasks = containerInstances.map(({ containerInstanceArn }) => daemonTask(containerInstanceArn));
  ecs.clusters.push(
    ecsCluster(
      'fleet-managed',
      { tasks, containerInstances },
      { ...hardenedCluster, capacityProviders: ['managed-fleet'] },
    ),
  );
  ecs.capacityProviders.push({
    name: 'managed-fleet',
    capacityProviderArn,
    cluster: 'fleet-managed',
    status: 'ACTIVE',
    type: 'MANAGED_INSTANCES',
    managedInstancesProvider: {
      infrastructureRoleArn: roleArn('ecsInfrastructureRole'),
      instanceLaunchTemplate: {
        ec2InstanceProfileArn: `arn:aws:iam::${homeAccount}:instance-profile/ecsManagedInstance`,
        networkConfiguration: { subnets: network.privateSubnets, securityGroups: [network.nodeGroup] },
      },
    },
  });
  ecs.daemons.push({
    daemonArn,
    clusterArn,
    status: 'ACTIVE',
    createdAt: at,
    updatedAt: at,
    currentRevisions: [
      {
        arn: daemonRevisionArn,
        capacityProviders: [{ arn: capacityProviderArn, runningCount: 2, withoutDaemonCount: 0 }],
        totalRunningCount: 2,
        totalWithoutDaemonCount: 0,
      },
    ],
  });
  ecs.daemonRevisions.push({
    daemonRevisionArn,
    daemonArn,
    clusterArn,
    daemonTaskDefinitionArn,
    createdAt: at,
    containerImages: [{ containerName: 'watch', image, imageDigest: pulledDigest(image) }],
    enableExecuteCommand: false,
  });
  ecs.daemonTaskDefinitions.push(daemonDefinition());
}

function daemonDefinition(): RegionState['ecs']['daemonTaskDefinitions'][number] {
  const { portMappings, volumesFrom, versionConsistency, ...container } = goodContainer('node-watch');
  return {
    daemonTaskDefinitionArn,
    family: 'node-watch',
    revision: 2,
    status: 'ACTIVE',
    registeredAt: at,
    registeredBy: roleArn('deployer'),
    cpu: '128',
    memory: '256',
    executionRoleArn: roleArn('ecsTaskExecutionRole'),
    taskRoleArn: roleArn('node-watch-task'),
    containerDefinitions: [
      {
        ...container,
        name: 'watch',
        image,
        privileged: false,
        user: 'root',
        mountPoints: [{ sourceVolume: 'proc', containerPath: '/host/proc', readOnly: true }],
      },
    ],
    volumes: [{ name: 'proc', host: { sourcePath: '/proc' } }],
  };
}

/** An instance that ECS operates itself: it takes care of the agent and the machine image. */
function managedInstance(
  index: number,
  ec2InstanceId: string | undefined,
  amiId: string | undefined,
): EcsClusterState['containerInstances'][number] {
  return {
    containerInstanceArn: `${ecsArn}:container-instance/fleet-managed/${idOf(`fleet ${index}`, 32)}`,
    ec2InstanceId,
    capacityProviderName: 'managed-fleet',
    status: 'ACTIVE',
    agentConnected: true,
    version: 4,
    versionInfo: { agentVersion: '1.99.1', agentHash: idOf('1.99.1', 8) },
    runningTasksCount: 1,
    pendingTasksCount: 0,
    registeredAt: at,
    attributes: [
      { name: 'ecs.os-type', value: 'linux' },
      { name: 'ecs.os-family', value: 'LINUX' },
      { name: 'ecs.cpu-architecture', value: 'x86_64' },
      { name: 'ecs.ami-id', value: amiId },
    ],
    registeredResources: [],
    remainingResources: [],
    attachments: [],
    tags: [],
  };
}

function daemonTask(containerInstanceArn: string): EcsClusterState['tasks'][number] {
  const id = idOf(`task of ${daemonArn} on ${containerInstanceArn}`, 32);
  const taskArn = `${ecsArn}:task/fleet-managed/${id}`;
  return {
    taskArn,
    taskDefinitionArn: daemonTaskDefinitionArn,
    clusterArn,
    containerInstanceArn,
    group: 'daemon:node-watch',
    launchType: 'MANAGED_INSTANCES',
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    connectivity: 'CONNECTED',
    createdAt: at,
    startedAt: at,
    enableExecuteCommand: false,
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [] },
    attachments: [],
    containers: [
      {
        containerArn: `${ecsArn}:container/fleet-managed/${id}/${idOf(`${taskArn} watch`, 32)}`,
        taskArn,
        name: 'watch',
        image,
        imageDigest: pulledDigest(image),
        lastStatus: 'RUNNING',
      },
    ],
    tags: [],
  };
}
