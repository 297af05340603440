import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import type { RegisteredTaskDefinition } from '../world/ecs-state.ts';
import { homeAccount, imageUri, roleArn } from './tidewater.ts';

/** A container that follows every practice; each seeded one changes what it does wrong. */
export function goodContainer(family: string, more: Partial<ContainerDefinition> = {}): ContainerDefinition {
  return {
    name: 'app',
    image: imageUri('tidewater/secure-app', 'v1.2.3'),
    cpu: 0,
    essential: true,
    readonlyRootFilesystem: true,
    user: '1000:1000',
    linuxParameters: { capabilities: { add: [], drop: ['ALL'] }, initProcessEnabled: true },
    portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }],
    environment: [{ name: 'LOG_LEVEL', value: 'info' }],
    secrets: [
      {
        name: 'DB_PASSWORD',
        valueFrom: `arn:aws:secretsmanager:us-east-1:${homeAccount}:secret:${family}/db-password-Ab12Cd`,
      },
    ],
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': `/ecs/${family}`,
        'awslogs-region': 'us-east-1',
        'awslogs-stream-prefix': 'app',
      },
    },
    healthCheck: {
      command: ['CMD-SHELL', 'wget -q --spider http://localhost:8080/health || exit 1'],
      interval: 30,
      timeout: 5,
      retries: 3,
    },
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    ...more,
  };
}

/** What a task definition may set besides its name. */
export type TaskDefinitionSettings = Partial<Omit<TaskDefinition, 'taskDefinitionArn' | 'family' | 'revision'>>;

/** A Fargate task definition that follows every practice, with the differences given. */
export function taskDefinition(
  family: string,
  revision: number,
  more: TaskDefinitionSettings = {},
  place: { account: string; region: string } = { account: homeAccount, region: 'us-east-1' },
): RegisteredTaskDefinition {
  return {
    taskDefinition: {
      taskDefinitionArn: `arn:aws:ecs:${place.region}:${place.account}:task-definition/${family}:${revision}`,
      family,
      revision,
      status: 'ACTIVE',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      compatibilities: ['EC2', 'FARGATE'],
      runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
      cpu: '256',
      memory: '512',
      executionRoleArn: roleArn('ecsTaskExecutionRole', place.account),
      taskRoleArn: roleArn(`${family}-task`, place.account),
      containerDefinitions: [goodContainer(family)],
      volumes: [],
      placementConstraints: [],
      requiresAttributes: [{ name: 'ecs.capability.task-eni' }],
      registeredAt: new Date(Date.UTC(2026, 2, 1, 10, revision)),
      registeredBy: `arn:aws:sts::${place.account}:assumed-role/deployer/ci`,
      ...more,
    },
    tags: [{ key: 'team', value: 'platform' }],
  };
}

/** The members that make a task definition one for container instances in bridge mode. */
export const onInstances: TaskDefinitionSettings = {
  networkMode: 'bridge',
  requiresCompatibilities: ['EC2'],
  compatibilities: ['EC2'],
};
