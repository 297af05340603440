import type {
  EcsContainerDefinition,
  EcsRevisionUse,
  EcsTaskDefinitionFamily,
  EcsTaskDefinitionRevision,
  EcsVolume,
} from '#shared/collectors/ecs/model.ts';
import { known } from '#shared/domain/observed.ts';
import type { ClassifiedText, SecretConfidence } from '#shared/domain/secret.ts';
import { denied } from '#test/support/judge.ts';
import { ACCOUNT, REGION, resourceBase } from './resource.ts';

/** A classified text in which nothing was found. */
export function harmlessText(length = 8): ClassifiedText {
  return { detections: [], length, keyedHash: '0123456789abcdef' };
}

/** A container that follows every practice. */
export function container(overrides: Partial<EcsContainerDefinition> = {}): EcsContainerDefinition {
  return {
    name: 'app',
    image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/my-application:v1.2.3`,
    essential: true,
    user: '1000:1000',
    readonlyRootFilesystem: true,
    capabilitiesAdd: [],
    capabilitiesDrop: ['ALL'],
    initProcessEnabled: true,
    dockerSecurityOptions: ['no-new-privileges'],
    memory: 512,
    entryPoint: [],
    command: [],
    environment: [],
    environmentFiles: [],
    secrets: [
      { name: 'DB_PASSWORD', valueFrom: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:db-password-AbCdEf` },
    ],
    dockerLabels: [],
    logConfiguration: {
      logDriver: 'awslogs',
      options: [{ name: 'awslogs-group', text: harmlessText() }],
      secretOptions: [],
    },
    healthCheck: { disabled: false, command: [harmlessText()] },
    mountPoints: [],
    volumesFrom: [],
    portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
    ...overrides,
  };
}

/** A Fargate revision that follows every practice. */
export function revision(overrides: Partial<EcsTaskDefinitionRevision> = {}): EcsTaskDefinitionRevision {
  const number = overrides.revision ?? 7;
  return {
    arn: `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/secure-app:${number}`,
    family: 'secure-app',
    revision: number,
    status: 'ACTIVE',
    registeredAt: '2026-11-01T00:00:00.000Z',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    compatibilities: ['EC2', 'FARGATE'],
    taskRoleArn: `arn:aws:iam::${ACCOUNT}:role/appTaskRole`,
    executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/ecsTaskExecutionRole`,
    cpu: '256',
    memory: '512',
    volumes: [],
    containers: [container()],
    ...overrides,
  };
}

/** A use by a Fargate service. */
export function serviceUse(overrides: Partial<EcsRevisionUse> = {}): EcsRevisionUse {
  return {
    kind: 'service',
    by: `arn:aws:ecs:${REGION}:${ACCOUNT}:service/prod/web`,
    launchTypes: ['FARGATE'],
    ...overrides,
  };
}

/** A family whose only revision in use is the given one. */
export function taskDefinitionFamily(
  definition: EcsTaskDefinitionRevision = revision(),
  uses: readonly EcsRevisionUse[] = [serviceUse()],
): EcsTaskDefinitionFamily {
  const uid = `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${definition.family}`;
  return {
    ...resourceBase('AwsEcsTaskDefinition', uid, definition.family),
    arn: definition.arn,
    family: definition.family,
    revisionsInUse: uses.length === 0 ? [] : [{ arn: definition.arn, uses, definition: known(definition) }],
    latestActive: known(definition),
    usesListed: known(true),
    servicesListed: known(true),
    managedDaemon: false,
    inUse: uses.length === 0 ? 'no' : 'yes',
  };
}

/** A family whose one container differs from the passing one, run by a Fargate service. */
export function familyWith(
  containerOverrides: Partial<EcsContainerDefinition>,
  revisionOverrides: Partial<EcsTaskDefinitionRevision> = {},
): EcsTaskDefinitionFamily {
  return taskDefinitionFamily(revision({ containers: [container(containerOverrides)], ...revisionOverrides }));
}

/** The same, run by a service on EC2 instances. */
export function ec2FamilyWith(
  containerOverrides: Partial<EcsContainerDefinition>,
  revisionOverrides: Partial<EcsTaskDefinitionRevision> = {},
): EcsTaskDefinitionFamily {
  return taskDefinitionFamily(
    revision({
      containers: [container(containerOverrides)],
      requiresCompatibilities: ['EC2'],
      compatibilities: ['EC2'],
      ...revisionOverrides,
    }),
    [serviceUse({ launchTypes: ['EC2'] })],
  );
}

/** The same on EC2 instances with Windows. */
export function windowsFamilyWith(
  containerOverrides: Partial<EcsContainerDefinition>,
  revisionOverrides: Partial<EcsTaskDefinitionRevision> = {},
): EcsTaskDefinitionFamily {
  return ec2FamilyWith(containerOverrides, {
    operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE',
    ...revisionOverrides,
  });
}

/** An object without one of its optional properties. */
export function without<T extends object, K extends keyof T>(object: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = object;
  return rest;
}

/** A family whose only revision in use could not be described; which revisions exist is known. */
export function undescribedFamily(): EcsTaskDefinitionFamily {
  const family = taskDefinitionFamily();
  return {
    ...family,
    revisionsInUse: [{ arn: family.arn ?? '', uses: [serviceUse()], definition: denied('ecs:DescribeTaskDefinition') }],
  };
}

/** A text in which detectors found something. */
export function suspiciousText(detector: string, confidence: SecretConfidence = 'value'): ClassifiedText {
  return { detections: [{ detector, confidence }], length: 40, keyedHash: 'fedcba9876543210' };
}

/** A bind mount of a host path, as a volume and the mount point that uses it. */
export function hostVolume(hostSourcePath: string, readOnly?: boolean): EcsHostVolume {
  return {
    volumes: [{ name: 'host', hostSourcePath, kind: 'host' }],
    mountPoints: [{ sourceVolume: 'host', containerPath: '/mnt', ...(readOnly === undefined ? {} : { readOnly }) }],
  };
}

interface EcsHostVolume {
  readonly volumes: EcsTaskDefinitionRevision['volumes'];
  readonly mountPoints: EcsContainerDefinition['mountPoints'];
}

/** An EFS volume with both switches on. */
export function efsVolume(overrides: Partial<NonNullable<EcsVolume['efs']>> = {}): EcsVolume {
  return {
    name: 'data',
    kind: 'efs',
    efs: { fileSystemId: 'fs-0123456789abcdef0', transitEncryption: 'ENABLED', iam: 'ENABLED', ...overrides },
  };
}
