import {
  DescribeAccessEntryCommand,
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeClusterVersionsCommand,
  DescribeFargateProfileCommand,
  DescribeIdentityProviderConfigCommand,
  DescribeInsightCommand,
  DescribeNodegroupCommand,
  DescribePodIdentityAssociationCommand,
  EKSClient,
  ListAccessEntriesCommand,
  ListAddonsCommand,
  ListAssociatedAccessPoliciesCommand,
  ListClustersCommand,
  ListFargateProfilesCommand,
  ListIdentityProviderConfigsCommand,
  ListInsightsCommand,
  ListNodegroupsCommand,
  ListPodIdentityAssociationsCommand,
  paginateListAddons,
} from '@aws-sdk/client-eks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { configOf, refusal, startSeeded } from './clients.ts';

let demo: DemoAccount;
let eks: EKSClient;
const clusterName = 'tide-prod';

beforeAll(async () => {
  demo = await startSeeded();
  eks = new EKSClient(configOf(demo));
});

afterAll(() => demo.close());

describe('the demo EKS', () => {
  it('describes clusters with dates, logging and access mode', async () => {
    const { clusters } = await eks.send(new ListClustersCommand({}));
    expect(clusters).toEqual(['tide-prod', 'tide-open', 'tide-auto']);
    const { cluster } = await eks.send(new DescribeClusterCommand({ name: clusterName }));
    expect(cluster?.createdAt).toEqual(new Date('2025-05-20T07:45:12.331Z'));
    expect(cluster?.accessConfig?.authenticationMode).toBe('API');
    expect(cluster?.logging?.clusterLogging?.[0]?.types).toHaveLength(5);
    const error = await refusal(eks.send(new DescribeClusterCommand({ name: 'nowhere' })));
    expect([error.name, error.$metadata?.httpStatusCode]).toEqual(['ResourceNotFoundException', 404]);
  });

  it('describes node groups, Fargate profiles and add-ons', async () => {
    const { nodegroups } = await eks.send(new ListNodegroupsCommand({ clusterName: 'tide-open' }));
    const { nodegroup } = await eks.send(
      new DescribeNodegroupCommand({ clusterName: 'tide-open', nodegroupName: nodegroups?.[0] }),
    );
    expect(nodegroup?.remoteAccess?.ec2SshKey).toBe('ops-laptop');
    const { fargateProfileNames } = await eks.send(new ListFargateProfilesCommand({ clusterName }));
    const { fargateProfile } = await eks.send(
      new DescribeFargateProfileCommand({ clusterName, fargateProfileName: fargateProfileNames?.[0] }),
    );
    expect(fargateProfile?.selectors).toEqual([{ namespace: 'batch' }]);
    expect((await eks.send(new ListAddonsCommand({ clusterName }))).addons).toHaveLength(5);
    const { addon } = await eks.send(new DescribeAddonCommand({ clusterName, addonName: 'vpc-cni' }));
    expect(JSON.parse(addon?.configurationValues ?? '{}')).toMatchObject({ enableNetworkPolicy: 'true' });
    const error = await refusal(eks.send(new DescribeAddonCommand({ clusterName, addonName: 'none' })));
    expect(error.name).toBe('ResourceNotFoundException');
  });

  it('pages lists through the query string', async () => {
    const pages: (string[] | undefined)[] = [];
    for await (const page of paginateListAddons({ client: eks, pageSize: 2 }, { clusterName })) pages.push(page.addons);
    expect(pages.map((page) => page?.length)).toEqual([2, 2, 1]);
    const error = await refusal(eks.send(new ListAddonsCommand({ clusterName, maxResults: 101 })));
    expect(error.name).toBe('InvalidParameterException');
  });

  it('describes access entries by an ARN in the path', async () => {
    const { accessEntries } = await eks.send(new ListAccessEntriesCommand({ clusterName }));
    const principalArn = accessEntries?.[0];
    const { accessEntry } = await eks.send(new DescribeAccessEntryCommand({ clusterName, principalArn }));
    expect(accessEntry?.type).toBe('STANDARD');
    const policies = await eks.send(new ListAssociatedAccessPoliciesCommand({ clusterName, principalArn }));
    expect(policies.associatedAccessPolicies?.[0]?.policyArn).toContain('AmazonEKSClusterAdminPolicy');
    expect(policies.associatedAccessPolicies?.[0]?.associatedAt).toBeInstanceOf(Date);
  });

  it('has no access entries to list in CONFIG_MAP mode, and says so with an error', async () => {
    const error = await refusal(eks.send(new ListAccessEntriesCommand({ clusterName: 'tide-open' })));
    expect(error.name).toBe('InvalidRequestException');
    expect(error.message).toContain('authentication mode');
  });

  it('describes pod identity associations, identity providers and insights', async () => {
    const { associations } = await eks.send(new ListPodIdentityAssociationsCommand({ clusterName }));
    const { association } = await eks.send(
      new DescribePodIdentityAssociationCommand({ clusterName, associationId: associations?.[0]?.associationId }),
    );
    expect(association?.roleArn).toContain('eks-app-role');
    const { identityProviderConfigs } = await eks.send(
      new ListIdentityProviderConfigsCommand({ clusterName: 'tide-open' }),
    );
    const provider = await eks.send(
      new DescribeIdentityProviderConfigCommand({
        clusterName: 'tide-open',
        identityProviderConfig: identityProviderConfigs?.[0],
      }),
    );
    expect(provider.identityProviderConfig?.oidc?.issuerUrl).toContain('contractor');
    const filter = { statuses: ['ERROR'] } as { statuses: ['ERROR'] };
    const { insights } = await eks.send(new ListInsightsCommand({ clusterName: 'tide-open', filter }));
    expect(insights).toHaveLength(1);
    const { insight } = await eks.send(new DescribeInsightCommand({ clusterName: 'tide-open', id: insights?.[0]?.id }));
    expect(insight?.insightStatus?.status).toBe('ERROR');
  });

  it('knows the support of Kubernetes versions at its own moment', async () => {
    const { clusterVersions } = await eks.send(new DescribeClusterVersionsCommand({}));
    const support = Object.fromEntries((clusterVersions ?? []).map((one) => [one.clusterVersion, one.versionStatus]));
    expect(support).toMatchObject({ '1.34': 'STANDARD_SUPPORT', '1.31': 'EXTENDED_SUPPORT' });
    expect(support['1.30']).toBeUndefined();
    const old = await eks.send(new DescribeClusterVersionsCommand({ clusterVersions: ['1.30'] }));
    expect(old.clusterVersions?.[0]).toMatchObject({
      versionStatus: 'UNSUPPORTED',
      endOfExtendedSupportDate: new Date('2026-07-23T00:00:00Z'),
    });
  });
});
