import type {
  EcsAmi,
  EcsCapacityProvider,
  EcsCluster,
  EcsContainerInstance,
  EcsDeployment,
  EcsInstanceMetadataOptions,
  EcsIpPermission,
  EcsRunningTask,
  EcsSecurityGroup,
  EcsService,
  EcsServiceRevisionImages,
  EcsTaskSet,
} from '#shared/collectors/ecs/model.ts';
import { known } from '#shared/domain/observed.ts';
import { revision } from './ecs.ts';
import { ACCOUNT, REGION, resourceBase } from './resource.ts';

export const CLUSTER_ARN = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/prod`;
export const DIGEST = `sha256:${'a1'.repeat(32)}`;
export const OTHER_DIGEST = `sha256:${'b2'.repeat(32)}`;

const INSTANCE_ID = 'i-0123456789abcdef0';
const AMI_ID = 'ami-0123456789abcdef0';

/** A rule that lets a load balancer's network in. */
export function ipPermission(overrides: Partial<EcsIpPermission> = {}): EcsIpPermission {
  return { protocol: 'tcp', fromPort: 8080, toPort: 8080, cidrs: ['10.0.0.0/16'], ...overrides };
}

export function securityGroup(...ingress: readonly EcsIpPermission[]): EcsSecurityGroup {
  return { id: 'sg-0123456789abcdef0', ingress: ingress.length === 0 ? [ipPermission()] : ingress };
}

export function deployment(overrides: Partial<EcsDeployment> = {}): EcsDeployment {
  return {
    id: 'ecs-svc/1',
    status: 'PRIMARY',
    taskDefinitionArn: revision().arn,
    runningCount: 1,
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    launchType: 'FARGATE',
    ...overrides,
  };
}

export function serviceRevision(overrides: Partial<EcsServiceRevisionImages> = {}): EcsServiceRevisionImages {
  return {
    revisionArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:service-revision/prod/web/1`,
    taskDefinitionArn: revision().arn,
    containerImages: [{ containerName: 'app', image: revision().containers[0]?.image ?? '', imageDigest: DIGEST }],
    ...overrides,
  };
}

export function runningTask(overrides: Partial<EcsRunningTask> = {}): EcsRunningTask {
  return {
    arn: `arn:aws:ecs:${REGION}:${ACCOUNT}:task/prod/0123456789abcdef`,
    taskDefinitionArn: revision().arn,
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    startedAt: '2026-11-20T00:00:00.000Z',
    containers: [{ name: 'app', imageDigest: DIGEST, lastStatus: 'RUNNING' }],
    ...overrides,
  };
}

