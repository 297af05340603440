import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListContainerInstancesCommand,
  ListDaemonsCommand,
  ListServicesCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from 'vitest';
import { ecsCollector } from '#shared/collectors/ecs/collect.ts';
import {
  apiCapacityProvider,
  apiCluster,
  apiContainerInstance,
  apiDaemonTaskDefinition,
  apiService,
  apiTask,
  apiTaskDefinition,
  ecsArn,
} from '#test/factories/ecs-api.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { accessDenied, awsError } from '#test/support/collect.ts';
import {
  COMMANDS,
  collectEcs,
  deny,
  ecs,
  events,
  type MockedAccount,
  mockAccount,
  type Operation,
} from './mock-account.ts';

const DAEMON = ecsArn('daemon/prod/agent');

/** An account in which every operation of the collector is called. */
const ACCOUNT_WITH_EVERYTHING: MockedAccount = {
  clusters: [
    {
      cluster: apiCluster({ registeredContainerInstancesCount: 1, capacityProviders: ['managed'] }),
      services: [
        apiService({
          currentServiceRevisions: [{ arn: ecsArn('service-revision/prod/web/1') }],
          enableExecuteCommand: true,
        }),
      ],
      tasks: [
        apiTask(),
        apiTask({
          taskArn: ecsArn('task/prod/0002'),
          group: 'family:alone',
          taskDefinitionArn: ecsArn('task-definition/alone:1'),
        }),
      ],
      instances: [apiContainerInstance({ capacityProviderName: 'managed' })],
      daemonArns: [DAEMON],
    },
  ],
  capacityProviders: [apiCapacityProvider({ name: 'managed', type: 'MANAGED_INSTANCES' })],
  definitions: ['web', 'alone', 'ruled', 'scheduled', 'idle'].map((family) =>
    apiTaskDefinition(family, family === 'web' ? 7 : 1),
  ),
  serviceRevisions: [
    { serviceRevisionArn: ecsArn('service-revision/prod/web/1'), serviceArn: ecsArn('service/prod/web') },
  ],
  daemonRevisions: [
    {
      daemonRevisionArn: ecsArn('daemon-revision/prod/agent/1'),
      daemonArn: DAEMON,
      daemonTaskDefinitionArn: ecsArn('daemon-task-definition/agent:2'),
    },
  ],
  daemonDefinitions: [apiDaemonTaskDefinition()],
  rules: [
    {
      name: 'nightly',
      target: {
        Id: '1',
        Arn: ecsArn('cluster/prod'),
        EcsParameters: { TaskDefinitionArn: ecsArn('task-definition/ruled:1') },
      },
    },
  ],
  schedules: [
    {
      Arn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/hourly`,
      Name: 'hourly',
      Target: {
        Arn: ecsArn('cluster/prod'),
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/run`,
        EcsParameters: { TaskDefinitionArn: ecsArn('task-definition/scheduled:1') },
      },
    },
  ],
};
const OPERATIONS = Object.keys(COMMANDS).sort() as Operation[];

beforeEach(() => mockAccount(ACCOUNT_WITH_EVERYTHING));

/** Family name and use, for all families that were found. */
async function inUse(): Promise<Record<string, string>> {
  const { families } = await collectEcs();
  return Object.fromEntries(families.map(({ name, inUse }) => [name, inUse]));
}

describe('every operation of the collector', () => {
  it('is declared as a permission, and no other', () => {
    expect([...ecsCollector.permissions].sort()).toEqual(OPERATIONS);
  });

  it('is answered in the account these tests deny it in, so that the denials below mean something', async () => {
    const { gaps, factsComplete } = await collectEcs();
    expect(gaps).toEqual([]);
    expect(factsComplete).toEqual(['ecs-cluster', 'task-definition-use', 'role-use', 'running-image']);
    expect(await inUse()).toEqual({
      agent: 'yes',
      alone: 'yes',
      idle: 'no',
      ruled: 'yes',
      scheduled: 'yes',
      web: 'yes',
    });
  });

  it.each(OPERATIONS)('when denied is a gap that names it, and never makes used look unused: %s', async (operation) => {
    const before = await inUse();
    deny(operation);
    const { gaps, resources } = await collectEcs();
    expect(gaps).toContainEqual(expect.objectContaining({ operation, cause: 'denied', missingPermission: operation }));
    for (const [family, use] of Object.entries(await inUse())) {
      if (before[family] === 'yes') expect([family, use]).not.toEqual([family, 'no']);
    }
    expect(JSON.stringify(resources)).not.toContain('undefined');
  });
});

