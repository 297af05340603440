import type { DaemonTaskDefinition, TaskDefinition, Volume } from '@aws-sdk/client-ecs';
import type { CollectorContext } from '../../domain/ports.ts';
import { containerFrom } from './container-definition.ts';
import type { EcsTaskDefinitionRevision, EcsVolume } from './model.ts';
import { present } from './present.ts';

/**
 * A revision of a task definition as it is kept and judged: no free text that may hold a secret is left in it.
 *
 * @param definition as `DescribeTaskDefinition` returns it, or as a file for `RegisterTaskDefinition` has it: then there
 *   is no ARN (the family stands in for it), no revision (0) and no status (ACTIVE, which it will have)
 * @throws only what `classify` throws
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
 */
export async function taskDefinitionFrom(
  definition: TaskDefinition,
  classify: CollectorContext['classify'],
): Promise<EcsTaskDefinitionRevision> {
  const { family = '', revision = 0, runtimePlatform } = definition;
  const containers: EcsTaskDefinitionRevision['containers'][number][] = [];
  for (const [index, container] of (definition.containerDefinitions ?? []).entries()) {
    containers.push(await containerFrom(container, index, classify));
  }
  return {
    arn: definition.taskDefinitionArn ?? family,
    family,
    revision,
    status: definition.status ?? 'ACTIVE',
    ...present('registeredAt', isoTime(definition.registeredAt)),
    ...present('networkMode', definition.networkMode),
    ...present('pidMode', definition.pidMode),
    ...present('ipcMode', definition.ipcMode),
    requiresCompatibilities: definition.requiresCompatibilities ?? [],
    compatibilities: definition.compatibilities ?? [],
    ...present('operatingSystemFamily', runtimePlatform?.operatingSystemFamily),
    ...present('cpuArchitecture', runtimePlatform?.cpuArchitecture),
    ...present('taskRoleArn', definition.taskRoleArn),
    ...present('executionRoleArn', definition.executionRoleArn),
    ...present('cpu', definition.cpu),
    ...present('memory', definition.memory),
    ...present('enableFaultInjection', definition.enableFaultInjection),
    ...present('proxyContainerName', definition.proxyConfiguration?.containerName),
    volumes: (definition.volumes ?? []).map((volume, index) => volumeFrom(volume, index)),
    containers,
  };
}

/**
 * The task definition of a managed daemon in the same form. Daemons run on ECS Managed Instances only, and say `shared`
 * where a task definition says `host`.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DaemonTaskDefinition.html
 */
export async function daemonTaskDefinitionFrom(
  definition: DaemonTaskDefinition,
  classify: CollectorContext['classify'],
): Promise<EcsTaskDefinitionRevision> {
  const { daemonTaskDefinitionArn, status, pidMode, ipcMode, volumes, deleteRequestedAt, ...common } = definition;
  const revision = await taskDefinitionFrom(
    {
      ...common,
      taskDefinitionArn: daemonTaskDefinitionArn,
      volumes: volumes?.map(({ name, host }) => ({ name, host })),
      requiresCompatibilities: ['MANAGED_INSTANCES'],
      compatibilities: ['MANAGED_INSTANCES'],
    },
    classify,
  );
  return {
    ...revision,
    status: status ?? revision.status,
    ...present('pidMode', pidMode),
    ...present('ipcMode', ipcMode),
  };
}

/** In a file the time is a text, in an SDK answer a Date. */
function isoTime(time: Date | string | number | undefined): string | undefined {
  if (time === undefined) return undefined;
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function volumeFrom(volume: Volume, index: number): EcsVolume {
  const { name, host, efsVolumeConfiguration: efs } = volume;
  const kind = kindOf(volume);
  return {
    name: name ?? `#${index}`,
    ...(kind === 'host' || host !== undefined ? { hostSourcePath: host?.sourcePath ?? '' } : {}),
    ...(efs === undefined
      ? {}
      : {
          efs: {
            fileSystemId: efs.fileSystemId ?? '',
            ...present('transitEncryption', efs.transitEncryption),
            ...present('iam', efs.authorizationConfig?.iam),
            ...present('accessPointId', efs.authorizationConfig?.accessPointId),
          },
        }),
    kind,
  };
}

/** A bind mount without a source path is scratch space that Docker or Fargate makes for the task. */
function kindOf(volume: Volume): string {
  if (volume.efsVolumeConfiguration !== undefined) return 'efs';
  if (volume.s3filesVolumeConfiguration !== undefined) return 's3files';
  if (volume.fsxWindowsFileServerVolumeConfiguration !== undefined) return 'fsx';
  if (volume.dockerVolumeConfiguration !== undefined) return 'docker';
  if (volume.configuredAtLaunch === true) return 'configured-at-launch';
  return volume.host?.sourcePath === undefined || volume.host.sourcePath === '' ? 'scratch' : 'host';
}
