import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import {
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  ListAccessEntriesCommand,
  ListAddonsCommand,
  ListClustersCommand,
  ListFargateProfilesCommand,
  ListNodegroupsCommand,
} from '@aws-sdk/client-eks';
import { beforeEach, describe, expect, test } from 'vitest';
import { networkPolicyOf } from '#shared/collectors/eks/addons.ts';
import { eksCollector } from '#shared/collectors/eks/collect.ts';
import { known } from '#shared/domain/observed.ts';
import { accessDenied, awsError, collect } from '#test/support/collect.ts';
import {
  ADMIN,
  ARN,
  clusterOf,
  ISSUER,
  mockEksAccount,
  NODE_ROLE,
  nodegroupsOf,
  OIDC_ARN,
  SECRET,
} from './eks-account.ts';

let account: ReturnType<typeof mockEksAccount>;
beforeEach(() => {
  account = mockEksAccount();
});

const gone = awsError('ResourceNotFoundException', 'No cluster found', 404);

describe('an account with one cluster', () => {
  test('is read without gaps, and its facts are complete', async () => {
    const collected = await collect(eksCollector);

    expect(collected.gaps).toEqual([]);
    expect(collected.factsComplete).toEqual(['eks-cluster', 'role-use']);
    expect(collected.facts).toEqual([
      {
        kind: 'eks-cluster',
        key: ARN,
        accountId: '111122223333',
        region: 'us-east-1',
        observedAt: '2026-11-23T00:00:00.000Z',
        name: 'prod',
        runsOnEc2: { known: true, value: true },
        runsOnFargate: { known: true, value: true },
        autoMode: false,
        oidcIssuer: ISSUER,
      },
      {
        kind: 'role-use',
        key: 'arn:aws:iam::111122223333:role/node',
        accountId: '111122223333',
        region: 'us-east-1',
        observedAt: '2026-11-23T00:00:00.000Z',
        use: 'eks-node',
        user: `${ARN}/nodegroup/general`,
        cluster: 'prod',
        clusterArn: ARN,
      },
    ]);
  });

  test('gives the cluster with everything EKS keeps below it', async () => {
    expect(clusterOf(await collect(eksCollector))).toMatchObject({
      uid: ARN,
      name: 'prod',
      inUse: 'yes',
      createdAt: '2026-01-02T03:04:05.000Z',
      endpointPublicAccess: true,
      publicAccessCidrs: ['203.0.113.0/24'],
      enabledLogTypes: ['audit', 'scheduler'],
      encryption: [{ resources: ['secrets'], keyArn: 'arn:aws:kms:us-east-1:111122223333:key/1' }],
      tags: known({ team: 'platform' }),
      supportedVersions: known([
        { version: '1.9', status: 'UNSUPPORTED', endOfStandardSupport: '2019-01-01T00:00:00.000Z' },
        { version: '1.35', status: 'STANDARD_SUPPORT' },
      ]),
      addons: known([
        {
          name: 'vpc-cni',
          details: known({
            version: 'v1.19.2-eksbuild.1',
            status: 'ACTIVE',
            issueCodes: ['UnsupportedAddonModification'],
            networkPolicy: known({ enabled: true }),
          }),
        },
      ]),
      nodegroups: known(['general']),
      selfManagedGroups: known([]),
      fargateProfiles: known([
        {
          name: 'batch',
          details: known({ status: 'ACTIVE', subnetIds: [], selectors: [{ namespace: 'batch', labels: {} }] }),
        },
      ]),
      accessEntries: known([
        {
          principalArn: NODE_ROLE,
          details: known({ type: 'EC2_LINUX', kubernetesGroups: ['system:nodes'] }),
          policies: known([]),
        },
        {
          principalArn: ADMIN,
          details: known({ type: 'STANDARD', kubernetesGroups: [] }),
          policies: known([
            {
              arn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
              scope: 'cluster',
              namespaces: [],
            },
          ]),
        },
      ]),
      podIdentityAssociations: known([
        {
          id: 'a-1',
          namespace: 'shop',
          serviceAccount: 'cart',
          details: known({ roleArn: 'arn:aws:iam::111122223333:role/cart', disableSessionTags: true }),
        },
      ]),
      identityProviders: known([
        {
          name: 'sso',
          type: 'oidc',
          details: known({ issuerUrl: 'https://login.example.com', clientId: 'prod', status: 'ACTIVE' }),
        },
      ]),
      insights: known([{ name: 'Version skew', category: 'UPGRADE_READINESS', status: 'PASSING' }]),
      oidcProvider: known({ arn: OIDC_ARN, clientIds: known(['sts.amazonaws.com']) }),
      auditLogGroup: known({ name: '/aws/eks/prod/cluster', retentionInDays: 90 }),
    });
  });

  test('leaves what only the inside of the cluster shows undecided', async () => {
    const { awsAuth, clusterAdminGroups, networkPolicyEngines } = clusterOf(await collect(eksCollector));

    for (const observed of [awsAuth, clusterAdminGroups, networkPolicyEngines]) {
      expect(observed).toMatchObject({ known: false, reason: { kind: 'undecidable' } });
    }
  });

  test('gives the node group under a uid that survives its re-creation', async () => {
    expect(nodegroupsOf(await collect(eksCollector))).toMatchObject([
      {
        uid: `${ARN}/nodegroup/general`,
        arn: 'arn:aws:eks:us-east-1:111122223333:nodegroup/prod/general/0a1b',
        name: 'general',
        cluster: 'prod',
        inUse: 'yes',
        managed: true,
        configuration: known({
          version: '1.35',
          releaseVersion: '1.35.2-20261101',
          amiType: 'AL2023_x86_64_STANDARD',
          desiredSize: 1,
          nodeRoleArn: NODE_ROLE,
          launchTemplate: { id: 'lt-0aa', name: 'general', version: '3' },
          subnetIds: ['subnet-0private'],
        }),
        launchTemplate: known({ metadataOptions: { httpTokens: 'required' }, securityGroupIds: ['sg-0lt'] }),
        subnets: known([{ subnetId: 'subnet-0private' }]),
      },
    ]);
  });

  test('lets nothing out that may hold a secret', async () => {
    expect(JSON.stringify(await collect(eksCollector))).not.toContain(SECRET);
  });

  test('gives the same inventory in whatever order AWS answers', async () => {
    const first = await collect(eksCollector);
    account.eks.on(ListAccessEntriesCommand).resolves({ accessEntries: [ADMIN, NODE_ROLE] });

    expect(JSON.stringify(await collect(eksCollector))).toBe(JSON.stringify(first));
  });
});

