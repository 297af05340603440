import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, it } from 'vitest';
import { apiService, apiTask, apiTaskDefinition, ecsArn } from '#test/factories/ecs-api.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { collectEcs, ecs, mockAccount } from './mock-account.ts';

const CLUSTER = ecsArn('cluster/prod');

beforeEach(() => mockAccount());

/** The revisions of a family that are in use, with who uses them. */
async function usesOf(family: string): Promise<Record<string, readonly string[]>> {
  const { families } = await collectEcs();
  const found = families.find(({ name }) => name === family);
  return Object.fromEntries(
    (found?.revisionsInUse ?? []).map(({ arn, uses }) => [
      arn.slice(arn.lastIndexOf(':') + 1),
      uses.map(({ kind, by }) => `${kind} ${by.slice(by.lastIndexOf(':') + 1)}`),
    ]),
  );
}

describe('T09: which revisions are in use', () => {
  it('is every revision that a deployment of a service names, also one that is being replaced', async () => {
    const deployment = (status: string, revision: number, runningCount: number) => ({
      id: `ecs-svc/${revision}`,
      status,
      taskDefinition: ecsArn(`task-definition/web:${revision}`),
      runningCount,
    });
    const service = apiService({
      deployments: [deployment('PRIMARY', 7, 1), deployment('ACTIVE', 6, 1), deployment('INACTIVE', 5, 0)],
    });
    mockAccount({
      clusters: [{ services: [service] }],
      definitions: [5, 6, 7].map((revision) => apiTaskDefinition('web', revision)),
    });
    expect(await usesOf('web')).toEqual({ 6: ['service service/prod/web'], 7: ['service service/prod/web'] });
  });

  it('is the revision of a task set, and not the one the service was created with', async () => {
    const service = apiService({
      deployments: [],
      deploymentController: { type: 'EXTERNAL' },
      taskDefinition: ecsArn('task-definition/web:1'),
      taskSets: [
        {
          taskSetArn: ecsArn('task-set/prod/web/ecs-svc/12'),
          status: 'PRIMARY',
          taskDefinition: ecsArn('task-definition/web:7'),
          launchType: 'FARGATE',
        },
      ],
    });
    mockAccount({ clusters: [{ services: [service] }], definitions: [apiTaskDefinition()] });
    expect(await usesOf('web')).toEqual({ 7: ['task-set service/prod/web'] });
  });

  it('is the revision of a running task, an old one of a service and one that stands alone', async () => {
    mockAccount({
      clusters: [
        {
          services: [apiService()],
          tasks: [
            apiTask({ taskDefinitionArn: ecsArn('task-definition/web:6') }),
            apiTask({
              taskArn: ecsArn('task/prod/0002'),
              group: 'family:job',
              taskDefinitionArn: ecsArn('task-definition/job:3'),
            }),
          ],
        },
      ],
      definitions: [apiTaskDefinition('web', 6), apiTaskDefinition(), apiTaskDefinition('job', 3)],
    });
    expect(await usesOf('web')).toEqual({ 6: ['service service/prod/web'], 7: ['service service/prod/web'] });
    expect(await usesOf('job')).toEqual({ 3: ['task cluster/prod'] });
  });

  it('is an INACTIVE revision that a service still runs, even where the family has no ACTIVE one', async () => {
    mockAccount({
      clusters: [{ services: [apiService()] }],
      definitions: [apiTaskDefinition('web', 7, { status: 'INACTIVE' })],
    });
    const { families } = await collectEcs();
    expect(families).toMatchObject([
      {
        name: 'web',
        inUse: 'yes',
        revisionsInUse: [{ definition: { known: true, value: { status: 'INACTIVE' } } }],
        latestActive: { known: true, value: null },
      },
    ]);
    expect(ecs).toHaveReceivedCommandTimes(DescribeTaskDefinitionCommand, 1);
  });

  it('is neither the latest revision nor an ACTIVE one for that alone', async () => {
    mockAccount({ clusters: [{}], definitions: [apiTaskDefinition('idle', 1), apiTaskDefinition('idle', 2)] });
    const { families } = await collectEcs();
    expect(families).toMatchObject([
      {
        name: 'idle',
        inUse: 'no',
        usedByCount: 0,
        revisionsInUse: [],
        usesListed: { known: true },
        latestActive: { known: true, value: { revision: 2 } },
      },
    ]);
  });

  it('describes the latest revision once, and of the others only those in use', async () => {
    mockAccount({
      clusters: [
        { services: [apiService()], tasks: [apiTask({ taskDefinitionArn: ecsArn('task-definition/web:5') })] },
      ],
      definitions: [5, 6, 7, 8].map((revision) => apiTaskDefinition('web', revision)),
    });
    await collectEcs();
    const described = ecs.commandCalls(DescribeTaskDefinitionCommand).map(({ args }) => args[0].input.taskDefinition);
    expect(described.sort()).toEqual(['web', 'web:5', 'web:7']);
  });

  it('names the first ten users and counts all', async () => {
    const services = Array.from({ length: 12 }, (_, at) => apiService({ serviceName: `web-${at + 10}` }));
    mockAccount({ clusters: [{ services }], definitions: [apiTaskDefinition()] });
    const { families } = await collectEcs();
    expect(families[0]?.usedBy).toEqual(services.slice(0, 10).map(({ serviceArn }) => serviceArn));
    expect(families[0]?.usedByCount).toBe(12);
  });
});