/** A Fargate service that follows every practice. */
export function ecsService(overrides: Partial<EcsService> = {}): EcsService {
  return {
    ...resourceBase('AwsEcsService', `arn:aws:ecs:${REGION}:${ACCOUNT}:service/prod/web`, 'web'),
    cluster: 'prod',
    clusterArn: CLUSTER_ARN,
    status: 'ACTIVE',
    launchTypes: ['FARGATE'],
    deploymentController: 'ECS',
    taskDefinitionArn: revision().arn,
    taskDefinition: known(revision()),
    platformVersion: 'LATEST',
    platformFamily: 'Linux',
    assignPublicIp: 'DISABLED',
    networkMode: 'awsvpc',
    subnetIds: ['subnet-0123456789abcdef0'],
    securityGroups: known([securityGroup()]),
    enableExecuteCommand: false,
    deployments: [deployment()],
    hasLoadBalancer: true,
    lifecycleHooks: [
      { targetArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:hullcheck-gate`, stages: ['PRE_SCALE_UP'] },
    ],
    serviceConnect: { enabled: true, services: [{ portName: 'http', tls: true }] },
    currentRevision: known(serviceRevision()),
    runningTasks: known([runningTask()]),
    ...overrides,
  };
}

/** A task set without a public address. */
export function taskSet(overrides: Partial<EcsTaskSet> = {}): EcsTaskSet {
  const serviceArn = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/prod/web`;
  return {
    ...resourceBase('AwsEcsTaskSet', `arn:aws:ecs:${REGION}:${ACCOUNT}:task-set/prod/web/ecs-svc/1`, 'ecs-svc/1'),
    cluster: 'prod',
    serviceArn,
    status: 'PRIMARY',
    taskDefinitionArn: revision().arn,
    launchType: 'FARGATE',
    assignPublicIp: 'DISABLED',
    ...overrides,
  };
}

/** An EC2 instance that keeps tasks away from its metadata service. */
export function containerInstance(overrides: Partial<EcsContainerInstance> = {}): EcsContainerInstance {
  return {
    arn: `arn:aws:ecs:${REGION}:${ACCOUNT}:container-instance/prod/0123456789abcdef`,
    ec2InstanceId: INSTANCE_ID,
    status: 'ACTIVE',
    agentConnected: true,
    agentVersion: '1.102.0',
    osType: 'linux',
    capacityKind: 'EC2',
    amiId: AMI_ID,
    attributes: ['ecs.capability.task-eni-block-instance-metadata'],
    registeredAt: '2026-11-10T00:00:00.000Z',
    ...overrides,
  };
}

export function metadataOptions(overrides: Partial<EcsInstanceMetadataOptions> = {}): EcsInstanceMetadataOptions {
  return { instanceId: INSTANCE_ID, httpEndpoint: 'enabled', httpTokens: 'required', hopLimit: 1, ...overrides };
}

export function ami(overrides: Partial<EcsAmi> = {}): EcsAmi {
  return {
    amiId: AMI_ID,
    name: 'al2023-ami-ecs-hvm-2023.0.20261101-kernel-6.1-x86_64',
    ownerId: '591542846629',
    createdAt: '2026-11-01T00:00:00.000Z',
    ...overrides,
  };
}

/** A cluster with one EC2 instance that follows every practice. */
export function ecsCluster(overrides: Partial<EcsCluster> = {}): EcsCluster {
  return {
    ...resourceBase('AwsEcsCluster', CLUSTER_ARN, 'prod'),
    cluster: 'prod',
    status: 'ACTIVE',
    containerInsights: 'enabled',
    executeCommand: {
      kmsKeyId: `arn:aws:kms:${REGION}:${ACCOUNT}:key/0123`,
      logging: 'OVERRIDE',
      cloudWatchLogGroup: '/ecs/exec',
      cloudWatchEncryptionEnabled: true,
    },
    fargateEphemeralStorageKmsKeyId: `arn:aws:kms:${REGION}:${ACCOUNT}:key/0123`,
    capacityProviders: ['FARGATE'],
    runningTasksCount: 1,
    activeServicesCount: 1,
    registeredContainerInstancesCount: 1,
    servicesWithExec: known([`arn:aws:ecs:${REGION}:${ACCOUNT}:service/prod/web`]),
    containerInstances: known([containerInstance()]),
    instanceMetadata: known([metadataOptions()]),
    instanceAmis: known([ami()]),
    currentAgentVersions: known({ linux: '1.102.0', windows: '1.102.0' }),
    ...overrides,
  };
}

/** A cluster without any container instance. */
export function ecsClusterWithoutInstances(): EcsCluster {
  return ecsCluster({
    registeredContainerInstancesCount: 0,
    containerInstances: known([]),
    instanceMetadata: known([]),
    instanceAmis: known([]),
  });
}

/** An Auto Scaling group provider with managed termination protection. */
export function capacityProvider(overrides: Partial<EcsCapacityProvider> = {}): EcsCapacityProvider {
  return {
    ...resourceBase('AwsEcsCapacityProvider', `arn:aws:ecs:${REGION}:${ACCOUNT}:capacity-provider/ec2`, 'ec2'),
    status: 'ACTIVE',
    autoScalingGroup: {
      managedScaling: 'ENABLED',
      managedTerminationProtection: 'ENABLED',
      managedDraining: 'ENABLED',
    },
    ...overrides,
  };
}

/** A copy without one optional field, as an answer that leaves it out. */
export function without<T extends object, K extends keyof T>(value: T, field: K): Omit<T, K> {
  const { [field]: _, ...rest } = value;
  return rest;
}