describe('clusters that are not there', () => {
  test('no clusters: the facts are complete, and nothing else is asked', async () => {
    account.eks.on(ListClustersCommand).resolves({ clusters: [] });

    expect(await collect(eksCollector)).toEqual({
      resources: [],
      facts: [],
      factsComplete: ['eks-cluster', 'role-use'],
      gaps: [],
    });
    expect(account.ec2.calls()).toEqual([]);
    expect(account.iam.calls()).toEqual([]);
  });

  test('deleted after the listing: dropped without a gap (T88)', async () => {
    account.eks.on(DescribeClusterCommand).rejects(gone);

    expect(await collect(eksCollector)).toMatchObject({
      resources: [],
      factsComplete: ['eks-cluster', 'role-use'],
      gaps: [],
    });
  });

  test('deleted while it was read: dropped too, not reported without node groups (T88)', async () => {
    account.eks.on(ListNodegroupsCommand).rejects(gone);

    expect(await collect(eksCollector)).toMatchObject({ resources: [], facts: [], gaps: [] });
  });

  test('a node group deleted after the listing is dropped alone (T88)', async () => {
    account.eks.on(DescribeNodegroupCommand).rejects(gone);

    const collected = await collect(eksCollector);

    expect(nodegroupsOf(collected)).toEqual([]);
    expect(clusterOf(collected).nodegroups).toEqual(known([]));
    expect(collected.gaps).toEqual([]);
  });

  test('a cluster without an ARN is a gap, not a resource without a name', async () => {
    account.eks.on(DescribeClusterCommand).resolves({ cluster: { name: 'prod' } });

    expect(await collect(eksCollector)).toMatchObject({
      resources: [],
      factsComplete: [],
      gaps: [{ cluster: 'prod', operation: 'eks:DescribeCluster', cause: 'invalid-answer' }],
    });
  });
});

describe('a cluster that cannot be described', () => {
  test('denied: nothing but a gap that names it, and the facts are not complete', async () => {
    account.eks.on(DescribeClusterCommand).rejects(accessDenied('eks:DescribeCluster'));

    expect(await collect(eksCollector)).toMatchObject({
      resources: [],
      facts: [],
      factsComplete: [],
      gaps: [{ cluster: 'prod', operation: 'eks:DescribeCluster', missingPermission: 'eks:DescribeCluster' }],
    });
  });

  test('does not keep others from being read', async () => {
    account.eks.on(ListClustersCommand).resolves({ clusters: ['prod', 'secret'] });
    account.eks.on(DescribeClusterCommand, { name: 'secret' }).rejects(accessDenied('eks:DescribeCluster'));

    const collected = await collect(eksCollector);

    expect(clusterOf(collected).name).toBe('prod');
    expect(collected.factsComplete).toEqual([]);
    expect(collected.gaps).toMatchObject([{ cluster: 'secret' }]);
  });
});

