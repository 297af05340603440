import type { Insight } from '@aws-sdk/client-eks';
import type { EksClusterState } from '../world/eks-state.ts';
import type { AccountState, RegionState } from '../world/world.ts';
import {
  accessEntry,
  addon,
  eksCluster,
  issuerOf,
  nodegroup,
  scannerEntries,
  seedEksVersions,
} from './eks-clusters.ts';
import { insideTideAuto, insideTideOpen } from './kubernetes/tide-open.ts';
import { insideTideProd } from './kubernetes/tide-prod.ts';
import { instance } from './network.ts';
import { clusterKeyArn, homeAccount, idOf, network, roleArn, scannerArn, uuidOf } from './tidewater.ts';

const allLogs = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'] as const;

/** EKS of Tidewater Foods: one hardened cluster, one wide open, and one that EKS Auto Mode looks after. */
export function seedEks(now: Date, account: AccountState, usEast1: RegionState, euWest1: RegionState): void {
  seedEksVersions(now, usEast1);
  seedEksVersions(now, euWest1);
  usEast1.eks.clusters.push(hardenedCluster(now), openCluster(now), autoModeCluster());
  usEast1.ec2.instances.push(
    ...[1, 2].map((number) => instance(`tide-prod-general-${number}`, 'hardened', nodeTags('tide-prod', 'general'))),
    ...[1, 2].map((number) => instance(`tide-open-spot-${number}`, 'version-1-allowed', nodeTags('tide-open', 'spot'))),
  );
  usEast1.ec2.launchTemplateVersions.push({
    LaunchTemplateId: launchTemplate,
    LaunchTemplateName: 'tide-prod-general',
    VersionNumber: 3,
    DefaultVersion: true,
    CreateTime: new Date('2026-08-01T09:00:00Z'),
    CreatedBy: `arn:aws:iam::${homeAccount}:role/deployer`,
    LaunchTemplateData: {
      MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    },
  });
  account.oidcProviders.push({
    arn: `arn:aws:iam::${account.id}:oidc-provider/${issuerOf('tide-prod')}`,
    Url: issuerOf('tide-prod'),
    ClientIDList: ['sts.amazonaws.com'],
    ThumbprintList: ['9e99a48a9960b14926bb7f3b02e22da2b0ab7280'],
    CreateDate: new Date('2025-05-20T08:30:00Z'),
    Tags: [],
  });
}

const launchTemplate = `lt-${idOf('tide-prod general')}`;

function nodeTags(cluster: string, group: string): Record<string, string> {
  return {
    'eks:cluster-name': cluster,
    'eks:nodegroup-name': group,
    [`kubernetes.io/cluster/${cluster}`]: 'owned',
    'demo:profile': `${cluster}-node`,
  };
}

function insight(cluster: string, status: 'PASSING' | 'WARNING' | 'ERROR', name: string): Insight {
  return {
    id: uuidOf(`${cluster} ${name}`),
    name,
    category: 'UPGRADE_READINESS',
    kubernetesVersion: '1.36',
    lastRefreshTime: new Date('2026-11-20T03:00:00Z'),
    lastTransitionTime: new Date('2026-10-01T03:00:00Z'),
    description: `${name} before the upgrade to Kubernetes 1.36`,
    insightStatus: { status, reason: status === 'PASSING' ? 'No issues found.' : 'Issues were found.' },
    recommendation: 'Follow the upgrade guide.',
    resources: [],
  };
}

function association(cluster: string, namespace: string, serviceAccount: string, role: string) {
  const associationId = `a-${idOf(`${cluster} ${namespace} ${serviceAccount}`)}`;
  return {
    clusterName: cluster,
    namespace,
    serviceAccount,
    roleArn: roleArn(role),
    associationArn: `arn:aws:eks:us-east-1:${homeAccount}:podidentityassociation/${cluster}/${associationId}`,
    associationId,
    createdAt: new Date('2025-07-01T09:00:00Z'),
    modifiedAt: new Date('2025-07-01T09:00:00Z'),
    disableSessionTags: false,
    tags: {},
  };
}

