import type {
  EksAccessEntry,
  EksAddon,
  EksAmi,
  EksCluster,
  EksNode,
  EksNodegroup,
  EksNodegroupConfiguration,
  EksSecurityGroup,
  EksVersionSupport,
} from '#shared/collectors/eks/model.ts';
import { known } from '#shared/domain/observed.ts';
import { ACCOUNT, REGION, resourceBase } from './resource.ts';

export const CLUSTER_ARN = `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/prod`;
const AMI_ID = 'ami-0a1b2c3d4e5f60718';

/** Versions with every kind of support on the day the tests live in. */
export function versions(): readonly EksVersionSupport[] {
  return [
    {
      version: '1.30',
      status: 'UNSUPPORTED',
      endOfStandardSupport: '2025-07-23T00:00:00.000Z',
      endOfExtendedSupport: '2026-07-23T00:00:00.000Z',
    },
    {
      version: '1.33',
      status: 'EXTENDED_SUPPORT',
      endOfStandardSupport: '2026-07-29T00:00:00.000Z',
      endOfExtendedSupport: '2027-07-29T00:00:00.000Z',
    },
    {
      version: '1.35',
      status: 'STANDARD_SUPPORT',
      endOfStandardSupport: '2027-03-27T00:00:00.000Z',
      endOfExtendedSupport: '2028-03-27T00:00:00.000Z',
    },
  ];
}

/** A VPC CNI add-on that enforces network policies. */
export function vpcCni(
  overrides: { readonly version?: string; readonly status?: string; readonly enabled?: boolean } = {},
): EksAddon {
  const { version = 'v1.19.2-eksbuild.1', status = 'ACTIVE', enabled = true } = overrides;
  return {
    name: 'vpc-cni',
    details: known({ version, status, issueCodes: [], networkPolicy: known({ enabled }) }),
  };
}

/** An access entry of a role with a policy for the whole cluster. */
export function accessEntry(
  principal = 'role/platform-admin',
  policy = 'AmazonEKSClusterAdminPolicy',
  overrides: { readonly type?: string; readonly groups?: readonly string[]; readonly scope?: string } = {},
): EksAccessEntry {
  const { type = 'STANDARD', groups = [], scope = 'cluster' } = overrides;
  const arn = `arn:aws:eks::aws:cluster-access-policy/${policy}`;
  return {
    principalArn: principal.startsWith('arn:') ? principal : `arn:aws:iam::${ACCOUNT}:${principal}`,
    details: known({ type, kubernetesGroups: groups }),
    policies: known([{ arn, scope, namespaces: scope === 'namespace' ? ['team'] : [] }]),
  };
}

/** A cluster that follows every practice and was looked at from inside as well. */
export function eksCluster(overrides: Partial<EksCluster> = {}): EksCluster {
  return {
    ...resourceBase('AwsEksCluster', CLUSTER_ARN, 'prod'),
    cluster: 'prod',
    status: 'ACTIVE',
    version: '1.35',
    endpointPublicAccess: false,
    endpointPrivateAccess: true,
    publicAccessCidrs: [],
    enabledLogTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'],
    encryption: [{ resources: ['secrets'], keyArn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd` }],
    authenticationMode: 'API',
    deletionProtection: true,
    autoMode: false,
    hybridNodes: false,
    supportedVersions: known(versions()),
    addons: known([vpcCni()]),
    nodegroups: known(['general']),
    selfManagedGroups: known([]),
    fargateProfiles: known([]),
    accessEntries: known([accessEntry()]),
    podIdentityAssociations: known([]),
    identityProviders: known([]),
    insights: known([{ name: 'Kubelet version skew', category: 'UPGRADE_READINESS', status: 'PASSING' }]),
    oidcProvider: known(null),
    auditLogGroup: known({ name: '/aws/eks/prod/cluster', retentionInDays: 400 }),
    awsAuth: known([]),
    clusterAdminGroups: known([]),
    networkPolicyEngines: known([{ name: 'vpc-cni', seenAs: 'kube-system/daemonsets/aws-node' }]),
    ...overrides,
  };
}

/** A running node that follows every practice. */
export function node(overrides: Partial<EksNode> = {}): EksNode {
  return {
    instanceId: 'i-0123456789abcdef0',
    imageId: AMI_ID,
    subnetId: 'subnet-0aa',
    vpcId: 'vpc-0aa',
    hasPublicIp: false,
    windows: false,
    securityGroupIds: ['sg-0nodes'],
    metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', hopLimit: 1 },
    ...overrides,
  };
}

export function ami(overrides: Partial<EksAmi> = {}): EksAmi {
  return {
    amiId: AMI_ID,
    name: 'amazon-eks-node-al2023-x86_64-standard-1.35-v20261101',
    ownerAlias: 'amazon',
    createdAt: '2026-11-01T08:00:00.000Z',
    deprecatedAt: '2028-11-01T08:00:00.000Z',
    ...overrides,
  };
}

export function securityGroup(ingress: EksSecurityGroup['ingress'] = []): EksSecurityGroup {
  return { id: 'sg-0nodes', ingress };
}

export function nodegroupConfiguration(overrides: Partial<EksNodegroupConfiguration> = {}): EksNodegroupConfiguration {
  return {
    status: 'ACTIVE',
    version: '1.35',
    releaseVersion: '1.35.2-20261101',
    amiType: 'AL2023_x86_64_STANDARD',
    desiredSize: 2,
    subnetIds: ['subnet-0aa'],
    ...overrides,
  };
}

/** A managed node group with one running node that follows every practice. */
export function nodegroup(overrides: Partial<EksNodegroup> = {}): EksNodegroup {
  return {
    ...resourceBase('AwsEksNodegroup', `${CLUSTER_ARN}/nodegroup/general`, 'general'),
    cluster: 'prod',
    clusterArn: CLUSTER_ARN,
    managed: true,
    configuration: known(nodegroupConfiguration()),
    supportedVersions: known(versions()),
    nodes: known([node()]),
    amis: known([ami()]),
    launchTemplate: known(null),
    subnets: known([{ subnetId: 'subnet-0aa' }]),
    securityGroups: known([securityGroup([{ protocol: 'tcp', fromPort: 443, toPort: 443, cidrs: ['10.0.0.0/8'] }])]),
    ...overrides,
  };
}

/** The running nodes of an Auto Scaling group that EKS does not manage. */
export function selfManagedNodes(image: Partial<EksAmi> = {}): EksNodegroup {
  return nodegroup({
    ...resourceBase('AwsEksNodegroup', `${CLUSTER_ARN}/self-managed/workers`, 'workers'),
    managed: false,
    configuration: known(null),
    amis: known([ami(image)]),
  });
}