describe('T16: what could not be read', () => {
  it.each([
    ['ecs:ListClusters', ['ecs-cluster', 'running-image']],
    ['ecs:DescribeClusters', ['ecs-cluster']],
    ['ecs:ListServices', ['ecs-cluster', 'running-image']],
    ['ecs:DescribeServices', ['ecs-cluster', 'running-image']],
    ['ecs:ListTasks', ['ecs-cluster', 'running-image']],
    ['ecs:DescribeTasks', ['ecs-cluster', 'running-image']],
    ['ecs:ListContainerInstances', ['ecs-cluster']],
    ['ecs:DescribeServiceRevisions', ['running-image']],
    ['ecs:ListDaemons', ['running-image']],
    ['ecs:DescribeTaskDefinition', ['running-image']],
    ['events:ListEventBuses', ['running-image']],
  ] as const)('leaves the facts that rest on it incomplete: %s', async (operation, incomplete) => {
    deny(operation);
    const { factsComplete } = await collectEcs();
    for (const kind of ['ecs-cluster', 'running-image'] as const) {
      expect([kind, factsComplete.includes(kind)]).toEqual([kind, !(incomplete as readonly string[]).includes(kind)]);
    }
  });

  it.each([
    ['ecs:ListClusters', 'idle'],
    ['ecs:ListServices', 'idle'],
    ['ecs:DescribeServices', 'idle'],
    ['ecs:ListTasks', 'idle'],
    ['ecs:DescribeTasks', 'idle'],
    ['events:ListEventBuses', 'idle'],
    ['events:ListRuleNamesByTarget', 'ruled'],
    ['events:ListTargetsByRule', 'ruled'],
    ['scheduler:ListSchedules', 'scheduled'],
    ['scheduler:GetSchedule', 'scheduled'],
    ['ecs:DescribeDaemon', 'agent'],
    ['ecs:DescribeDaemonRevisions', 'agent'],
  ] as const)('makes the use of what nothing proves used unknown: %s', async (operation, family) => {
    deny(operation);
    expect((await inUse())[family]).toBe('unknown');
  });

  it('still describes a family whose services cannot be listed, and says why the use is not known', async () => {
    deny('ecs:ListServices');
    const { families, services } = await collectEcs();
    const idle = families.find(({ name }) => name === 'idle');
    const reason = { known: false, reason: { kind: 'unreadable', cause: 'denied', operation: 'ecs:ListServices' } };
    expect(idle).toMatchObject({ usesListed: reason, servicesListed: reason, latestActive: { known: true } });
    expect(services).toEqual([]);
  });

  it('leaves the services known where only tasks cannot be listed', async () => {
    deny('ecs:ListTasks');
    const { families, services } = await collectEcs();
    expect(families[0]).toMatchObject({ servicesListed: { known: true }, usesListed: { known: false } });
    expect(services[0]).toMatchObject({ runningTasks: { known: false, reason: { operation: 'ecs:ListTasks' } } });
  });

  it('is unknown in a family whose definition is denied, and not an empty list of containers', async () => {
    deny('ecs:DescribeTaskDefinition');
    const { families, services } = await collectEcs();
    const web = families.find(({ name }) => name === 'web');
    const reason = { known: false, reason: { operation: 'ecs:DescribeTaskDefinition' } };
    expect(web).toMatchObject({ inUse: 'yes', latestActive: reason, revisionsInUse: [{ definition: reason }] });
    expect(services[0]).toMatchObject({ taskDefinition: reason });
  });

  it('still finds the families in use where families cannot be listed', async () => {
    deny('ecs:ListTaskDefinitionFamilies');
    expect(await inUse()).toEqual({ agent: 'yes', alone: 'yes', ruled: 'yes', scheduled: 'yes', web: 'yes' });
  });

  it('still looks into a cluster that cannot be described, but gives no cluster', async () => {
    deny('ecs:DescribeClusters');
    const { clusters, services, facts } = await collectEcs();
    expect(clusters).toEqual([]);
    expect(services).toHaveLength(1);
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'ecs-cluster', name: 'prod' }));
  });

  it.each([
    ['ecs:ListContainerInstances', 'containerInstances'],
    // Without their capacity providers, managed instances cannot be told from others.
    ['ecs:DescribeCapacityProviders', 'containerInstances'],
    ['ecs:DescribeContainerInstances', 'containerInstances'],
    ['ec2:DescribeInstances', 'instanceMetadata'],
    ['ec2:DescribeImages', 'instanceAmis'],
    ['ssm:GetParameters', 'currentAgentVersions'],
    ['ecs:DescribeServices', 'servicesWithExec'],
  ] as const)('is unknown on the cluster: %s', async (operation, field) => {
    deny(operation);
    const { clusters } = await collectEcs();
    expect(clusters[0]?.[field]).toMatchObject({ known: false, reason: { operation } });
  });

  it.each([
    ['ec2:DescribeSecurityGroups', 'securityGroups'],
    ['ecs:DescribeServiceRevisions', 'currentRevision'],
    ['ecs:DescribeTasks', 'runningTasks'],
  ] as const)('is unknown on the service: %s', async (operation, field) => {
    deny(operation);
    const { services } = await collectEcs();
    expect(services[0]?.[field]).toMatchObject({ known: false, reason: { operation } });
  });

  it('is confined to its cluster: uses elsewhere are proven, absences are not', async () => {
    const other = apiCluster({ clusterName: 'other' });
    mockAccount({
      ...ACCOUNT_WITH_EVERYTHING,
      clusters: [...(ACCOUNT_WITH_EVERYTHING.clusters ?? []), { cluster: other }],
    });
    ecs.on(ListServicesCommand, { cluster: other.clusterArn }).rejects(accessDenied('ecs:ListServices'));
    const { gaps } = await collectEcs();
    expect(gaps).toMatchObject([{ operation: 'ecs:ListServices', cluster: 'other', resource: other.clusterArn }]);
    expect(await inUse()).toMatchObject({ web: 'yes', alone: 'yes', idle: 'unknown' });
  });

  it('keeps the first page of a listing whose second one fails: what stands in it is proven', async () => {
    ecs
      .on(ListTasksCommand)
      .resolvesOnce({ taskArns: [ecsArn('task/prod/0002')], nextToken: 'more' })
      .rejects(awsError('ServerException', 'no', 500));
    const { families, gaps, factsComplete } = await collectEcs();
    expect(families.find(({ name }) => name === 'alone')?.inUse).toBe('yes');
    expect(gaps).toMatchObject([{ operation: 'ecs:ListTasks', cause: 'failed', cluster: 'prod' }]);
    expect(factsComplete).toEqual([]);
  });
});

