import type { Deployment, NetworkConfiguration, Service } from '@aws-sdk/client-ecs';
import type { EcsClusterState } from '../world/ecs-state.ts';
import { homeAccount, idOf, network } from './tidewater.ts';

export type SeededService = EcsClusterState['services'][number];
type Settings = Partial<Omit<Service, 'serviceName' | 'serviceArn'>>;

export interface Place {
  account: string;
  region: string;
}

const usEast1: Place = { account: homeAccount, region: 'us-east-1' };

/** Tasks without a public address, behind the load balancer only. */
export const privateNetwork: NetworkConfiguration = {
  awsvpcConfiguration: {
    subnets: network.privateSubnets,
    securityGroups: [network.appGroup],
    assignPublicIp: 'DISABLED',
  },
};

/** Tasks that anyone on the internet can reach. */
const publicNetwork: NetworkConfiguration = {
  awsvpcConfiguration: {
    subnets: network.publicSubnets,
    securityGroups: [network.openGroup],
    assignPublicIp: 'ENABLED',
  },
};

/** The ARN of a task definition's revision. */
export function taskDefinitionArn(familyAndRevision: string, place: Place = usEast1): string {
  return `arn:aws:ecs:${place.region}:${place.account}:task-definition/${familyAndRevision}`;
}

/** A deployment of a service. */
export function deployment(
  service: string,
  status: 'PRIMARY' | 'ACTIVE',
  familyAndRevision: string,
  running: number,
  place: Place = usEast1,
): Deployment {
  const isRolling = status === 'PRIMARY' && running === 0;
  return {
    id: `ecs-svc/${Number.parseInt(idOf(`${service} ${familyAndRevision}`, 12), 16)}`,
    status,
    taskDefinition: taskDefinitionArn(familyAndRevision, place),
    desiredCount: isRolling ? 2 : running,
    runningCount: running,
    pendingCount: isRolling ? 2 : 0,
    failedTasks: 0,
    createdAt: new Date('2026-10-12T14:03:21.127Z'),
    updatedAt: new Date('2026-10-12T14:09:55.402Z'),
    rolloutState: isRolling ? 'IN_PROGRESS' : 'COMPLETED',
    rolloutStateReason: isRolling ? 'ECS deployment in progress.' : 'ECS deployment completed.',
  };
}

