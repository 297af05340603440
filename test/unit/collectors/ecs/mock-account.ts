import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  type CapacityProvider,
  type Cluster,
  type ContainerInstance,
  type DaemonRevision,
  type DaemonTaskDefinition,
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  DescribeDaemonCommand,
  DescribeDaemonRevisionsCommand,
  DescribeDaemonTaskDefinitionCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListContainerInstancesCommand,
  ListDaemonsCommand,
  ListDaemonTaskDefinitionsCommand,
  ListServicesCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTasksCommand,
  type Service,
  type ServiceRevision,
  type Task,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import {
  EventBridgeClient,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListTargetsByRuleCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import {
  GetScheduleCommand,
  type GetScheduleOutput,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { ecsCollector } from '#shared/collectors/ecs/collect.ts';
import type { EcsCluster, EcsService, EcsTaskDefinitionFamily, EcsTaskSet } from '#shared/collectors/ecs/model.ts';
import { apiCluster } from '#test/factories/ecs-api.ts';
import { accessDenied, awsError, type Collected, collect, rejectUnstubbed } from '#test/support/collect.ts';

/** What is in the mocked account; everything that is left out is empty. */
export interface MockedAccount {
  readonly clusters?: readonly {
    readonly cluster?: Cluster;
    readonly services?: readonly Service[];
    readonly tasks?: readonly Task[];
    readonly instances?: readonly ContainerInstance[];
    readonly daemonArns?: readonly string[];
  }[];
  readonly definitions?: readonly TaskDefinition[];
  readonly serviceRevisions?: readonly ServiceRevision[];
  readonly capacityProviders?: readonly CapacityProvider[];
  readonly daemonRevisions?: readonly DaemonRevision[];
  readonly daemonDefinitions?: readonly DaemonTaskDefinition[];
  readonly rules?: readonly { readonly name: string; readonly bus?: string; readonly target: Target }[];
  readonly schedules?: readonly GetScheduleOutput[];
}

/** Every operation of the collector and its command. */
export const COMMANDS = {
  'ec2:DescribeImages': DescribeImagesCommand,
  'ec2:DescribeInstances': DescribeInstancesCommand,
  'ec2:DescribeSecurityGroups': DescribeSecurityGroupsCommand,
  'ecs:DescribeCapacityProviders': DescribeCapacityProvidersCommand,
  'ecs:DescribeClusters': DescribeClustersCommand,
  'ecs:DescribeContainerInstances': DescribeContainerInstancesCommand,
  'ecs:DescribeDaemon': DescribeDaemonCommand,
  'ecs:DescribeDaemonRevisions': DescribeDaemonRevisionsCommand,
  'ecs:DescribeDaemonTaskDefinition': DescribeDaemonTaskDefinitionCommand,
  'ecs:DescribeServiceRevisions': DescribeServiceRevisionsCommand,
  'ecs:DescribeServices': DescribeServicesCommand,
  'ecs:DescribeTaskDefinition': DescribeTaskDefinitionCommand,
  'ecs:DescribeTasks': DescribeTasksCommand,
  'ecs:ListClusters': ListClustersCommand,
  'ecs:ListContainerInstances': ListContainerInstancesCommand,
  'ecs:ListDaemons': ListDaemonsCommand,
  'ecs:ListDaemonTaskDefinitions': ListDaemonTaskDefinitionsCommand,
  'ecs:ListServices': ListServicesCommand,
  'ecs:ListTaskDefinitionFamilies': ListTaskDefinitionFamiliesCommand,
  'ecs:ListTasks': ListTasksCommand,
  'events:ListEventBuses': ListEventBusesCommand,
  'events:ListRuleNamesByTarget': ListRuleNamesByTargetCommand,
  'events:ListTargetsByRule': ListTargetsByRuleCommand,
  'scheduler:GetSchedule': GetScheduleCommand,
  'scheduler:ListSchedules': ListSchedulesCommand,
  'ssm:GetParameters': GetParametersCommand,
} as const;
export type Operation = keyof typeof COMMANDS;

export const ecs = mockClient(ECSClient);
export const ec2 = mockClient(EC2Client);
export const events = mockClient(EventBridgeClient);
export const scheduler = mockClient(SchedulerClient);
export const ssm = mockClient(SSMClient);
/** What {@link deny} needs of the mocks, whose types differ by their clients. */
interface AnyMock {
  on(command: unknown): { rejects(error: Error): unknown };
}
const CLIENTS = { ecs, ec2, events, scheduler, ssm };

/** Answers every operation of the collector from the account; tests stub over it what they are about. */
export function mockAccount(account: MockedAccount = {}): void {
  for (const client of Object.values(CLIENTS)) rejectUnstubbed(client.reset() && client);
  mockClusters(account);
  mockDefinitions(account);
  mockDaemons(account);
  mockStarters(account);
  mockInstances();
}

/** Refuses one operation, as IAM does where no policy allows it. */
export function deny(operation: Operation): void {
  const client: AnyMock = CLIENTS[operation.split(':')[0] as keyof typeof CLIENTS] as never;
  client.on(COMMANDS[operation]).rejects(accessDenied(operation));
}

/** Runs the collector; results are sorted into kinds. */
export async function collectEcs() {
  const collected: Collected = await collect(ecsCollector);
  const of = <T>(type: string) => collected.resources.filter((resource) => resource.type === type) as unknown as T[];
  return {
    ...collected,
    clusters: of<EcsCluster>('AwsEcsCluster'),
    services: of<EcsService>('AwsEcsService'),
    taskSets: of<EcsTaskSet>('AwsEcsTaskSet'),
    families: of<EcsTaskDefinitionFamily>('AwsEcsTaskDefinition'),
  };
}

function mockClusters({ clusters = [], capacityProviders = [], serviceRevisions = [] }: MockedAccount): void {
  const all = clusters.map((entry) => ({ ...entry, cluster: entry.cluster ?? apiCluster() }));
  const find = (arn: string | undefined) => all.find(({ cluster }) => cluster.clusterArn === arn);
  ecs.on(ListClustersCommand).resolves({ clusterArns: all.map(({ cluster }) => cluster.clusterArn ?? '') });
  ecs.on(DescribeClustersCommand).callsFake(({ clusters: arns }) => ({
    clusters: all.filter(({ cluster }) => arns.includes(cluster.clusterArn)).map(({ cluster }) => cluster),
  }));
  ecs.on(ListServicesCommand).callsFake(({ cluster }) => ({
    serviceArns: find(cluster)?.services?.map(({ serviceArn }) => serviceArn),
  }));
  ecs.on(DescribeServicesCommand).callsFake(({ cluster, services }) => ({
    services: find(cluster)?.services?.filter(({ serviceArn }) => services.includes(serviceArn)),
  }));
  ecs
    .on(ListTasksCommand)
    .callsFake(({ cluster }) => ({ taskArns: find(cluster)?.tasks?.map(({ taskArn }) => taskArn) }));
  ecs.on(DescribeTasksCommand).callsFake(({ cluster, tasks }) => ({
    tasks: find(cluster)?.tasks?.filter(({ taskArn }) => tasks.includes(taskArn)),
  }));
  ecs.on(ListContainerInstancesCommand).callsFake(({ cluster }) => ({
    containerInstanceArns: find(cluster)?.instances?.map(({ containerInstanceArn }) => containerInstanceArn),
  }));
  ecs.on(DescribeContainerInstancesCommand).callsFake(({ cluster }) => ({
    containerInstances: find(cluster)?.instances,
  }));
  ecs.on(DescribeCapacityProvidersCommand).resolves({ capacityProviders: [...capacityProviders] });
  ecs.on(DescribeServiceRevisionsCommand).callsFake(({ serviceRevisionArns }) => ({
    serviceRevisions: serviceRevisions.filter(({ serviceRevisionArn }) =>
      serviceRevisionArns.includes(serviceRevisionArn),
    ),
  }));
}

function mockDefinitions({ definitions = [] }: MockedAccount): void {
  const active = definitions.filter(({ status }) => status === 'ACTIVE');
  ecs
    .on(ListTaskDefinitionFamiliesCommand)
    .resolves({ families: [...new Set(active.map(({ family }) => family ?? ''))] });
  ecs.on(DescribeTaskDefinitionCommand).callsFake(({ taskDefinition }) => {
    const found = taskDefinition.includes(':')
      ? definitions.find(({ family, revision }) => `${family}:${revision}` === taskDefinition)
      : active.findLast(({ family }) => family === taskDefinition);
    if (found === undefined) throw awsError('ClientException', 'Unable to describe task definition.');
    return { taskDefinition: found, tags: [{ key: 'team', value: 'shop' }] };
  });
}

function mockDaemons({ clusters = [], daemonRevisions = [], daemonDefinitions = [] }: MockedAccount): void {
  ecs.on(ListDaemonsCommand).callsFake(({ clusterArn }) => {
    const found = clusters.find(({ cluster = apiCluster() }) => cluster.clusterArn === clusterArn);
    return { daemonSummariesList: found?.daemonArns?.map((daemonArn) => ({ daemonArn })) };
  });
  ecs.on(DescribeDaemonCommand).callsFake(({ daemonArn }) => ({
    daemon: {
      daemonArn,
      currentRevisions: daemonRevisions
        .filter((revision) => revision.daemonArn === daemonArn)
        .map(({ daemonRevisionArn: arn }) => ({ arn })),
    },
  }));
  ecs.on(DescribeDaemonRevisionsCommand).resolves({ daemonRevisions: [...daemonRevisions] });
  ecs.on(ListDaemonTaskDefinitionsCommand).resolves({
    daemonTaskDefinitions: daemonDefinitions.map(({ daemonTaskDefinitionArn: arn }) => ({ arn })),
  });
  ecs.on(DescribeDaemonTaskDefinitionCommand).callsFake(({ daemonTaskDefinition: id }) => {
    const found = daemonDefinitions.find(({ family, revision }) => id === family || id === `${family}:${revision}`);
    if (found === undefined) throw awsError('ClientException');
    return { daemonTaskDefinition: found };
  });
}

function mockStarters({ rules = [], schedules = [] }: MockedAccount): void {
  const buses = new Set(['default', ...rules.map(({ bus = 'default' }) => bus)]);
  events.on(ListEventBusesCommand).resolves({ EventBuses: [...buses].map((Name) => ({ Name })) });
  events.on(ListRuleNamesByTargetCommand).callsFake(({ TargetArn, EventBusName }) => ({
    RuleNames: rules
      .filter(({ bus = 'default', target }) => bus === EventBusName && target.Arn === TargetArn)
      .map(({ name }) => name),
  }));
  events.on(ListTargetsByRuleCommand).callsFake(({ Rule }) => ({
    Targets: rules.filter(({ name }) => name === Rule).map(({ target }) => target),
  }));
  scheduler.on(ListSchedulesCommand).resolves({
    Schedules: schedules.map(({ Arn, Name, GroupName, Target }) => ({
      Arn,
      Name,
      GroupName,
      Target: { Arn: Target?.Arn },
    })),
  });
  scheduler.on(GetScheduleCommand).callsFake(({ Name }) => schedules.find((schedule) => schedule.Name === Name));
}

function mockInstances(): void {
  ec2.on(DescribeSecurityGroupsCommand).callsFake(({ Filters }) => ({
    SecurityGroups: Filters[0].Values.map((GroupId: string) => ({
      GroupId,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '10.0.0.0/8' }], Ipv6Ranges: [] },
      ],
    })),
  }));
  ec2.on(DescribeInstancesCommand).callsFake(({ Filters }) => ({
    Reservations: Filters[0].Values.map((InstanceId: string) => ({
      Instances: [
        {
          InstanceId,
          ImageId: 'ami-0001',
          MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        },
      ],
    })),
  }));
  ec2.on(DescribeImagesCommand).callsFake(({ Filters }) => ({
    Images: Filters[0].Values.map((ImageId: string) => ({
      ImageId,
      Name: 'al2023-ami-ecs',
      CreationDate: '2026-11-01T00:00:00.000Z',
    })),
  }));
  ssm.on(GetParametersCommand).callsFake(({ Names }) => ({
    Parameters: Names.filter((Name: string) => Name.includes('amazon-linux-2023')).map((Name: string) => ({
      Name,
      Value: JSON.stringify({ ecs_agent_version: '1.99.1' }),
    })),
  }));
}
