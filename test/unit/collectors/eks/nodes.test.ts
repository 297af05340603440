import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  type Instance,
} from '@aws-sdk/client-ec2';
import {
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  ListClustersCommand,
  ListNodegroupsCommand,
} from '@aws-sdk/client-eks';
import { beforeEach, describe, expect, test } from 'vitest';
import { eksCollector } from '#shared/collectors/eks/collect.ts';
import { known } from '#shared/domain/observed.ts';
import { awsError, collect } from '#test/support/collect.ts';
import { ARN, clusterOf, instance, managedTags, mockEksAccount, nodegroupsOf } from './eks-account.ts';

let account: ReturnType<typeof mockEksAccount>;
beforeEach(() => {
  account = mockEksAccount();
});

const owned = { 'kubernetes.io/cluster/prod': 'owned' };
const run = (...Instances: Instance[]) =>
  account.ec2.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances }] });
const namesOf = async () => nodegroupsOf(await collect(eksCollector)).map(({ name }) => name);

describe('running instances', () => {
  test('are asked for once for all clusters, by tag, and only those that run', async () => {
    account.eks.on(ListClustersCommand).resolves({ clusters: ['prod', 'test'] });
    account.eks.on(DescribeClusterCommand, { name: 'test' }).resolves({ cluster: { name: 'test', arn: `${ARN}2` } });

    await collect(eksCollector);

    const calls = account.ec2.commandCalls(DescribeInstancesCommand);
    expect(calls.map(({ args }) => args[0].input)).toEqual([
      {
        MaxResults: 1000,
        Filters: [
          { Name: 'tag-key', Values: ['eks:cluster-name', 'kubernetes.io/cluster/prod', 'kubernetes.io/cluster/test'] },
          { Name: 'instance-state-name', Values: ['running'] },
        ],
      },
    ]);
  });

  test('of a managed node group belong to it, whatever Auto Scaling group is below', async () => {
    run(instance('i-1', managedTags), instance('i-2', managedTags));

    const [group, ...others] = nodegroupsOf(await collect(eksCollector));

    expect(others).toEqual([]);
    expect(group?.nodes).toMatchObject(known([{ instanceId: 'i-1' }, { instanceId: 'i-2' }]));
  });

  test('that EKS does not manage form groups by Auto Scaling group or Karpenter pool', async () => {
    run(
      instance('i-1', { ...owned, 'aws:autoscaling:groupName': 'workers' }),
      instance('i-2', { ...owned, 'karpenter.sh/nodepool': 'default' }),
      instance('i-3', owned),
    );

    const collected = await collect(eksCollector);

    expect(nodegroupsOf(collected).map(({ name, managed, uid }) => [name, managed, uid])).toEqual([
      ['general', true, `${ARN}/nodegroup/general`],
      ['karpenter default', false, `${ARN}/self-managed/karpenter default`],
      ['without an Auto Scaling group', false, `${ARN}/self-managed/without an Auto Scaling group`],
      ['workers', false, `${ARN}/self-managed/workers`],
    ]);
    expect(clusterOf(collected).selfManagedGroups).toEqual(
      known(['karpenter default', 'without an Auto Scaling group', 'workers']),
    );
  });

  test.for([
    [
      'of Auto Mode, which nobody can set otherwise (T46)',
      { Operator: { Managed: true, Principal: 'eks.amazonaws.com' } },
      owned,
    ],
    ['of another cluster', {}, { 'kubernetes.io/cluster/elsewhere': 'owned' }],
    ['that only share a network with the cluster', {}, { 'kubernetes.io/cluster/prod': 'shared' }],
  ] as const)('%s form none', async ([, more, tags]) => {
    run(instance('i-1', tags, more));

    expect(await namesOf()).toEqual(['general']);
  });

  test('that appear in two pages count once', async () => {
    run(instance('i-1', managedTags), instance('i-1', managedTags));

    expect(nodegroupsOf(await collect(eksCollector))[0]?.nodes).toMatchObject(known([{ instanceId: 'i-1' }]));
  });
});

