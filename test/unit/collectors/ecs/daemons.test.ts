import { DescribeDaemonTaskDefinitionCommand, ListDaemonsCommand } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  apiCapacityProvider,
  apiCluster,
  apiContainerInstance,
  apiDaemonTaskDefinition,
  apiTask,
  ecsArn,
} from '#test/factories/ecs-api.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { awsError } from '#test/support/collect.ts';
import { collectEcs, ecs, mockAccount } from './mock-account.ts';

beforeEach(() => mockAccount());

describe('managed daemons', () => {
  const daemonArn = ecsArn('daemon/prod/agent');
  const account = {
    clusters: [
      {
        cluster: apiCluster({ capacityProviders: ['managed'], registeredContainerInstancesCount: 1 }),
        instances: [apiContainerInstance({ capacityProviderName: 'managed' })],
        daemonArns: [daemonArn],
        tasks: [
          apiTask({
            group: 'daemon:agent',
            launchType: 'MANAGED_INSTANCES',
            taskDefinitionArn: ecsArn('daemon-task-definition/agent:2'),
          }),
        ],
      },
    ],
    capacityProviders: [
      apiCapacityProvider({ name: 'managed', type: 'MANAGED_INSTANCES', managedInstancesProvider: {} }),
    ],
    daemonRevisions: [
      {
        daemonRevisionArn: ecsArn('daemon-revision/prod/agent/1'),
        daemonArn,
        daemonTaskDefinitionArn: ecsArn('daemon-task-definition/agent:2'),
        containerImages: [
          {
            containerName: 'agent',
            image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/agent:v2`,
            imageDigest: `sha256:${'d'.repeat(64)}`,
          },
        ],
      },
    ],
    daemonDefinitions: [
      apiDaemonTaskDefinition({
        pidMode: 'shared',
        containerDefinitions: [{ name: 'agent', image: 'agent', privileged: true }],
      }),
    ],
  };

  it('are families of their own, with what their privileged agents may do', async () => {
    mockAccount(account);
    const { families, facts, clusters } = await collectEcs();
    expect(families).toMatchObject([
      {
        uid: ecsArn('daemon-task-definition/agent'),
        managedDaemon: true,
        inUse: 'yes',
        usedBy: [daemonArn],
        latestActive: {
          value: {
            pidMode: 'shared',
            requiresCompatibilities: ['MANAGED_INSTANCES'],
            containers: [{ privileged: true }],
          },
        },
        revisionsInUse: [{ uses: [{ kind: 'daemon', by: daemonArn, launchTypes: ['MANAGED_INSTANCES'] }] }],
      },
    ]);
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'running-image', usedBy: daemonArn }));
    expect(clusters[0]?.containerInstances).toMatchObject({ value: [{ capacityKind: 'MANAGED_INSTANCES' }] });
    expect(ecs).toHaveReceivedCommandTimes(DescribeDaemonTaskDefinitionCommand, 1);
  });

  it('are not asked for in clusters that can have none', async () => {
    mockAccount({ clusters: [{ cluster: apiCluster({ capacityProviders: ['FARGATE', 'FARGATE_SPOT'] }) }] });
    await collectEcs();
    expect(ecs).toHaveReceivedCommandTimes(ListDaemonsCommand, 0);
  });

  it('are none where the region does not know them', async () => {
    mockAccount(account);
    ecs.on(ListDaemonsCommand).rejects(awsError('UnknownOperationException'));
    const { gaps } = await collectEcs();
    expect(gaps).toEqual([]);
  });
});
