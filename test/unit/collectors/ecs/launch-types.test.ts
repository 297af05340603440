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
import { collectEcs, deny, mockAccount } from './mock-account.ts';

const SERVICE = ecsArn('service/prod/web');

beforeEach(() => mockAccount());

describe('T05, T04, D4: on what a revision runs', () => {
  it('comes from the capacity providers where a service has no launch type', async () => {
    const service = (serviceName: string, capacityProvider: string) => {
      const { launchType: _, ...rest } = apiService({ serviceName, deployments: [] });
      return { ...rest, capacityProviderStrategy: [{ capacityProvider, weight: 1 }] };
    };
    mockAccount({
      clusters: [
        {
          cluster: apiCluster({ capacityProviders: ['FARGATE_SPOT', 'instances'] }),
          services: [service('a', 'FARGATE_SPOT'), service('b', 'instances')],
        },
      ],
      capacityProviders: [apiCapacityProvider()],
      definitions: [apiTaskDefinition()],
    });
    const { services } = await collectEcs();
    expect(services.map(({ name, launchTypes }) => [name, launchTypes])).toEqual([
      ['a', ['FARGATE']],
      ['b', ['EC2']],
    ]);
  });

  it('is not guessed where the capacity provider cannot be read, but what a task says counts', async () => {
    const { launchType: _, ...rest } = apiService({ deployments: [] });
    const service = { ...rest, capacityProviderStrategy: [{ capacityProvider: 'instances' }] };
    const cluster = apiCluster({ capacityProviders: ['instances'] });
    const tasks = [apiTask({ launchType: 'MANAGED_INSTANCES' })];
    mockAccount({ clusters: [{ cluster, services: [service], tasks }], definitions: [apiTaskDefinition()] });
    deny('ecs:DescribeCapacityProviders');
    const { families, services, facts } = await collectEcs();
    expect(services[0]?.launchTypes).toEqual([]);
    expect(families[0]?.revisionsInUse[0]?.uses[0]?.launchTypes).toEqual(['MANAGED_INSTANCES']);
    expect(facts).toContainEqual(
      expect.objectContaining({ kind: 'ecs-cluster', runsOnFargate: false, runsOnEc2: true }),
    );
  });

  it('is the default strategy of the cluster where a service says nothing, and else EC2', async () => {
    const { launchType: _, ...service } = apiService({ deployments: [] });
    mockAccount({
      clusters: [
        {
          cluster: apiCluster({ defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] }),
          services: [service],
        },
        {
          cluster: apiCluster({ clusterName: 'test' }),
          services: [{ ...service, serviceArn: ecsArn('service/test/web') }],
        },
      ],
      definitions: [apiTaskDefinition()],
    });
    const { services } = await collectEcs();
    expect(services.map(({ cluster, launchTypes }) => [cluster, launchTypes])).toEqual([
      ['prod', ['FARGATE']],
      ['test', ['EC2']],
    ]);
  });

  it('is Windows where the task runs on a Windows instance, whatever the definition says', async () => {
    const windows = apiContainerInstance({ attributes: [{ name: 'ecs.os-type', value: 'windows' }] });
    mockAccount({
      clusters: [
        {
          cluster: apiCluster({ registeredContainerInstancesCount: 1 }),
          instances: [windows],
          tasks: [apiTask({ launchType: 'EC2', containerInstanceArn: windows.containerInstanceArn ?? '' })],
        },
      ],
      definitions: [apiTaskDefinition()],
    });
    const { families } = await collectEcs();
    expect(families[0]?.revisionsInUse[0]?.uses).toEqual([
      { kind: 'service', by: SERVICE, launchTypes: ['EC2'], onWindows: true },
    ]);
  });
});

describe('T04, T05: what says on what a revision runs could not be read', () => {
  const windows = apiContainerInstance({ attributes: [{ name: 'ecs.os-type', value: 'windows' }] });
  const platformOf = async () => {
    const { families } = await collectEcs();
    return families[0]?.revisionsInUse[0]?.uses.map(({ launchTypes, onWindows, platformUnknown }) => ({
      launchTypes,
      onWindows,
      missing: platformUnknown?.kind === 'unreadable' ? platformUnknown.missingPermission : undefined,
    }));
  };

  it.each(['ecs:ListContainerInstances', 'ecs:DescribeContainerInstances'] as const)(
    'is not Linux because %s is denied',
    async (operation) => {
      const services = [apiService({ launchType: 'EC2', deployments: [] })];
      const cluster = apiCluster({ registeredContainerInstancesCount: 1 });
      const tasks = [apiTask({ launchType: 'EC2', containerInstanceArn: windows.containerInstanceArn })];
      mockAccount({
        clusters: [{ cluster, services, tasks, instances: [windows] }],
        definitions: [apiTaskDefinition()],
      });
      expect(await platformOf()).toMatchObject([{ launchTypes: ['EC2'], onWindows: true, missing: undefined }]);
      deny(operation);
      expect(await platformOf()).toMatchObject([{ launchTypes: ['EC2'], onWindows: undefined, missing: operation }]);
    },
  );

  it.each(['ecs:ListClusters', 'ecs:DescribeClusters'] as const)(
    'is not EC2 because the default strategy of the cluster is not known when %s is denied',
    async (operation) => {
      const schedule = {
        Arn: 'arn:aws:scheduler:us-east-1:111122223333:schedule/default/nightly',
        Name: 'nightly',
        Target: {
          Arn: apiCluster().clusterArn,
          RoleArn: 'arn:aws:iam::111122223333:role/scheduler',
          EcsParameters: { TaskDefinitionArn: apiTaskDefinition().taskDefinitionArn },
        },
      };
      const cluster = apiCluster({ defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] });
      mockAccount({ clusters: [{ cluster }], definitions: [apiTaskDefinition()], schedules: [schedule] });
      expect(await platformOf()).toMatchObject([{ launchTypes: ['FARGATE'], missing: undefined }]);
      deny(operation);
      expect(await platformOf()).toMatchObject([{ launchTypes: [], missing: operation }]);
    },
  );
});
