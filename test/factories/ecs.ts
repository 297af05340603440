import type {
  EcsContainerDefinition,
  EcsRevisionUse,
  EcsTaskDefinitionFamily,
  EcsTaskDefinitionRevision,
} from '#shared/collectors/ecs/model.ts';
import { known } from '#shared/domain/observed.ts';
import type { ClassifiedText } from '#shared/domain/secret.ts';
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
