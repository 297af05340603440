import {
  DescribeCapacityProvidersCommand,
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
import { collectEcs, ecs, events, mockAccount, scheduler } from './mock-account.ts';

beforeEach(() => mockAccount());

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