describe('rules and schedules', () => {
  const target = (taskDefinition: string) => ({
    Id: '1',
    Arn: CLUSTER,
    EcsParameters: { TaskDefinitionArn: taskDefinition, LaunchType: 'FARGATE' as const },
  });
  const schedule = (Name: string, Target: object) => ({
    Arn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/${Name}`,
    Name,
    GroupName: 'default',
    Target: { RoleArn: 'arn:aws:iam::111122223333:role/run', Arn: CLUSTER, ...Target },
  });

  it('run the revision they name, or the latest where they name only the family', async () => {
    mockAccount({
      clusters: [{}],
      definitions: [1, 2].map((revision) => apiTaskDefinition('job', revision)),
      rules: [
        { name: 'nightly', target: target(ecsArn('task-definition/job:1')) },
        { name: 'on-order', bus: 'orders', target: target(ecsArn('task-definition/job')) },
      ],
    });
    expect(await usesOf('job')).toEqual({ 1: ['event-rule rule/nightly'], 2: ['event-rule rule/orders/on-order'] });
  });

  it('are read from EventBridge Scheduler with both kinds of ECS targets', async () => {
    mockAccount({
      clusters: [{}],
      definitions: [apiTaskDefinition('job', 1), apiTaskDefinition('report', 4)],
      schedules: [
        schedule('templated', { EcsParameters: { TaskDefinitionArn: ecsArn('task-definition/job:1') } }),
        schedule('universal', {
          Arn: 'arn:aws:scheduler:::aws-sdk:ecs:runTask',
          Input: JSON.stringify({ Cluster: 'prod', TaskDefinition: 'report', LaunchType: 'FARGATE', Overrides: {} }),
        }),
        schedule('broken', { Arn: 'arn:aws:scheduler:::aws-sdk:ecs:runTask', Input: 'no JSON' }),
        schedule('queue', { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:queue` }),
      ],
    });
    expect(await usesOf('job')).toEqual({ 1: ['schedule schedule/default/templated'] });
    expect(await usesOf('report')).toEqual({ 4: ['schedule schedule/default/universal'] });
    const { families, gaps } = await collectEcs();
    expect(families.find(({ name }) => name === 'report')?.revisionsInUse[0]?.uses[0]?.launchTypes).toEqual([
      'FARGATE',
    ]);
    expect(gaps).toEqual([]);
  });

  it('do not run a revision that is INACTIVE and that nothing else keeps alive', async () => {
    mockAccount({
      clusters: [{}],
      definitions: [apiTaskDefinition('job', 2)],
      rules: [{ name: 'nightly', target: target(ecsArn('task-definition/job:1')) }],
    });
    const { families } = await collectEcs();
    expect(families).toMatchObject([{ name: 'job', inUse: 'no', revisionsInUse: [] }]);
  });

  it('do not count for definitions of other accounts', async () => {
    mockAccount({
      clusters: [{}],
      rules: [{ name: 'x', target: target(`arn:aws:ecs:${REGION}:999999999999:task-definition/job:1`) }],
    });
    expect((await collectEcs()).families).toEqual([]);
  });
});