function hardenedCluster(now: Date): EksClusterState {
  const name = 'tide-prod';
  return eksCluster(
    name,
    {
      resourcesVpcConfig: {
        subnetIds: network.privateSubnets,
        securityGroupIds: [],
        clusterSecurityGroupId: network.nodeGroup,
        vpcId: network.vpc,
        endpointPublicAccess: false,
        endpointPrivateAccess: true,
        publicAccessCidrs: [],
      },
      logging: { clusterLogging: [{ types: [...allLogs], enabled: true }] },
      encryptionConfig: [{ resources: ['secrets'], provider: { keyArn: clusterKeyArn } }],
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false },
      upgradePolicy: { supportType: 'STANDARD' },
      deletionProtection: true,
    },
    {
      nodegroups: [
        nodegroup(now, name, 'general', {
          launchTemplate: { id: launchTemplate, name: 'tide-prod-general', version: '3' },
        }),
      ],
      fargateProfiles: [
        {
          fargateProfileName: 'batch',
          fargateProfileArn: `arn:aws:eks:us-east-1:${homeAccount}:fargateprofile/${name}/batch/${uuidOf('batch')}`,
          clusterName: name,
          createdAt: new Date('2025-06-10T12:00:00Z'),
          podExecutionRoleArn: roleArn('tide-prod-fargate'),
          subnets: network.privateSubnets,
          selectors: [{ namespace: 'batch' }],
          status: 'ACTIVE',
          health: { issues: [] },
          tags: {},
        },
      ],
      addons: [
        addon(name, 'vpc-cni', 'v1.23.1-eksbuild.1', {
          configurationValues: JSON.stringify({
            enableNetworkPolicy: 'true',
            nodeAgent: { enablePolicyEventLogs: 'true' },
          }),
        }),
        addon(name, 'coredns', 'v1.13.1-eksbuild.1'),
        addon(name, 'kube-proxy', 'v1.35.2-eksbuild.2'),
        addon(name, 'eks-pod-identity-agent', 'v1.3.10-eksbuild.1'),
        addon(name, 'aws-guardduty-agent', 'v1.12.1-eksbuild.2'),
      ],
      accessEntries: [
        accessEntry(name, 'role/platform-admin', 'STANDARD', 'AmazonEKSClusterAdminPolicy'),
        ...scannerEntries(name),
        accessEntry(name, 'role/tide-prod-node', 'EC2_LINUX', undefined, ['system:nodes']),
        accessEntry(name, 'role/tide-prod-fargate', 'FARGATE_LINUX', undefined, ['system:node-proxier']),
      ],
      podIdentityAssociations: [association(name, 'production', 'app-service-account', 'eks-app-role')],
      insights: [insight(name, 'PASSING', 'Deprecated APIs removed in Kubernetes v1.36')],
      kubernetes: insideTideProd(),
    },
  );
}

function openCluster(now: Date): EksClusterState {
  const name = 'tide-open';
  return eksCluster(
    name,
    { version: '1.30', platformVersion: 'eks.41', accessConfig: { authenticationMode: 'CONFIG_MAP' } },
    {
      nodegroups: [
        nodegroup(now, name, 'spot', {
          version: '1.29',
          releaseVersion: '1.29.10-20241106',
          capacityType: 'SPOT',
          amiType: 'AL2_x86_64',
          subnets: network.publicSubnets,
          instanceTypes: ['m6i.large'],
          remoteAccess: { ec2SshKey: 'ops-laptop' },
          resources: {
            autoScalingGroups: [{ name: `eks-spot-${uuidOf(`${name} spot`).slice(0, 8)}` }],
            remoteAccessSecurityGroup: network.sshGroup,
          },
          modifiedAt: new Date('2024-11-20T10:00:00Z'),
        }),
      ],
      addons: [
        addon(name, 'vpc-cni', 'v1.13.4-eksbuild.1', {
          status: 'DEGRADED',
          health: {
            issues: [
              { code: 'InsufficientNumberOfReplicas', message: 'aws-node is not ready on 1 node', resourceIds: [] },
            ],
          },
        }),
        addon(name, 'kube-proxy', 'v1.29.10-eksbuild.3'),
      ],
      podIdentityAssociations: [association(name, 'default', 'default', 'tide-open-everything')],
      identityProviders: [
        {
          identityProviderConfigName: 'contractor-sso',
          identityProviderConfigArn: `arn:aws:eks:us-east-1:${homeAccount}:identityproviderconfig/${name}/oidc/contractor-sso/${uuidOf('sso')}`,
          clusterName: name,
          issuerUrl: 'https://login.contractor.example/realms/ops',
          clientId: 'tide-open',
          usernameClaim: 'email',
          groupsClaim: 'groups',
          requiredClaims: {},
          status: 'ACTIVE',
          tags: {},
        },
      ],
      insights: [
        insight(name, 'ERROR', 'Deprecated APIs removed in Kubernetes v1.32'),
        insight(name, 'WARNING', 'kube-proxy version skew'),
      ],
      kubernetes: insideTideOpen(scannerArn),
    },
  );
}

/** Auto Mode runs nodes, networking and storage itself: there are no node groups and no add-ons to see. */
function autoModeCluster(): EksClusterState {
  const name = 'tide-auto';
  return eksCluster(
    name,
    {
      version: '1.34',
      resourcesVpcConfig: {
        subnetIds: network.privateSubnets,
        securityGroupIds: [],
        clusterSecurityGroupId: network.nodeGroup,
        vpcId: network.vpc,
        endpointPublicAccess: true,
        endpointPrivateAccess: true,
        publicAccessCidrs: ['203.0.113.0/24'],
      },
      logging: {
        clusterLogging: [
          { types: ['api', 'audit'], enabled: true },
          { types: ['authenticator', 'controllerManager', 'scheduler'], enabled: false },
        ],
      },
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false },
      upgradePolicy: { supportType: 'STANDARD' },
      computeConfig: {
        enabled: true,
        nodePools: ['general-purpose', 'system'],
        nodeRoleArn: roleArn('tide-auto-node'),
      },
      storageConfig: { blockStorage: { enabled: true } },
    },
    {
      accessEntries: [
        accessEntry(name, 'role/platform-admin', 'STANDARD', 'AmazonEKSClusterAdminPolicy'),
        accessEntry(name, 'user/it-support', 'STANDARD', 'AmazonEKSClusterAdminPolicy'),
        accessEntry(name, 'role/tide-auto-node', 'EC2', 'AmazonEKSAutoNodePolicy'),
        ...scannerEntries(name),
      ],
      insights: [insight(name, 'PASSING', 'Kubelet version skew')],
      kubernetes: insideTideAuto(),
    },
  );
}
