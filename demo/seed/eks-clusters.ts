import type { Addon, Cluster, Nodegroup } from '@aws-sdk/client-eks';
import type { EksClusterState } from '../world/eks-state.ts';
import type { RegionState } from '../world/world.ts';
import { insideEmptyCluster } from './kubernetes/tide-open.ts';
import { daysBefore, homeAccount, idOf, network, readRole, roleArn, scannerArn, uuidOf } from './tidewater.ts';

const region = 'us-east-1';

type ClusterSettings = Partial<Omit<Cluster, 'name' | 'arn'>>;
type Contents = Partial<Omit<EksClusterState, 'cluster'>>;

/** The issuer of a cluster's service account tokens, without the scheme. */
export function issuerOf(cluster: string): string {
  return `oidc.eks.${region}.amazonaws.com/id/${idOf(`issuer ${cluster}`, 32).toUpperCase()}`;
}

/** A cluster as AWS creates it by default, with the differences given. */
export function eksCluster(
  name: string,
  settings: ClusterSettings = {},
  contents: Contents = {},
  account = homeAccount,
): EksClusterState {
  return {
    nodegroups: [],
    fargateProfiles: [],
    addons: [],
    accessEntries: scannerEntries(name, account),
    podIdentityAssociations: [],
    identityProviders: [],
    insights: [],
    kubernetes: insideEmptyCluster(),
    ...contents,
    cluster: {
      name,
      arn: `arn:aws:eks:${region}:${account}:cluster/${name}`,
      createdAt: new Date('2025-05-20T07:45:12.331Z'),
      version: '1.35',
      platformVersion: 'eks.9',
      status: 'ACTIVE',
      endpoint: `https://${idOf(`endpoint ${name}`, 32).toUpperCase()}.gr7.${region}.eks.amazonaws.com`,
      roleArn: roleArn('eks-cluster', account),
      certificateAuthority: { data: Buffer.from(`certificate of ${name}`).toString('base64') },
      identity: { oidc: { issuer: `https://${issuerOf(name)}` } },
      resourcesVpcConfig: {
        subnetIds: network.privateSubnets,
        securityGroupIds: [],
        clusterSecurityGroupId: network.nodeGroup,
        vpcId: network.vpc,
        endpointPublicAccess: true,
        endpointPrivateAccess: false,
        publicAccessCidrs: ['0.0.0.0/0'],
      },
      kubernetesNetworkConfig: { serviceIpv4Cidr: '172.20.0.0/16', ipFamily: 'ipv4' },
      logging: {
        clusterLogging: [
          { types: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'], enabled: false },
        ],
      },
      encryptionConfig: [],
      accessConfig: { authenticationMode: 'API_AND_CONFIG_MAP', bootstrapClusterCreatorAdminPermissions: true },
      upgradePolicy: { supportType: 'EXTENDED' },
      deletionProtection: false,
      health: { issues: [] },
      tags: { team: 'platform' },
      ...settings,
    },
  };
}

/** An access entry, with an access policy for the whole cluster where one is named. */
export function accessEntry(
  cluster: string,
  principal: string,
  type: string,
  policy?: string,
  groups: string[] = [],
  account = homeAccount,
): EksClusterState['accessEntries'][number] {
  const principalArn = `arn:aws:iam::${account}:${principal}`;
  const [kind, name] = principal.split('/');
  const at = new Date('2025-06-01T10:00:00Z');
  return {
    entry: {
      clusterName: cluster,
      principalArn,
      accessEntryArn: `arn:aws:eks:${region}:${account}:access-entry/${cluster}/${kind}/${account}/${name}/${uuidOf(principal)}`,
      kubernetesGroups: groups,
      username:
        type === 'STANDARD'
          ? `${principalArn.replace(':iam:', ':sts:')}/{{SessionName}}`
          : 'system:node:{{EC2PrivateDNSName}}',
      type,
      createdAt: at,
      modifiedAt: at,
      tags: {},
    },
    policies: policy
      ? [
          {
            policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
            accessScope: { type: 'cluster', namespaces: [] },
            associatedAt: at,
            modifiedAt: at,
          },
        ]
      : [],
  };
}

/** How the scanner gets in: as the role that it assumes, and in the demo's own account as itself. */
export function scannerEntries(cluster: string, account = homeAccount): EksClusterState['accessEntries'] {
  const role = accessEntry(cluster, `role/${readRole}`, 'STANDARD', undefined, ['hullcheck'], account);
  if (account !== homeAccount) return [role];
  const [, user = ''] = scannerArn.split(`${homeAccount}:`);
  return [role, accessEntry(cluster, user, 'STANDARD', undefined, ['hullcheck'])];
}

/** A managed node group of two nodes in private subnets. */
export function nodegroup(
  now: Date,
  cluster: string,
  name: string,
  more: Partial<Nodegroup> = {},
): Nodegroup & { nodegroupName: string } {
  const id = uuidOf(`${cluster} ${name}`);
  const released = daysBefore(now, 25).toISOString().slice(0, 10).replaceAll('-', '');
  return {
    nodegroupArn: `arn:aws:eks:${region}:${homeAccount}:nodegroup/${cluster}/${name}/${id}`,
    clusterName: cluster,
    version: '1.35',
    releaseVersion: `1.35.2-${released}`,
    createdAt: new Date('2025-05-20T08:10:00Z'),
    modifiedAt: daysBefore(now, 20),
    status: 'ACTIVE',
    capacityType: 'ON_DEMAND',
    scalingConfig: { minSize: 2, maxSize: 4, desiredSize: 2 },
    instanceTypes: ['m7g.large'],
    subnets: network.privateSubnets,
    amiType: 'AL2023_ARM_64_STANDARD',
    nodeRole: roleArn(`${cluster}-node`),
    labels: {},
    diskSize: 20,
    health: { issues: [] },
    resources: { autoScalingGroups: [{ name: `eks-${name}-${id.slice(0, 8)}` }] },
    tags: {},
    ...more,
    nodegroupName: name,
  };
}

/** An add-on in good health. */
export function addon(
  cluster: string,
  name: string,
  version: string,
  more: Partial<Addon> = {},
): Addon & { addonName: string } {
  return {
    clusterName: cluster,
    status: 'ACTIVE',
    addonVersion: version,
    health: { issues: [] },
    addonArn: `arn:aws:eks:${region}:${homeAccount}:addon/${cluster}/${name}/${uuidOf(`${cluster} ${name}`)}`,
    createdAt: new Date('2025-05-20T08:05:00Z'),
    modifiedAt: new Date('2026-09-30T10:00:00Z'),
    publisher: 'eks',
    owner: 'aws',
    tags: {},
    ...more,
    addonName: name,
  };
}

interface VersionDates {
  version: string;
  released: string;
  standardUntil: string;
  extendedUntil: string;
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html */
const versions: readonly VersionDates[] = [
  { version: '1.36', released: '2026-06-02', standardUntil: '2027-08-02', extendedUntil: '2028-08-02' },
  { version: '1.35', released: '2026-01-27', standardUntil: '2027-03-27', extendedUntil: '2028-03-27' },
  { version: '1.34', released: '2025-10-02', standardUntil: '2026-12-02', extendedUntil: '2027-12-02' },
  { version: '1.33', released: '2025-05-29', standardUntil: '2026-07-29', extendedUntil: '2027-07-29' },
  { version: '1.32', released: '2025-01-23', standardUntil: '2026-03-23', extendedUntil: '2027-03-23' },
  { version: '1.31', released: '2024-09-26', standardUntil: '2025-11-26', extendedUntil: '2026-11-26' },
  { version: '1.30', released: '2024-05-23', standardUntil: '2025-07-23', extendedUntil: '2026-07-23' },
];

const standardSupport = { status: 'standard-support', versionStatus: 'STANDARD_SUPPORT' } as const;
const extendedSupport = { status: 'extended-support', versionStatus: 'EXTENDED_SUPPORT' } as const;
const unsupported = { status: 'unsupported', versionStatus: 'UNSUPPORTED' } as const;

/** The Kubernetes versions EKS knows, with the support they have at a moment. */
export function seedEksVersions(now: Date, { eks }: RegionState): void {
  eks.versions = versions.map(({ version, released, standardUntil, extendedUntil }, index) => {
    const standardEnd = new Date(standardUntil);
    const extendedEnd = new Date(extendedUntil);
    const support = now < standardEnd ? standardSupport : now < extendedEnd ? extendedSupport : unsupported;
    return {
      clusterVersion: version,
      clusterType: 'eks',
      defaultPlatformVersion: 'eks.9',
      defaultVersion: index === 1,
      releaseDate: new Date(released),
      endOfStandardSupportDate: standardEnd,
      endOfExtendedSupportDate: extendedEnd,
      ...support,
      kubernetesPatchVersion: `${version}.2`,
    };
  });
}