describe('access entries of a cluster in mode CONFIG_MAP (T43)', () => {
  test('are not asked for', async () => {
    account.eks.on(DescribeClusterCommand).resolves({
      cluster: { name: 'prod', arn: ARN, accessConfig: { authenticationMode: 'CONFIG_MAP' } },
    });

    expect(clusterOf(await collect(eksCollector)).accessEntries).toEqual(known(null));
    expect(account.eks.commandCalls(ListAccessEntriesCommand)).toEqual([]);
  });

  test('do not apply when EKS says so', async () => {
    account.eks.on(ListAccessEntriesCommand).rejects(awsError('InvalidRequestException'));

    const collected = await collect(eksCollector);

    expect(clusterOf(collected).accessEntries).toEqual(known(null));
    expect(collected.gaps).toEqual([]);
  });
});

describe('the facts are not complete while it is uncertain what the nodes are', () => {
  test('a node group is proof enough when instances are denied', async () => {
    account.ec2.on(DescribeInstancesCommand).rejects(accessDenied('ec2:DescribeInstances'));

    expect(await collect(eksCollector)).toMatchObject({
      facts: [{ runsOnEc2: { known: true, value: true } }, { kind: 'role-use', use: 'eks-node' }],
      factsComplete: ['eks-cluster'],
    });
  });

  test('without node groups, self-managed nodes may run where instances are denied', async () => {
    account.eks.on(ListNodegroupsCommand).resolves({ nodegroups: [] });
    account.ec2.on(DescribeInstancesCommand).rejects(accessDenied('ec2:DescribeInstances'));

    expect(await collect(eksCollector)).toMatchObject({ facts: [{ runsOnEc2: { known: false } }], factsComplete: [] });
  });

  test.for([
    ['eks:ListNodegroups', ListNodegroupsCommand],
    ['eks:ListFargateProfiles', ListFargateProfilesCommand],
  ] as const)('%s denied', async ([operation, command]) => {
    account.eks.on(command as typeof ListNodegroupsCommand).rejects(accessDenied(operation));

    const { facts, factsComplete } = await collect(eksCollector);

    expect(facts.filter(({ kind }) => kind === 'eks-cluster')).toHaveLength(1);
    expect(factsComplete).toEqual([]);
  });
});

describe('the configuration of the VPC CNI', () => {
  test.for([
    ['absent', undefined, { enabled: false }],
    ['JSON', '{"enableNetworkPolicy":"true"}', { enabled: true }],
    ['JSON with a flag', '{"enableNetworkPolicy":true}', { enabled: true }],
    [
      'YAML',
      'enableNetworkPolicy: "true"\nenv:\n  NETWORK_POLICY_ENFORCING_MODE: strict\n',
      { enabled: true, enforcingMode: 'strict' },
    ],
    [
      'with another text where the mode should stand (T15)',
      'enableNetworkPolicy: "true"\nenv:\n  NETWORK_POLICY_ENFORCING_MODE: hunter2\n',
      { enabled: true },
    ],
    ['switched off', 'enableNetworkPolicy: "false"', { enabled: false }],
    ['about something else', '{"nodeAgent":{"enabled":"true"}}', { enabled: false }],
  ] as const)('%s', ([, text, expected]) => {
    expect(networkPolicyOf(text)).toEqual(known(expected));
  });

  test.for([
    ['neither JSON nor YAML', '{"enableNetworkPolicy": '],
    ['a bare word', 'enabled'],
    [
      'a bomb of aliases',
      `a: &a [x, x, x, x, x, x, x, x]\n${'bcdefghij'.replace(/./g, (name) => `${name}: &${name} [${`*${String.fromCharCode(name.charCodeAt(0) - 1)}, `.repeat(8)}]\n`)}`,
    ],
  ] as const)('%s is undecidable', ([, text]) => {
    expect(networkPolicyOf(text)).toMatchObject({ known: false, reason: { kind: 'undecidable' } });
  });
});

test('asks for the largest pages', async () => {
  await collect(eksCollector);

  expect(account.eks.commandCalls(ListAddonsCommand)[0]?.args[0].input).toMatchObject({ maxResults: 100 });
});
