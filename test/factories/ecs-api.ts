import type {
  CapacityProvider,
  Cluster,
  ContainerInstance,
  DaemonTaskDefinition,
  Service,
  Task,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { ACCOUNT, REGION } from './resource.ts';

/** ARNs of the test account as ECS writes them. */
export function ecsArn(resource: string): string {
  return `arn:aws:ecs:${REGION}:${ACCOUNT}:${resource}`;
}

/** A cluster as DescribeClusters answers, with nothing in it. */
export function apiCluster(overrides: Partial<Cluster> = {}): Cluster {
  const clusterName = overrides.clusterName ?? 'prod';
  return {
    clusterArn: ecsArn(`cluster/${clusterName}`),
    clusterName,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: 0,
    pendingTasksCount: 0,
    activeServicesCount: 0,
    settings: [{ name: 'containerInsights', value: 'enhanced' }],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
    tags: [],
    statistics: [],
    ...overrides,
  };
}

/** A Fargate service as DescribeServices answers; it deploys revision 7 of `web`. */
export function apiService(overrides: Partial<Service> = {}): Service {
  const serviceName = overrides.serviceName ?? 'web';
  const taskDefinition = overrides.taskDefinition ?? ecsArn('task-definition/web:7');
  return {
    serviceArn: ecsArn(`service/prod/${serviceName}`),
    serviceName,
    clusterArn: ecsArn('cluster/prod'),
    status: 'ACTIVE',
    launchType: 'FARGATE',
    taskDefinition,
    desiredCount: 1,
    runningCount: 1,
    pendingCount: 0,
    deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', taskDefinition, runningCount: 1, launchType: 'FARGATE' }],
    networkConfiguration: {
      awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' },
    },
    ...overrides,
  };
}

/** A running Fargate task of the service `web`. */
export function apiTask(overrides: Partial<Task> = {}): Task {
  return {
    taskArn: ecsArn('task/prod/0001'),
    clusterArn: ecsArn('cluster/prod'),
    taskDefinitionArn: ecsArn('task-definition/web:7'),
    group: 'service:web',
    lastStatus: 'RUNNING',
    launchType: 'FARGATE',
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    containers: [
      {
        name: 'app',
        image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web:v7`,
        imageDigest: `sha256:${'a'.repeat(64)}`,
        lastStatus: 'RUNNING',
      },
    ],
    ...overrides,
  };
}

/** A task definition as DescribeTaskDefinition answers. */
export function apiTaskDefinition(
  family = 'web',
  revision = 7,
  overrides: Partial<TaskDefinition> = {},
): TaskDefinition {
  return {
    taskDefinitionArn: ecsArn(`task-definition/${family}:${revision}`),
    family,
    revision,
    status: 'ACTIVE',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    compatibilities: ['EC2', 'FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'app', image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${family}:v${revision}` }],
    volumes: [],
    ...overrides,
  };
}

/** A Linux container instance on EC2. */
export function apiContainerInstance(overrides: Partial<ContainerInstance> = {}): ContainerInstance {
  return {
    containerInstanceArn: ecsArn('container-instance/prod/0001'),
    ec2InstanceId: 'i-0001',
    status: 'ACTIVE',
    agentConnected: true,
    versionInfo: { agentVersion: '1.99.1' },
    attributes: [
      { name: 'ecs.os-type', value: 'linux' },
      { name: 'ecs.ami-id', value: 'ami-0001' },
    ],
    registeredAt: new Date('2026-11-01T00:00:00.000Z'),
    ...overrides,
  };
}

/** A capacity provider over an Auto Scaling group. */
export function apiCapacityProvider(overrides: Partial<CapacityProvider> = {}): CapacityProvider {
  const name = overrides.name ?? 'instances';
  return {
    capacityProviderArn: ecsArn(`capacity-provider/${name}`),
    name,
    status: 'ACTIVE',
    type: 'EC2_AUTOSCALING',
    autoScalingGroupProvider: {
      autoScalingGroupArn: `arn:aws:autoscaling:${REGION}:${ACCOUNT}:autoScalingGroup:1:autoScalingGroupName/${name}`,
      managedScaling: { status: 'ENABLED' },
      managedTerminationProtection: 'ENABLED',
    },
    tags: [],
    ...overrides,
  };
}

/** The task definition of a managed daemon. */
export function apiDaemonTaskDefinition(overrides: Partial<DaemonTaskDefinition> = {}): DaemonTaskDefinition {
  return {
    daemonTaskDefinitionArn: ecsArn('daemon-task-definition/agent:2'),
    family: 'agent',
    revision: 2,
    status: 'ACTIVE',
    containerDefinitions: [{ name: 'agent', image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/agent:v2` }],
    ...overrides,
  };
}
