import type { Container, TaskDefinition } from '@aws-sdk/client-ecs';
import type { EcsClusterState, RegisteredTaskDefinition } from '../world/ecs-state.ts';
import type { SeededService } from './ecs-services.ts';
import { childDigest, releaseDigest } from './images.ts';
import { digestOf, idOf } from './tidewater.ts';

type SeededTask = EcsClusterState['tasks'][number];

/** The digest ECS would have pulled for an image: for a multi-architecture release the platform's own. */
export function pulledDigest(image: string): string {
  const inOwnRegistry = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/([^:]+):(.+)$/.exec(image);
  if (!inOwnRegistry) return digestOf(image);
  const [, repository, tag] = inOwnRegistry as unknown as [string, string, string];
  if (repository === 'tidewater/orders-api' && tag === 'v8.0.0') return childDigest(repository, tag, 'linux/amd64');
  return releaseDigest(repository, tag);
}

/** The running tasks of a service, as many as it has of each deployment or task set. */
export function tasksOf(
  service: SeededService,
  definitions: readonly RegisteredTaskDefinition[],
  containerInstanceArns: readonly string[] = [],
): SeededTask[] {
  const rollouts = [...(service.deployments ?? []), ...(service.taskSets ?? [])];
  return rollouts.flatMap((rollout) => {
    const definition = definitions.find(
      ({ taskDefinition }) => taskDefinition.taskDefinitionArn === rollout.taskDefinition,
    );
    if (!definition) throw new Error(`${service.serviceName} runs a task definition nobody registered`);
    return Array.from({ length: rollout.runningCount ?? 0 }, (_, index) =>
      task(service, definition.taskDefinition, index, containerInstanceArns[index % containerInstanceArns.length]),
    );
  });
}

function task(
  service: SeededService,
  definition: RegisteredTaskDefinition['taskDefinition'],
  index: number,
  containerInstanceArn: string | undefined,
): SeededTask {
  const id = idOf(`task ${service.serviceArn} ${definition.revision} ${index}`, 32);
  const taskArn = `${service.clusterArn?.replace(':cluster/', ':task/')}/${id}`;
  return {
    taskArn,
    taskDefinitionArn: definition.taskDefinitionArn,
    clusterArn: service.clusterArn,
    group: `service:${service.serviceName}`,
    startedBy: service.deployments?.[0]?.id ?? service.taskSets?.[0]?.id,
    launchType: service.launchType,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    connectivity: 'CONNECTED',
    healthStatus: 'HEALTHY',
    cpu: definition.cpu,
    memory: definition.memory,
    createdAt: new Date('2026-10-12T14:05:00.311Z'),
    startedAt: new Date('2026-10-12T14:06:10.780Z'),
    enableExecuteCommand: service.enableExecuteCommand,
    version: 5,
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [] },
    attachments: [],
    availabilityZone: `${service.serviceArn.split(':')[3]}${index % 2 === 0 ? 'a' : 'b'}`,
    ...(containerInstanceArn === undefined
      ? { platformVersion: service.platformVersion, platformFamily: service.platformFamily }
      : { containerInstanceArn }),
    containers: containersOf(definition, taskArn),
    tags: [],
  };
}

function containersOf(definition: TaskDefinition, taskArn: string): Container[] {
  return (definition.containerDefinitions ?? []).map(({ name, image }) => ({
    containerArn: `${taskArn.replace(':task/', ':container/')}/${idOf(`${taskArn} ${name}`, 32)}`,
    taskArn,
    name,
    image,
    imageDigest: pulledDigest(image ?? ''),
    runtimeId: `${idOf(taskArn, 32)}-${idOf(name ?? '', 10)}`,
    lastStatus: 'RUNNING',
    healthStatus: 'HEALTHY',
    networkInterfaces: [],
    networkBindings: [],
  }));
}