describe('a node group without running nodes', () => {
  beforeEach(() => {
    run();
  });

  test('is in use while it wants nodes, and not in use when it wants none', async () => {
    expect(nodegroupsOf(await collect(eksCollector))[0]?.inUse).toBe('yes');
    account.eks.on(DescribeNodegroupCommand).resolves({ nodegroup: { scalingConfig: { desiredSize: 0 } } });
    expect(nodegroupsOf(await collect(eksCollector))[0]?.inUse).toBe('no');
  });

  test('would carry the security groups of its launch template', async () => {
    await collect(eksCollector);

    expect(account.ec2.commandCalls(DescribeSecurityGroupsCommand)[0]?.args[0].input.Filters).toEqual([
      { Name: 'group-id', Values: ['sg-0lt'] },
    ]);
  });

  test('would carry the security group of the cluster without one', async () => {
    account.ec2.on(DescribeLaunchTemplateVersionsCommand).resolves({ LaunchTemplateVersions: [{ VersionNumber: 3 }] });
    await collect(eksCollector);

    expect(account.ec2.commandCalls(DescribeSecurityGroupsCommand)[0]?.args[0].input.Filters).toEqual([
      { Name: 'group-id', Values: ['sg-0cluster'] },
    ]);
  });

  test('asks for no images', async () => {
    await collect(eksCollector);

    expect(account.ec2.commandCalls(DescribeImagesCommand)).toEqual([]);
  });
});

describe('launch templates', () => {
  test('several versions of one template are one call', async () => {
    account.eks.on(ListNodegroupsCommand).resolves({ nodegroups: ['a', 'b'] });
    for (const [nodegroupName, version] of [
      ['a', '3'],
      ['b', '4'],
    ] as const) {
      account.eks
        .on(DescribeNodegroupCommand, { nodegroupName })
        .resolves({ nodegroup: { nodegroupName, launchTemplate: { id: 'lt-0aa', version } } });
    }

    await collect(eksCollector);

    const calls = account.ec2.commandCalls(DescribeLaunchTemplateVersionsCommand);
    expect(calls.map(({ args }) => args[0].input)).toEqual([{ LaunchTemplateId: 'lt-0aa', Versions: ['3', '4'] }]);
  });

  test.for(['InvalidLaunchTemplateId.NotFound', 'InvalidLaunchTemplateId.VersionNotFound'])(
    'one that was deleted (%s) is no gap',
    async (error) => {
      account.ec2.on(DescribeLaunchTemplateVersionsCommand).rejects(awsError(error));

      const collected = await collect(eksCollector);

      expect(nodegroupsOf(collected)[0]?.launchTemplate).toEqual(known(null));
      expect(collected.gaps).toEqual([]);
    },
  );
});

describe('a subnet', () => {
  const subnetWith = async (routeTables: object[]) => {
    account.ec2.on(DescribeRouteTablesCommand).resolves({ RouteTables: routeTables });
    const { subnets } = nodegroupsOf(await collect(eksCollector))[0] ?? {};
    return subnets?.known ? subnets.value[0]?.internetGatewayId : undefined;
  };
  const main = (...Routes: object[]) => ({ VpcId: 'vpc-0aa', Associations: [{ Main: true }], Routes });
  const own = (...Routes: object[]) => ({
    VpcId: 'vpc-0aa',
    Associations: [{ SubnetId: 'subnet-0private', Main: false }],
    Routes,
  });
  const toInternet = { GatewayId: 'igw-0aa', State: 'active' };

  test('without a route table of its own uses the main one of its VPC', async () => {
    expect(await subnetWith([main(toInternet)])).toBe('igw-0aa');
  });

  test('with a route table of its own uses that', async () => {
    expect(await subnetWith([main(toInternet), own({ NatGatewayId: 'nat-0aa' })])).toBeUndefined();
  });

  test.for([
    ['an egress-only gateway', { EgressOnlyInternetGatewayId: 'eigw-0aa' }],
    ['a gateway that was detached', { ...toInternet, State: 'blackhole' }],
    ['a gateway endpoint', { GatewayId: 'vpce-0aa' }],
  ] as const)('is private with a route to %s', async ([, route]) => {
    expect(await subnetWith([own(route)])).toBeUndefined();
  });
});

test('an image that was deleted is left out, and dates of images become ISO dates', async () => {
  run(instance('i-1', managedTags), instance('i-2', managedTags, { ImageId: 'ami-0deleted' }));

  expect(nodegroupsOf(await collect(eksCollector))[0]?.amis).toEqual(
    known([
      { amiId: 'ami-0aa', name: 'amazon-eks-node-1', ownerAlias: 'amazon', createdAt: '2026-11-01T08:00:00.000Z' },
    ]),
  );
});
