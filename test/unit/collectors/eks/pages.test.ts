import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeInstancesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeClusterCommand,
  DescribeClusterVersionsCommand,
  ListAccessEntriesCommand,
  ListAddonsCommand,
  ListAssociatedAccessPoliciesCommand,
  ListClustersCommand,
  ListFargateProfilesCommand,
  ListIdentityProviderConfigsCommand,
  ListInsightsCommand,
  ListNodegroupsCommand,
  ListPodIdentityAssociationsCommand,
} from '@aws-sdk/client-eks';
import { beforeEach, expect, test } from 'vitest';
import { eksCollector } from '#shared/collectors/eks/collect.ts';
import type { Observed } from '#shared/domain/observed.ts';
import { collect } from '#test/support/collect.ts';
import { ADMIN, clusterOf, instance, managedTags, mockEksAccount, NODE_ROLE, nodegroupsOf } from './eks-account.ts';

let account: ReturnType<typeof mockEksAccount>;
beforeEach(() => {
  account = mockEksAccount();
});

const sizeOf = (observed: Observed<readonly unknown[] | null> | undefined) =>
  observed?.known ? observed.value?.length : undefined;

/** Two pages for every listing (T100, D21); the second one must not be lost. */
test.for([
  ['eks:ListAddons', ListAddonsCommand, { addons: ['a'] }, { addons: ['b'] }, 'addons'],
  ['eks:ListNodegroups', ListNodegroupsCommand, { nodegroups: ['a'] }, { nodegroups: ['b'] }, 'nodegroups'],
  [
    'eks:ListFargateProfiles',
    ListFargateProfilesCommand,
    { fargateProfileNames: ['a'] },
    { fargateProfileNames: ['b'] },
    'fargateProfiles',
  ],
  [
    'eks:ListAccessEntries',
    ListAccessEntriesCommand,
    { accessEntries: [ADMIN] },
    { accessEntries: [NODE_ROLE] },
    'accessEntries',
  ],
  [
    'eks:ListPodIdentityAssociations',
    ListPodIdentityAssociationsCommand,
    { associations: [{ associationId: 'a' }] },
    { associations: [{ associationId: 'b' }] },
    'podIdentityAssociations',
  ],
  [
    'eks:ListIdentityProviderConfigs',
    ListIdentityProviderConfigsCommand,
    { identityProviderConfigs: [{ type: 'oidc', name: 'a' }] },
    { identityProviderConfigs: [{ type: 'oidc', name: 'b' }] },
    'identityProviders',
  ],
  ['eks:ListInsights', ListInsightsCommand, { insights: [{ name: 'a' }] }, { insights: [{ name: 'b' }] }, 'insights'],
  [
    'eks:DescribeClusterVersions',
    DescribeClusterVersionsCommand,
    { clusterVersions: [{ clusterVersion: '1.34' }] },
    { clusterVersions: [{ clusterVersion: '1.35' }] },
    'supportedVersions',
  ],
] as const)('%s is read to its last page', async ([, command, first, second, field]) => {
  account.eks
    .on(command as never)
    .resolvesOnce({ ...first, nextToken: 'more' } as never)
    .resolvesOnce(second as never);

  expect(sizeOf(clusterOf(await collect(eksCollector))[field])).toBe(2);
});

test('eks:ListClusters is read to its last page', async () => {
  account.eks
    .on(ListClustersCommand)
    .resolvesOnce({ clusters: ['prod'], nextToken: 'more' })
    .resolvesOnce({ clusters: ['test'] });
  account.eks
    .on(DescribeClusterCommand, { name: 'test' })
    .resolves({ cluster: { name: 'test', arn: 'arn:aws:eks:us-east-1:111122223333:cluster/test' } });

  const { facts } = await collect(eksCollector);

  expect(facts.flatMap((fact) => (fact.kind === 'eks-cluster' ? [fact.name] : []))).toEqual(['prod', 'test']);
});

test('eks:ListAssociatedAccessPolicies is read to its last page', async () => {
  const page = (name: string) => ({
    associatedAccessPolicies: [{ policyArn: `arn:aws:eks::aws:cluster-access-policy/${name}` }],
  });
  account.eks
    .on(ListAssociatedAccessPoliciesCommand, { principalArn: ADMIN })
    .resolvesOnce({ ...page('A'), nextToken: 'more' })
    .resolvesOnce(page('B'));

  const { accessEntries } = clusterOf(await collect(eksCollector));

  const admin = accessEntries.known
    ? accessEntries.value?.find(({ principalArn }) => principalArn === ADMIN)
    : undefined;
  expect(sizeOf(admin?.policies)).toBe(2);
});

test('logs:DescribeLogGroups is read to its last page', async () => {
  account.logs
    .on(DescribeLogGroupsCommand)
    .resolvesOnce({ logGroups: [{ logGroupName: '/aws/eks/other/cluster' }], nextToken: 'more' })
    .resolvesOnce({ logGroups: [{ logGroupName: '/aws/eks/prod/cluster' }] });

  expect(clusterOf(await collect(eksCollector)).auditLogGroup).toEqual({
    known: true,
    value: { name: '/aws/eks/prod/cluster', retentionInDays: null },
  });
});

test('ec2:DescribeInstances is read to its last page', async () => {
  account.ec2
    .on(DescribeInstancesCommand)
    .resolvesOnce({ Reservations: [{ Instances: [instance('i-1', managedTags)] }], NextToken: 'more' })
    .resolvesOnce({ Reservations: [{ Instances: [instance('i-2', managedTags)] }] });

  expect(sizeOf(nodegroupsOf(await collect(eksCollector))[0]?.nodes)).toBe(2);
});

test('ec2:DescribeRouteTables is read to its last page', async () => {
  account.ec2
    .on(DescribeRouteTablesCommand)
    .resolvesOnce({ RouteTables: [{ VpcId: 'vpc-0aa', Associations: [{ Main: true }] }], NextToken: 'more' })
    .resolvesOnce({
      RouteTables: [
        { VpcId: 'vpc-0aa', Associations: [{ SubnetId: 'subnet-0private' }], Routes: [{ GatewayId: 'igw-0bb' }] },
      ],
    });

  expect(nodegroupsOf(await collect(eksCollector))[0]?.subnets).toEqual({
    known: true,
    value: [{ subnetId: 'subnet-0private', internetGatewayId: 'igw-0bb' }],
  });
});

test('ec2:DescribeSecurityGroups is read to its last page', async () => {
  const SecurityGroups = [{ GroupId: 'sg-0a' }, { GroupId: 'sg-0b' }];
  account.ec2
    .on(DescribeInstancesCommand)
    .resolves({ Reservations: [{ Instances: [instance('i-1', managedTags, { SecurityGroups })] }] });
  account.ec2
    .on(DescribeSecurityGroupsCommand)
    .resolvesOnce({ SecurityGroups: SecurityGroups.slice(0, 1), NextToken: 'more' })
    .resolvesOnce({ SecurityGroups: SecurityGroups.slice(1) });

  expect(sizeOf(nodegroupsOf(await collect(eksCollector))[0]?.securityGroups)).toBe(2);
});
