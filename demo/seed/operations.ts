import type { KmsKey, RegionState } from '../world/world.ts';
import { taskDefinitionArn } from './ecs-services.ts';
import {
  alertTopic,
  clusterKeyArn,
  containerKeyArn,
  ecrManagedKeyArn,
  homeAccount,
  idOf,
  network,
  roleArn,
} from './tidewater.ts';

/** A KMS key known by its ARN. */
function kmsKey(arn: string, manager: 'CUSTOMER' | 'AWS', alias: string): KmsKey {
  return {
    aliases: [alias],
    metadata: {
      AWSAccountId: arn.split(':')[4],
      KeyId: arn.split('/')[1] as string,
      Arn: arn,
      CreationDate: new Date('2024-03-01T08:00:00Z'),
      Enabled: true,
      Description: alias,
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeyState: 'Enabled',
      Origin: 'AWS_KMS',
      KeyManager: manager,
      KeySpec: 'SYMMETRIC_DEFAULT',
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      MultiRegion: false,
    },
  };
}

/** Keys, log groups, parameters, schedules, scaling groups and the alert topic. */
export function seedOperations(now: Date, usEast1: RegionState, euWest1: RegionState): void {
  usEast1.kmsKeys.push(
    kmsKey(containerKeyArn, 'CUSTOMER', 'alias/tidewater-containers'),
    kmsKey(clusterKeyArn, 'CUSTOMER', 'alias/tidewater-clusters'),
    kmsKey(ecrManagedKeyArn, 'AWS', 'alias/aws/ecr'),
  );
  seedLogGroups(usEast1);
  for (const region of [usEast1, euWest1]) seedAgentParameters(now, region);
  seedSchedules(usEast1);
  usEast1.autoScalingGroups.push({
    AutoScalingGroupName: 'dock-instances',
    AutoScalingGroupARN: `arn:aws:autoscaling:us-east-1:${homeAccount}:autoScalingGroup:${idOf('asg', 8)}:autoScalingGroupName/dock-instances`,
    MinSize: 3,
    MaxSize: 6,
    DesiredCapacity: 3,
    DefaultCooldown: 300,
    AvailabilityZones: ['us-east-1a', 'us-east-1b'],
    HealthCheckType: 'EC2',
    CreatedTime: new Date('2025-03-01T10:00:00Z'),
    VPCZoneIdentifier: network.privateSubnets.join(','),
    NewInstancesProtectedFromScaleIn: false,
    Instances: usEast1.ec2.instances
      .filter(({ Tags }) => Tags?.some(({ Key, Value }) => Key === 'Name' && Value?.startsWith('dock-')))
      .map(({ InstanceId }) => ({
        InstanceId,
        AvailabilityZone: 'us-east-1a',
        LifecycleState: 'InService',
        HealthStatus: 'Healthy',
        ProtectedFromScaleIn: false,
      })),
    Tags: [{ Key: 'AmazonECSManaged', Value: 'true', PropagateAtLaunch: true }],
  });
  for (const region of [usEast1, euWest1]) {
    region.topics.push({
      arn: `arn:aws:sns:${region.name}:${homeAccount}:${alertTopic}`,
      name: alertTopic,
      attributes: {
        DisplayName: 'Hullcheck',
        KmsMasterKeyId: 'alias/tidewater-containers',
        SubscriptionsConfirmed: '1',
      },
      messages: [],
    });
  }
}

function seedLogGroups({ logGroups, name }: RegionState): void {
  const group = (logGroupName: string, retentionInDays?: number) => ({
    logGroupName,
    arn: `arn:aws:logs:${name}:${homeAccount}:log-group:${logGroupName}:*`,
    logGroupArn: `arn:aws:logs:${name}:${homeAccount}:log-group:${logGroupName}`,
    creationTime: Date.UTC(2025, 4, 20, 8),
    metricFilterCount: 0,
    storedBytes: 1_204_224,
    logGroupClass: 'STANDARD' as const,
    ...(retentionInDays === undefined ? {} : { retentionInDays }),
  });
  logGroups.push(
    group('/aws/eks/tide-prod/cluster', 365),
    group('/aws/eks/tide-auto/cluster', 7),
    group('/ecs/storefront-old'),
    group('/ecs/exec', 365),
    group('/ecs/secure-app', 90),
    group('/ecs/orders-api', 90),
  );
}

