import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeAccessEntryCommand,
  DescribeAddonCommand,
  DescribeClusterVersionsCommand,
  DescribeFargateProfileCommand,
  DescribeIdentityProviderConfigCommand,
  DescribeNodegroupCommand,
  DescribePodIdentityAssociationCommand,
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
import { GetOpenIDConnectProviderCommand, ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, test } from 'vitest';
import { eksCollector } from '#shared/collectors/eks/collect.ts';
import { accessDenied, collect } from '#test/support/collect.ts';
import { observedPaths, walk } from '#test/support/variations.ts';
import { clusterOf, mockEksAccount, nodegroupsOf } from './eks-account.ts';

let account: ReturnType<typeof mockEksAccount>;
beforeEach(() => {
  account = mockEksAccount();
});

/** The paths at which something is unknown because of the operation. */
function unknownBecauseOf(operation: string, root: unknown): readonly string[] {
  return [...walk(root)]
    .filter(({ path, value }) => path.at(-1) === 'operation' && value === operation)
    .map(({ path }) => path.slice(0, -2).join('.'));
}

const OPERATIONS = [
  ['eks:DescribeClusterVersions', 'eks', DescribeClusterVersionsCommand, ['supportedVersions'], ['supportedVersions']],
  ['eks:ListAddons', 'eks', ListAddonsCommand, ['addons'], []],
  ['eks:DescribeAddon', 'eks', DescribeAddonCommand, ['addons.value.0.details'], []],
  ['eks:ListFargateProfiles', 'eks', ListFargateProfilesCommand, ['fargateProfiles'], []],
  ['eks:DescribeFargateProfile', 'eks', DescribeFargateProfileCommand, ['fargateProfiles.value.0.details'], []],
  ['eks:ListAccessEntries', 'eks', ListAccessEntriesCommand, ['accessEntries'], []],
  [
    'eks:DescribeAccessEntry',
    'eks',
    DescribeAccessEntryCommand,
    ['accessEntries.value.0.details', 'accessEntries.value.1.details'],
    [],
  ],
  [
    'eks:ListAssociatedAccessPolicies',
    'eks',
    ListAssociatedAccessPoliciesCommand,
    ['accessEntries.value.1.policies'],
    [],
  ],
  ['eks:ListPodIdentityAssociations', 'eks', ListPodIdentityAssociationsCommand, ['podIdentityAssociations'], []],
  [
    'eks:DescribePodIdentityAssociation',
    'eks',
    DescribePodIdentityAssociationCommand,
    ['podIdentityAssociations.value.0.details'],
    [],
  ],
  ['eks:ListIdentityProviderConfigs', 'eks', ListIdentityProviderConfigsCommand, ['identityProviders'], []],
  [
    'eks:DescribeIdentityProviderConfig',
    'eks',
    DescribeIdentityProviderConfigCommand,
    ['identityProviders.value.0.details'],
    [],
  ],
  ['eks:ListInsights', 'eks', ListInsightsCommand, ['insights'], []],
  [
    'eks:DescribeNodegroup',
    'eks',
    DescribeNodegroupCommand,
    [],
    ['configuration', 'launchTemplate', 'subnets', 'tags'],
  ],
  ['logs:DescribeLogGroups', 'logs', DescribeLogGroupsCommand, ['auditLogGroup'], []],
  ['iam:ListOpenIDConnectProviders', 'iam', ListOpenIDConnectProvidersCommand, ['oidcProvider'], []],
  ['iam:GetOpenIDConnectProvider', 'iam', GetOpenIDConnectProviderCommand, ['oidcProvider.value.clientIds'], []],
  [
    'ec2:DescribeInstances',
    'ec2',
    DescribeInstancesCommand,
    ['selfManagedGroups'],
    ['amis', 'nodes', 'securityGroups'],
  ],
  ['ec2:DescribeImages', 'ec2', DescribeImagesCommand, [], ['amis']],
  ['ec2:DescribeLaunchTemplateVersions', 'ec2', DescribeLaunchTemplateVersionsCommand, [], ['launchTemplate']],
  ['ec2:DescribeRouteTables', 'ec2', DescribeRouteTablesCommand, [], ['subnets']],
  ['ec2:DescribeSecurityGroups', 'ec2', DescribeSecurityGroupsCommand, [], ['securityGroups']],
] as const;

describe('a denied operation makes unknown what it feeds, and nothing else', () => {
  test.for(OPERATIONS)('%s', async ([operation, service, command, inCluster, inNodegroup]) => {
    const complete = await collect(eksCollector);
    const mock = account[service] as (typeof account)['eks'];
    mock.on(command as never).rejects(accessDenied(operation));

    const collected = await collect(eksCollector);

    expect(collected.gaps).toMatchObject([{ operation, cause: 'denied', missingPermission: operation }]);
    const [cluster, nodegroup] = [clusterOf(collected), nodegroupsOf(collected)[0]];
    expect(unknownBecauseOf(operation, cluster).toSorted()).toEqual(inCluster);
    expect(unknownBecauseOf(operation, nodegroup).toSorted()).toEqual(inNodegroup);
    const knownBefore = observedPaths(clusterOf(complete)).map((path) => path.join('.'));
    const knownNow = observedPaths(cluster).map((path) => path.join('.'));
    const lost = knownBefore.filter((path) => !knownNow.includes(path));
    expect(lost.every((path) => inCluster.some((denied) => path.startsWith(denied)))).toBe(true);
  });

  test('every declared permission is denied in one of these tests', () => {
    const tried = [...OPERATIONS.map(([operation]) => operation as string), 'eks:ListClusters', 'eks:ListNodegroups'];

    expect([...tried, 'eks:DescribeCluster'].toSorted()).toEqual([...eksCollector.permissions].toSorted());
  });
});

test('eks:ListClusters denied: nothing is said about any cluster, and the facts are not complete', async () => {
  account.eks.on(ListClustersCommand).rejects(accessDenied('eks:ListClusters'));

  expect(await collect(eksCollector)).toMatchObject({
    resources: [],
    facts: [],
    factsComplete: [],
    gaps: [{ operation: 'eks:ListClusters', cause: 'denied' }],
  });
});

test('eks:ListNodegroups denied: no node groups, the cluster says so, and the gap names it', async () => {
  account.eks.on(ListNodegroupsCommand).rejects(accessDenied('eks:ListNodegroups'));

  const collected = await collect(eksCollector);

  expect(nodegroupsOf(collected)).toEqual([]);
  expect(clusterOf(collected).nodegroups.known).toBe(false);
  expect(collected.gaps).toMatchObject([{ operation: 'eks:ListNodegroups', cluster: 'prod' }]);
});

test('an instance without an id and a route table without its subnet are said, not guessed', async () => {
  account.ec2.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances: [{ Tags: [] }] }] });
  account.ec2.on(DescribeRouteTablesCommand).resolves({ RouteTables: [] });

  const collected = await collect(eksCollector);

  expect(collected.gaps).toMatchObject([{ operation: 'ec2:DescribeInstances', cause: 'invalid-answer' }]);
  expect(nodegroupsOf(collected)[0]?.subnets).toMatchObject({ known: false, reason: { kind: 'undecidable' } });
});
