import { known } from '#shared/domain/observed.ts';
import type { ResourceByType, ResourceType } from '#shared/domain/resource.ts';
import { container, revision, serviceUse, taskDefinitionFamily } from '#test/factories/ecs.ts';
import {
  containerInstance,
  ecsCluster,
  ecsClusterWithoutInstances,
  ecsService,
  metadataOptions,
  runningTask,
} from '#test/factories/ecs-services.ts';

/** A task definition on instances that breaks what a container on Fargate cannot break. */
function recklessFamily() {
  const app = container({
    privileged: true,
    user: 'root',
    readonlyRootFilesystem: false,
    capabilitiesAdd: ['SYS_ADMIN'],
    capabilitiesDrop: [],
    dockerSecurityOptions: [],
    image: 'nginx:latest',
    mountPoints: [
      { sourceVolume: 'host', containerPath: '/host' },
      { sourceVolume: 'socket', containerPath: '/var/run/docker.sock' },
      { sourceVolume: 'efs', containerPath: '/data' },
    ],
  });
  const definition = revision({
    networkMode: 'host',
    pidMode: 'host',
    ipcMode: 'host',
    requiresCompatibilities: ['EC2'],
    enableFaultInjection: true,
    operatingSystemFamily: 'LINUX',
    volumes: [
      { name: 'host', kind: 'host', hostSourcePath: '/etc' },
      { name: 'socket', kind: 'host', hostSourcePath: '/var/run/docker.sock' },
      { name: 'efs', kind: 'efs', efs: { fileSystemId: 'fs-1', transitEncryption: 'DISABLED', iam: 'DISABLED' } },
    ],
    containers: [app, container({ name: 'sidecar' })],
  });
  return taskDefinitionFamily(definition, [serviceUse({ launchTypes: ['EC2'] })]);
}

/** A family that nothing runs. */
function unusedFamily() {
  return taskDefinitionFamily(revision(), []);
}

function windowsFamily() {
  return taskDefinitionFamily(revision({ operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }));
}

/**
 * Resources that follow not every practice, or none: more bases for the contract tests to vary, because what a check
 * does with an unknown depends on what the rest of the resource says.
 */
export const otherResources = {
  AwsEcsCluster: [
    () => ecsClusterWithoutInstances(),
    () =>
      ecsCluster({
        containerInstances: known([
          containerInstance({ attributes: [], agentConnected: false, agentVersion: '1.50.0' }),
        ]),
        instanceMetadata: known([metadataOptions({ httpTokens: 'optional', hopLimit: 2 })]),
      }),
  ],
  AwsEcsService: [
    () => ecsService({ runningTasks: known([]), lifecycleHooks: [], hasLoadBalancer: false }),
    () => ecsService({ launchTypes: ['EC2'], networkMode: 'bridge', subnetIds: [], enableExecuteCommand: true }),
    () => ecsService({ runningTasks: known([runningTask({ taskDefinitionArn: revision({ revision: 6 }).arn })]) }),
  ],
  AwsEcsTaskDefinition: [recklessFamily, unusedFamily, windowsFamily],
} satisfies Partial<{ [T in ResourceType]: readonly (() => ResourceByType[T])[] }>;