/** A Fargate service of two tasks that follows every practice, with the differences given. */
export function service(
  cluster: string,
  name: string,
  familyAndRevision: string,
  more: Settings = {},
  place: Place = usEast1,
): SeededService {
  const arn = `arn:aws:ecs:${place.region}:${place.account}`;
  const { launchType = 'FARGATE', networkConfiguration = privateNetwork } = more;
  const isFargate = launchType === 'FARGATE';
  return {
    serviceArn: `${arn}:service/${cluster}/${name}`,
    serviceName: name,
    clusterArn: `${arn}:cluster/${cluster}`,
    status: 'ACTIVE',
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    launchType,
    ...(isFargate ? { platformVersion: '1.4.0', platformFamily: 'Linux' } : {}),
    taskDefinition: taskDefinitionArn(familyAndRevision, place),
    deploymentController: { type: 'ECS' },
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: true, rollback: true },
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      strategy: 'ROLLING',
    },
    deployments: [deployment(name, 'PRIMARY', familyAndRevision, 2, place)],
    currentServiceRevisions: [
      {
        arn: `${arn}:service-revision/${cluster}/${name}/${Number.parseInt(idOf(`revision ${name}`, 12), 16)}`,
        requestedTaskCount: 2,
        runningTaskCount: 2,
      },
    ],
    networkConfiguration,
    loadBalancers: [],
    serviceRegistries: [],
    schedulingStrategy: 'REPLICA',
    enableECSManagedTags: true,
    enableExecuteCommand: false,
    propagateTags: 'SERVICE',
    roleArn: `arn:aws:iam::${place.account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
    createdAt: new Date('2025-04-02T11:20:00Z'),
    createdBy: `arn:aws:iam::${place.account}:role/deployer`,
    events: [],
    placementConstraints: [],
    placementStrategy: [],
    tags: [{ key: 'team', value: 'platform' }],
    ...more,
  };
}

const fargate = 'harbor-fargate';
const instances = 'dock-ec2';

/** The services on Fargate: the first follows every practice, each other breaks one or two. */
export function fargateServices(): SeededService[] {
  const targetGroup = `arn:aws:elasticloadbalancing:us-east-1:${homeAccount}:targetgroup/secure-app/73e2d6bc24d8a067`;
  return [
    service(fargate, 'secure-app', 'secure-app:12', {
      loadBalancers: [{ targetGroupArn: targetGroup, containerName: 'app', containerPort: 8080 }],
      deploymentConfiguration: {
        strategy: 'BLUE_GREEN',
        bakeTimeInMinutes: 5,
        lifecycleHooks: [
          {
            hookTargetArn: `arn:aws:lambda:us-east-1:${homeAccount}:function:hullcheck-gate`,
            roleArn: `arn:aws:iam::${homeAccount}:role/hullcheck-gate-invoke`,
            lifecycleStages: ['PRE_SCALE_UP'],
          },
        ],
      },
    }),
    service(fargate, 'storefront', 'storefront:31', { networkConfiguration: publicNetwork }),
    service(fargate, 'orders-api', 'orders-api:8', {
      deployments: [
        deployment('orders-api', 'PRIMARY', 'orders-api:8', 0),
        deployment('orders-api', 'ACTIVE', 'orders-api:7', 2),
      ],
      pendingCount: 2,
    }),
    service(fargate, 'recipe-importer', 'recipe-importer:5', { enableExecuteCommand: true }),
    service(fargate, 'freight-tracker', 'freight-tracker:9', { platformVersion: '1.3.0' }),
    withTaskSet(service(fargate, 'loyalty-points', 'loyalty-points:2', { deploymentController: { type: 'EXTERNAL' } })),
    service(fargate, 'price-feed', 'price-feed:6', {
      deployments: [
        {
          ...deployment('price-feed', 'PRIMARY', 'price-feed:6', 2),
          serviceConnectConfiguration: {
            enabled: true,
            namespace: 'tidewater.internal',
            services: [{ portName: 'http', discoveryName: 'price-feed', clientAliases: [{ port: 8080 }] }],
          },
        },
      ],
    }),
    service(fargate, 'pos-gateway', 'pos-gateway:4', {
      platformVersion: '1.0.0',
      platformFamily: 'WINDOWS_SERVER_2022_CORE',
    }),
  ];
}

/** The services on container instances. */
export function instanceServices(): SeededService[] {
  return [
    service(instances, 'legacy-billing', 'legacy-billing:3', { launchType: 'EC2', ...withoutNetwork }),
    service(instances, 'host-monitor', 'host-monitor:17', {
      launchType: 'EC2',
      schedulingStrategy: 'DAEMON',
      ...withoutNetwork,
    }),
    service(instances, 'unbounded-worker', 'unbounded-worker:2', {
      launchType: 'EC2',
      enableExecuteCommand: true,
      ...withoutNetwork,
    }),
  ];
}

/** Bridge and host mode know no network configuration. */
const withoutNetwork = { networkConfiguration: {} };

/** A service with an external controller describes its tasks in task sets instead of deployments. */
function withTaskSet(external: SeededService): SeededService {
  const { networkConfiguration, platformVersion, deployments, currentServiceRevisions, taskDefinition, ...rest } =
    external;
  const id = `ecs-svc/${Number.parseInt(idOf(external.serviceArn, 12), 16)}`;
  return {
    ...rest,
    taskSets: [
      {
        id,
        taskSetArn: external.serviceArn.replace(':service/', ':task-set/').concat(`/${id}`),
        serviceArn: external.serviceArn,
        clusterArn: external.clusterArn,
        status: 'PRIMARY',
        taskDefinition,
        launchType: 'FARGATE',
        platformVersion: '1.4.0',
        platformFamily: 'Linux',
        networkConfiguration: publicNetwork,
        computedDesiredCount: 2,
        runningCount: 2,
        pendingCount: 0,
        scale: { value: 100, unit: 'PERCENT' },
        stabilityStatus: 'STEADY_STATE',
        stabilityStatusAt: new Date('2026-10-12T14:10:00Z'),
        createdAt: new Date('2026-10-12T14:03:21Z'),
        updatedAt: new Date('2026-10-12T14:09:55Z'),
      },
    ],
  };
}