describe('T88: what goes between two calls', () => {
  it('is left out without a gap when the answer says MISSING', async () => {
    ecs
      .on(DescribeTasksCommand)
      .resolves({ tasks: [], failures: [{ arn: ecsArn('task/prod/0001'), reason: 'MISSING' }] });
    const { gaps, factsComplete } = await collectEcs();
    expect(gaps).toEqual([]);
    expect(factsComplete).toEqual(['ecs-cluster', 'task-definition-use', 'role-use', 'running-image']);
  });

  it('is left out without a gap when its whole cluster, bus or rule is gone', async () => {
    for (const command of [ListServicesCommand, ListTasksCommand, ListContainerInstancesCommand, ListDaemonsCommand]) {
      ecs.on(command as typeof ListTasksCommand).rejects(awsError('ClusterNotFoundException', 'Cluster not found.'));
    }
    events.on(ListTargetsByRuleCommand).rejects(awsError('ResourceNotFoundException'));
    const { gaps, services } = await collectEcs();
    expect(gaps).toEqual([]);
    expect(services).toEqual([]);
  });

  it('is a gap when the answer names another failure', async () => {
    ecs
      .on(DescribeTasksCommand)
      .resolves({ tasks: [], failures: [{ arn: ecsArn('task/prod/0001'), reason: 'INTERNAL' }] });
    const { gaps, factsComplete } = await collectEcs();
    expect(gaps).toMatchObject([{ operation: 'ecs:DescribeTasks', resource: ecsArn('task/prod/0001') }]);
    expect(factsComplete).toEqual([]);
  });

  it('is no family any more when its last ACTIVE revision was deregistered', async () => {
    mockAccount({ clusters: [{}], definitions: [apiTaskDefinition('gone', 1)] });
    ecs.on(DescribeTaskDefinitionCommand).rejects(awsError('ClientException', 'Unable to describe task definition.'));
    const { families, gaps } = await collectEcs();
    expect(families).toEqual([]);
    expect(gaps).toEqual([]);
  });

  it('is undecidable where a service still names a revision that ECS does not show', async () => {
    mockAccount({ clusters: [{ services: [apiService()] }], definitions: [] });
    const { families, services } = await collectEcs();
    expect(families).toMatchObject([
      {
        name: 'web',
        inUse: 'yes',
        revisionsInUse: [{ definition: { known: false, reason: { kind: 'undecidable' } } }],
      },
    ]);
    expect(services[0]?.taskDefinition).toMatchObject({ known: false, reason: { kind: 'undecidable' } });
  });
});

describe('an answer that cannot be used', () => {
  it('is a gap where a task or definition has no ARN, and nothing is made up', async () => {
    ecs.on(DescribeTasksCommand).resolves({ tasks: [{ lastStatus: 'RUNNING' }] });
    ecs.on(DescribeTaskDefinitionCommand).resolves({ taskDefinition: { family: 'web' } });
    const { gaps, families } = await collectEcs();
    expect(gaps.map(({ operation, cause }) => [operation, cause]).sort()).toEqual([
      ['ecs:DescribeTaskDefinition', 'invalid-answer'],
      ['ecs:DescribeTasks', 'invalid-answer'],
    ]);
    expect(families.find(({ name }) => name === 'web')?.latestActive).toMatchObject({ known: false });
  });
});