/** What AWS publishes about its ECS-optimized images; the newest release is three weeks old. */
function seedAgentParameters(now: Date, { name, parameters }: RegionState): void {
  const released = new Date(now.getTime() - 21 * 24 * 60 * 60 * 1000);
  const stamp = released.toISOString().slice(0, 10).replaceAll('-', '');
  const families = [
    ['amazon-linux-2023', 'Amazon Linux 2023', `al2023-ami-ecs-hvm-2023.0.${stamp}-kernel-6.12-x86_64`],
    ['amazon-linux-2', 'Amazon Linux 2', `amzn2-ami-ecs-hvm-2.0.${stamp}-x86_64-ebs`],
    ['amazon-linux-2023/arm64', 'Amazon Linux 2023', `al2023-ami-ecs-hvm-2023.0.${stamp}-kernel-6.12-arm64`],
  ] as const;
  for (const [path, os, imageName] of families) {
    const value = {
      ecs_agent_version: '1.99.1',
      ecs_runtime_version: 'Docker version 25.0.14',
      image_id: `ami-${idOf(`${name} ${path}`)}`,
      image_name: imageName,
      image_version: `2023.0.${stamp}`,
      os,
      schema_version: 1,
      source_image_name: imageName.replace('-ecs-hvm', ''),
    };
    const prefix = `/aws/service/ecs/optimized-ami/${path}/recommended`;
    const entries: [string, string][] = [
      [prefix, JSON.stringify(value)],
      [`${prefix}/image_id`, value.image_id],
      [`${prefix}/ecs_agent_version`, value.ecs_agent_version],
    ];
    for (const [Name, Value] of entries) {
      const ARN = `arn:aws:ssm:${name}::parameter${Name}`;
      parameters.push({ Name, Value, ARN, Type: 'String', Version: 108, LastModifiedDate: released, DataType: 'text' });
    }
  }
}

/** One task on an EventBridge rule, one on a schedule: both are in use without being services. */
function seedSchedules({ eventBuses, schedules }: RegionState): void {
  const clusterArn = `arn:aws:ecs:us-east-1:${homeAccount}:cluster/harbor-fargate`;
  const awsvpc = {
    Subnets: network.privateSubnets,
    SecurityGroups: [network.appGroup],
    AssignPublicIp: 'DISABLED' as const,
  };
  eventBuses[0]?.rules.push({
    rule: {
      Name: 'nightly-reconcile',
      Arn: `arn:aws:events:us-east-1:${homeAccount}:rule/nightly-reconcile`,
      State: 'ENABLED',
      ScheduleExpression: 'cron(15 2 * * ? *)',
      EventBusName: 'default',
    },
    targets: [
      {
        Id: 'reconcile',
        Arn: clusterArn,
        RoleArn: roleArn('ecsEventsRole'),
        EcsParameters: {
          TaskDefinitionArn: taskDefinitionArn('nightly-reconcile'),
          TaskCount: 1,
          LaunchType: 'FARGATE',
          NetworkConfiguration: { awsvpcConfiguration: awsvpc },
        },
      },
    ],
  });
  schedules.push({
    Name: 'price-refresh',
    Arn: `arn:aws:scheduler:us-east-1:${homeAccount}:schedule/default/price-refresh`,
    GroupName: 'default',
    State: 'ENABLED',
    ScheduleExpression: 'rate(15 minutes)',
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    CreationDate: new Date('2026-01-10T10:00:00Z'),
    LastModificationDate: new Date('2026-01-10T10:00:00Z'),
    Target: {
      Arn: clusterArn,
      RoleArn: roleArn('ecsSchedulerRole'),
      EcsParameters: {
        TaskDefinitionArn: taskDefinitionArn('price-refresh:3'),
        TaskCount: 1,
        LaunchType: 'FARGATE',
        NetworkConfiguration: { awsvpcConfiguration: awsvpc },
      },
    },
  });
}
