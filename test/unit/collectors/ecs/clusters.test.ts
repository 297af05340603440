import { DescribeImagesCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import {
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  ListContainerInstancesCommand,
} from '@aws-sdk/client-ecs';
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
import { collectEcs, deny, ec2, ecs, mockAccount, ssm } from './mock-account.ts';

beforeEach(() => mockAccount());

describe('an empty account', () => {
  it('has nothing, completely', async () => {
    const { resources, facts, factsComplete, gaps } = await collectEcs();
    expect({ resources, facts, factsComplete, gaps }).toEqual({
      resources: [],
      facts: [],
      factsComplete: ['ecs-cluster', 'task-definition-use', 'role-use', 'running-image'],
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

describe('T84: tasks that an agent of GuardDuty can watch', () => {
  const instance = (os: string) => apiContainerInstance({ attributes: [{ name: 'ecs.os-type', value: os }] });
  const onInstance = { launchType: 'EC2', containerInstanceArn: apiContainerInstance().containerInstanceArn } as const;

  it.each([
    ['Linux on Fargate', { launchType: 'FARGATE', platformFamily: 'Linux' }, [], true],
    ['Windows on Fargate', { launchType: 'FARGATE', platformFamily: 'WINDOWS_SERVER_2022_CORE' }, [], false],
    ['a Linux instance', onInstance, [instance('linux')], true],
    ['a Windows instance', onInstance, [instance('windows')], false],
    ['an instance that is gone', onInstance, [], true],
    ['a machine outside AWS', { ...onInstance, launchType: 'EXTERNAL' }, [instance('linux')], false],
  ] as const)('%s', async (_, task, instances, watchableTasks) => {
    mockAccount({
      clusters: [{ cluster: apiCluster({ registeredContainerInstancesCount: 1 }), tasks: [apiTask(task)], instances }],
    });
    const { facts } = await collectEcs();
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'ecs-cluster', watchableTasks }));
  });

  it('an instance that could not be read proves nothing', async () => {
    const cluster = apiCluster({ registeredContainerInstancesCount: 1 });
    mockAccount({ clusters: [{ cluster, tasks: [apiTask(onInstance)], instances: [instance('linux')] }] });
    deny('ecs:DescribeContainerInstances');
    const { facts, factsComplete } = await collectEcs();
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'ecs-cluster', watchableTasks: false }));
    expect(factsComplete).not.toContain('ecs-cluster');
  });
});

it('does not take container instances that could not be listed for none', async () => {
  const { registeredContainerInstancesCount: _, ...cluster } = apiCluster();
  mockAccount({ clusters: [{ cluster, instances: [apiContainerInstance()] }] });
  deny('ecs:ListContainerInstances');
  const { clusters } = await collectEcs();
  expect(clusters[0]).not.toHaveProperty('registeredContainerInstancesCount');
  expect(clusters[0]?.containerInstances.known).toBe(false);
});
