import { DescribeImagesCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import {
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListClustersCommand,
  ListContainerInstancesCommand,
  ListDaemonTaskDefinitionsCommand,
  ListServicesCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import {
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { GetParametersCommand } from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  apiCapacityProvider,
  apiCluster,
  apiContainerInstance,
  apiService,
  apiTask,
  apiTaskDefinition,
  ecsArn,
} from '#test/factories/ecs-api.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { collectEcs, ec2, ecs, events, mockAccount, scheduler, ssm } from './mock-account.ts';

const IMAGE = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web`;
const DIGEST = `sha256:${'a'.repeat(64)}`;

beforeEach(() => mockAccount());

describe('an empty account', () => {
  it('has nothing, completely', async () => {
    const { resources, facts, factsComplete, gaps } = await collectEcs();
    expect({ resources, facts, factsComplete, gaps }).toEqual({
      resources: [],
      facts: [],
      factsComplete: ['ecs-cluster', 'running-image'],
      gaps: [],
    });
  });
});

describe('a cluster', () => {
  it('is read with its settings, its exec configuration and its services that allow exec', async () => {
    const cluster = apiCluster({
      tags: [{ key: 'team', value: 'shop' }],
      configuration: {
        executeCommandConfiguration: {
          kmsKeyId: 'key',
          logging: 'OVERRIDE',
          logConfiguration: { cloudWatchLogGroupName: '/ecs/exec', cloudWatchEncryptionEnabled: true },
        },
        managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: 'key' },
      },
    });
    mockAccount({
      clusters: [{ cluster, services: [apiService({ enableExecuteCommand: true }), apiService({ serviceName: 'b' })] }],
      definitions: [apiTaskDefinition()],
    });
    const { clusters } = await collectEcs();
    expect(clusters).toMatchObject([
      {
        uid: ecsArn('cluster/prod'),
        inUse: 'yes',
        tags: { known: true, value: { team: 'shop' } },
        containerInsights: 'enhanced',
        executeCommand: {
          kmsKeyId: 'key',
          logging: 'OVERRIDE',
          cloudWatchLogGroup: '/ecs/exec',
          cloudWatchEncryptionEnabled: true,
        },
        fargateEphemeralStorageKmsKeyId: 'key',
        servicesWithExec: { known: true, value: [ecsArn('service/prod/web')] },
      },
    ]);
    expect(ecs).toHaveReceivedCommandWith(DescribeClustersCommand, {
      clusters: [ecsArn('cluster/prod')],
      include: ['SETTINGS', 'CONFIGURATIONS', 'TAGS', 'STATISTICS'],
    });
  });

  it('is left out when it is INACTIVE, which means deleted', async () => {
    mockAccount({ clusters: [{ cluster: apiCluster({ status: 'INACTIVE' }) }] });
    expect((await collectEcs()).clusters).toEqual([]);
  });

  it('has its instances with their metadata options, AMIs and the agent that AWS recommends', async () => {
    mockAccount({
      clusters: [
        {
          cluster: apiCluster({ registeredContainerInstancesCount: 2 }),
          instances: [
            apiContainerInstance(),
            apiContainerInstance({
              containerInstanceArn: ecsArn('container-instance/prod/0002'),
              ec2InstanceId: 'mi-1',
            }),
          ],
        },
      ],
    });
    ec2.on(DescribeImagesCommand).resolves({ Images: [] });
    const { clusters } = await collectEcs();
    expect(clusters[0]).toMatchObject({
      containerInstances: {
        value: [
          { ec2InstanceId: 'i-0001', osType: 'linux', capacityKind: 'EC2', agentVersion: '1.99.1', amiId: 'ami-0001' },
          { ec2InstanceId: 'mi-1', capacityKind: 'EXTERNAL' },
        ],
      },
      instanceMetadata: { value: [{ instanceId: 'i-0001', httpTokens: 'required', hopLimit: 1 }] },
      // Deregistered: it stays visible by its id.
      instanceAmis: { value: [{ amiId: 'ami-0001' }] },
      currentAgentVersions: { value: { linux: '1.99.1' } },
    });
    expect(ec2).toHaveReceivedCommandWith(DescribeInstancesCommand, {
      Filters: [{ Name: 'instance-id', Values: ['i-0001'] }],
    });
  });

  it('costs no calls about instances when it has none', async () => {
    mockAccount({ clusters: [{}] });
    await collectEcs();
    expect(ecs).toHaveReceivedCommandTimes(ListContainerInstancesCommand, 0);
    expect(ec2).toHaveReceivedCommandTimes(DescribeInstancesCommand, 0);
    expect(ssm).toHaveReceivedCommandTimes(GetParametersCommand, 0);
  });

  it('is a fact that says on what its tasks run, from statistics where listings are empty', async () => {
    mockAccount({
      clusters: [
        { tasks: [apiTask()] },
        { cluster: apiCluster({ clusterName: 'test', statistics: [{ name: 'runningEC2TasksCount', value: '2' }] }) },
      ],
      definitions: [apiTaskDefinition()],
    });
    const { facts } = await collectEcs();
    expect(facts.filter((fact) => fact.kind === 'ecs-cluster')).toMatchObject([
      { key: ecsArn('cluster/prod'), runsOnFargate: true, runsOnEc2: false, hasTasks: true },
      { key: ecsArn('cluster/test'), runsOnFargate: false, runsOnEc2: true, hasTasks: false },
    ]);
  });
});

describe('a service', () => {
  it('is read with its definition, network, images and running tasks', async () => {
    const revisionArn = ecsArn('service-revision/prod/web/1');
    mockAccount({
      clusters: [
        {
          services: [
            apiService({
              currentServiceRevisions: [{ arn: revisionArn }],
              loadBalancers: [{ containerName: 'app', containerPort: 8080 }],
              deploymentConfiguration: {
                strategy: 'BLUE_GREEN',
                lifecycleHooks: [{ hookTargetArn: 'arn:gate', lifecycleStages: ['PRE_SCALE_UP'] }],
              },
            }),
          ],
          tasks: [apiTask()],
        },
      ],
      serviceRevisions: [
        {
          serviceRevisionArn: revisionArn,
          serviceArn: ecsArn('service/prod/web'),
          taskDefinition: ecsArn('task-definition/web:7'),
          containerImages: [{ containerName: 'app', image: `${IMAGE}:v7`, imageDigest: DIGEST }],
          guardDutyEnabled: true,
        },
      ],
      definitions: [apiTaskDefinition()],
    });
    const { services, families } = await collectEcs();
    expect(services).toMatchObject([
      {
        uid: ecsArn('service/prod/web'),
        cluster: 'prod',
        inUse: 'yes',
        launchTypes: ['FARGATE'],
        deploymentController: 'ECS',
        taskDefinition: { known: true, value: { family: 'web', revision: 7 } },
        networkMode: 'awsvpc',
        assignPublicIp: 'DISABLED',
        securityGroups: { known: true, value: [{ id: 'sg-1', ingress: [{ cidrs: ['10.0.0.0/8'], fromPort: 443 }] }] },
        hasLoadBalancer: true,
        lifecycleHooks: [{ targetArn: 'arn:gate', stages: ['PRE_SCALE_UP'] }],
        deploymentStrategy: 'BLUE_GREEN',
        currentRevision: {
          known: true,
          value: { revisionArn, guardDutyEnabled: true, containerImages: [{ imageDigest: DIGEST }] },
        },
        runningTasks: { known: true, value: [{ containers: [{ name: 'app', imageDigest: DIGEST }] }] },
      },
    ]);
    expect(families[0]?.revisionsInUse[0]?.uses[0]?.loadBalancedContainers).toEqual(['app']);
  });

  it('T19: that says nothing about public addresses keeps nothing, so that the default can be told from a choice', async () => {
    const service = apiService({
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
    });
    mockAccount({ clusters: [{ services: [service] }], definitions: [apiTaskDefinition()] });
    expect((await collectEcs()).services[0]).not.toHaveProperty('assignPublicIp');
  });

  it('has undecidable security groups where it names none: those are the default ones of the VPC', async () => {
    const service = apiService({ networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } });
    mockAccount({ clusters: [{ services: [service] }], definitions: [apiTaskDefinition()] });
    expect((await collectEcs()).services[0]?.securityGroups).toMatchObject({
      known: false,
      reason: { kind: 'undecidable' },
    });
  });

  it('is not in use when it is scaled to nothing, and left out when it is INACTIVE', async () => {
    mockAccount({
      clusters: [
        {
          services: [
            apiService({ desiredCount: 0, runningCount: 0 }),
            apiService({ serviceName: 'deleted', status: 'INACTIVE' }),
          ],
        },
      ],
      definitions: [apiTaskDefinition()],
    });
    expect((await collectEcs()).services).toMatchObject([{ name: 'web', inUse: 'no' }]);
  });

  it('with task sets shows one for each status, under a name that survives deployments', async () => {
    const taskSet = (id: string, status: string, assignPublicIp: 'ENABLED' | 'DISABLED') => ({
      taskSetArn: ecsArn(`task-set/prod/web/ecs-svc/${id}`),
      status,
      taskDefinition: ecsArn('task-definition/web:7'),
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], assignPublicIp } },
    });
    const service = apiService({
      deploymentController: { type: 'EXTERNAL' },
      taskSets: [
        taskSet('1', 'PRIMARY', 'DISABLED'),
        taskSet('2', 'ACTIVE', 'ENABLED'),
        taskSet('3', 'ACTIVE', 'DISABLED'),
      ],
    });
    mockAccount({ clusters: [{ services: [service] }], definitions: [apiTaskDefinition()] });
    const { taskSets } = await collectEcs();
    expect(taskSets.map(({ uid, assignPublicIp }) => [uid, assignPublicIp])).toEqual([
      [ecsArn('task-set/prod/web/ecs-svc/PRIMARY'), 'DISABLED'],
      [ecsArn('task-set/prod/web/ecs-svc/ACTIVE'), 'ENABLED'],
    ]);
  });
});

describe('a capacity provider', () => {
  it('is a resource unless it belongs to AWS, and in use where a cluster names it', async () => {
    mockAccount({
      clusters: [{ cluster: apiCluster({ capacityProviders: ['instances', 'FARGATE'] }) }],
      capacityProviders: [
        apiCapacityProvider({ name: 'FARGATE' }),
        apiCapacityProvider(),
        apiCapacityProvider({ name: 'spare' }),
      ],
    });
    const { resources } = await collectEcs();
    expect(resources.filter(({ type }) => type === 'AwsEcsCapacityProvider')).toMatchObject([
      {
        name: 'instances',
        inUse: 'yes',
        usedBy: [ecsArn('cluster/prod')],
        autoScalingGroup: { managedScaling: 'ENABLED', managedTerminationProtection: 'ENABLED' },
      },
      { name: 'spare', inUse: 'no' },
    ]);
  });

  it('of one cluster is asked for where the region does not list it', async () => {
    mockAccount({ clusters: [{ cluster: apiCluster({ capacityProviders: ['managed'] }) }] });
    await collectEcs();
    expect(ecs).toHaveReceivedCommandWith(DescribeCapacityProvidersCommand, { cluster: ecsArn('cluster/prod') });
  });
});

describe('T17: images that run', () => {
  it('are stated once for each repository, digest and user, by the digests of the tasks', async () => {
    const task = (number: number, overrides = {}) => apiTask({ taskArn: ecsArn(`task/prod/${number}`), ...overrides });
    const other = { containers: [{ name: 'app', image: `${IMAGE}:v7`, imageDigest: `sha256:${'b'.repeat(64)}` }] };
    mockAccount({
      clusters: [
        {
          services: [apiService()],
          tasks: [task(1), task(2), task(3, other), task(4, { group: 'family:web' })],
        },
      ],
      definitions: [apiTaskDefinition()],
    });
    const { facts } = await collectEcs();
    const images = facts.filter((fact) => fact.kind === 'running-image');
    expect(images).toMatchObject([
      { key: `${ACCOUNT}/${REGION}/web`, digest: DIGEST, usedBy: ecsArn('cluster/prod'), cpuArchitecture: 'X86_64' },
      { key: `${ACCOUNT}/${REGION}/web`, digest: DIGEST, usedBy: ecsArn('service/prod/web') },
      { digest: `sha256:${'b'.repeat(64)}`, usedBy: ecsArn('service/prod/web') },
    ]);
    expect(images).toHaveLength(3);
  });

  it('without a digest are stated by what they are called, and only images of ECR are', async () => {
    const containers = [
      { name: 'app', image: `${IMAGE}:v7` },
      { name: 'sidecar', image: 'nginx:1.27', imageDigest: DIGEST },
      { name: 'managed' },
    ];
    mockAccount({ clusters: [{ tasks: [apiTask({ containers })] }], definitions: [apiTaskDefinition()] });
    const { facts } = await collectEcs();
    const images = facts.filter((fact) => fact.kind === 'running-image');
    expect(images).toMatchObject([{ image: `${IMAGE}:v7` }]);
    expect(images[0]).not.toHaveProperty('digest');
  });
});

describe('T10, D21: listings of more than one page', () => {
  it('are read to their end', async () => {
    const names = ['prod', 'test'];
    mockAccount({
      clusters: names.map((clusterName) => ({
        cluster: apiCluster({ clusterName, registeredContainerInstancesCount: 2 }),
        services: ['a', 'b'].map((name) =>
          apiService({ serviceName: name, serviceArn: ecsArn(`service/${clusterName}/${name}`) }),
        ),
        tasks: ['1', '2'].map((id) => apiTask({ taskArn: ecsArn(`task/${clusterName}/${id}`), group: 'family:web' })),
        instances: ['1', '2'].map((id) =>
          apiContainerInstance({ containerInstanceArn: ecsArn(`container-instance/${clusterName}/${id}`) }),
        ),
      })),
      definitions: [apiTaskDefinition(), apiTaskDefinition('job', 1), apiTaskDefinition('report', 1)],
    });
    const inTwo =
      (field: string, items: readonly unknown[], token = 'nextToken') =>
      ({ [token]: next }: Record<string, string>) =>
        next === undefined ? { [field]: items.slice(0, 1), [token]: 'two' } : { [field]: items.slice(1) };
    const inCluster = (field: string, of: (cluster: string) => readonly string[]) => (input: { cluster?: string }) =>
      inTwo(field, of(input.cluster?.split('/').at(-1) ?? ''))(input as never);
    ecs.on(ListClustersCommand).callsFake(
      inTwo(
        'clusterArns',
        names.map((name) => ecsArn(`cluster/${name}`)),
      ),
    );
    ecs
      .on(ListServicesCommand)
      .callsFake(inCluster('serviceArns', (name) => ['a', 'b'].map((id) => ecsArn(`service/${name}/${id}`))));
    ecs
      .on(ListTasksCommand)
      .callsFake(inCluster('taskArns', (name) => ['1', '2'].map((id) => ecsArn(`task/${name}/${id}`))));
    ecs
      .on(ListContainerInstancesCommand)
      .callsFake(
        inCluster('containerInstanceArns', (name) =>
          ['1', '2'].map((id) => ecsArn(`container-instance/${name}/${id}`)),
        ),
      );
    ecs.on(ListTaskDefinitionFamiliesCommand).callsFake(inTwo('families', ['job', 'web']));
    ecs
      .on(DescribeCapacityProvidersCommand)
      .callsFake(inTwo('capacityProviders', [apiCapacityProvider(), apiCapacityProvider({ name: 'spare' })]));
    ecs.on(ListDaemonTaskDefinitionsCommand).callsFake(inTwo('daemonTaskDefinitions', []));
    events
      .on(ListEventBusesCommand)
      .callsFake(inTwo('EventBuses', [{ Name: 'default' }, { Name: 'orders' }], 'NextToken'));
    events.on(ListRuleNamesByTargetCommand).callsFake(inTwo('RuleNames', ['one', 'two'], 'NextToken'));
    events
      .on(ListTargetsByRuleCommand)
      .callsFake(
        inTwo(
          'Targets',
          [
            { Arn: 'arn:aws:sqs:us-east-1:111122223333:queue' },
            { Arn: ecsArn('cluster/prod'), EcsParameters: { TaskDefinitionArn: ecsArn('task-definition/report:1') } },
          ],
          'NextToken',
        ),
      );
    scheduler.on(ListSchedulesCommand).callsFake(inTwo('Schedules', [], 'NextToken'));

    const { clusters, services, families, resources, gaps } = await collectEcs();
    expect(gaps).toEqual([]);
    expect(clusters.map(({ name }) => name)).toEqual(names);
    expect(
      clusters.map(({ containerInstances }) => containerInstances.known && containerInstances.value.length),
    ).toEqual([2, 2]);
    expect(services).toHaveLength(4);
    expect(families.map(({ name }) => name)).toEqual(['job', 'report', 'web']);
    expect(families.find(({ name }) => name === 'report')?.usedByCount).toBe(4);
    expect(resources.filter(({ type }) => type === 'AwsEcsCapacityProvider')).toHaveLength(2);
    expect(scheduler).toHaveReceivedCommandTimes(ListSchedulesCommand, 2);
  });

  it('are described in batches as large as the operations take', async () => {
    const services = Array.from({ length: 25 }, (_, at) => apiService({ serviceName: `s${at + 10}` }));
    mockAccount({ clusters: [{ services }], definitions: [apiTaskDefinition()] });
    expect((await collectEcs()).services).toHaveLength(25);
    expect(ecs.commandCalls(DescribeServicesCommand).map(({ args }) => args[0].input.services?.length)).toEqual([
      10, 10, 5,
    ]);
    expect(ecs).toHaveReceivedCommandTimes(DescribeTaskDefinitionCommand, 1);
  });
});

describe('the same world', () => {
  it('gives the same items in the same order, whatever the order of the answers', async () => {
    const services = ['c', 'a', 'b'].map((serviceName) => apiService({ serviceName }));
    const account = { definitions: [apiTaskDefinition(), apiTaskDefinition('a', 1)] };
    mockAccount({ ...account, clusters: [{ services, tasks: [apiTask()] }] });
    const first = await collectEcs();
    mockAccount({
      definitions: [...account.definitions].reverse(),
      clusters: [{ services: services.toReversed(), tasks: [apiTask()] }],
    });
    const second = await collectEcs();
    expect(JSON.stringify(second.facts)).toBe(JSON.stringify(first.facts));
    expect(JSON.stringify(second.resources)).toBe(JSON.stringify(first.resources));
  });
});
