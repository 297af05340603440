import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type Instance,
} from '@aws-sdk/client-ec2';
import {
  DescribeAccessEntryCommand,
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeClusterVersionsCommand,
  DescribeFargateProfileCommand,
  DescribeIdentityProviderConfigCommand,
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
} from '@aws-sdk/client-eks';
import { GetOpenIDConnectProviderCommand, IAMClient, ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import type { EksCluster, EksNodegroup } from '#shared/collectors/eks/model.ts';
import type { Collected } from '#test/support/collect.ts';
import { rejectUnstubbed } from '#test/support/collect.ts';

export const ARN = 'arn:aws:eks:us-east-1:111122223333:cluster/prod';
export const ISSUER = 'https://oidc.eks.us-east-1.amazonaws.com/id/0A1B2C3D';
export const OIDC_ARN = 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/0A1B2C3D';
export const ADMIN = 'arn:aws:iam::111122223333:role/platform-admin';
export const NODE_ROLE = 'arn:aws:iam::111122223333:role/node';
/** Stands for what must never leave the collector. */
export const SECRET = 'AKIAQPLANTEDSECRET01';

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** A running instance in the account's only private subnet. */
export function instance(id: string, tags: Readonly<Record<string, string>>, more: Partial<Instance> = {}): Instance {
  return {
    InstanceId: id,
    ImageId: 'ami-0aa',
    SubnetId: 'subnet-0private',
    VpcId: 'vpc-0aa',
    SecurityGroups: [{ GroupId: 'sg-0nodes' }],
    MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    Tags: tagList(tags),
    ...more,
  };
}

/** The tags EKS puts on the nodes of the managed node group. */
export const managedTags = {
  'eks:cluster-name': 'prod',
  'eks:nodegroup-name': 'general',
  'kubernetes.io/cluster/prod': 'owned',
  'aws:autoscaling:groupName': 'eks-general-0a1b',
};

/** Mocked clients of an account with one cluster that has one of everything. Each test changes one answer. */
export function mockEksAccount() {
  const eks = rejectUnstubbed(mockClient(EKSClient));
  const ec2 = rejectUnstubbed(mockClient(EC2Client));
  const iam = rejectUnstubbed(mockClient(IAMClient));
  const logs = rejectUnstubbed(mockClient(CloudWatchLogsClient));
  eks.on(ListClustersCommand).resolves({ clusters: ['prod'] });
  eks.on(DescribeClusterCommand).resolves({
    cluster: {
      name: 'prod',
      arn: ARN,
      version: '1.35',
      status: 'ACTIVE',
      createdAt: new Date('2026-01-02T03:04:05Z'),
      resourcesVpcConfig: {
        vpcId: 'vpc-0aa',
        clusterSecurityGroupId: 'sg-0cluster',
        endpointPublicAccess: true,
        endpointPrivateAccess: true,
        publicAccessCidrs: ['203.0.113.0/24'],
      },
      logging: {
        clusterLogging: [
          { types: ['scheduler', 'audit'], enabled: true },
          { types: ['api'], enabled: false },
        ],
      },
      encryptionConfig: [{ resources: ['secrets'], provider: { keyArn: 'arn:aws:kms:us-east-1:111122223333:key/1' } }],
      accessConfig: { authenticationMode: 'API' },
      identity: { oidc: { issuer: ISSUER } },
      deletionProtection: true,
      tags: { team: 'platform' },
    },
  });
  eks.on(DescribeClusterVersionsCommand).resolves({
    clusterVersions: [
      { clusterVersion: '1.35', clusterType: 'eks', versionStatus: 'STANDARD_SUPPORT' },
      {
        clusterVersion: '1.9',
        status: 'unsupported',
        endOfStandardSupportDate: new Date('2019-01-01T00:00:00Z'),
      },
      { clusterVersion: '1.99', clusterType: 'eks-anywhere', versionStatus: 'STANDARD_SUPPORT' },
    ],
  });
  eks.on(ListAddonsCommand).resolves({ addons: ['vpc-cni'] });
  eks.on(DescribeAddonCommand).resolves({
    addon: {
      addonName: 'vpc-cni',
      addonVersion: 'v1.19.2-eksbuild.1',
      status: 'ACTIVE',
      configurationValues: `{"enableNetworkPolicy":"true","env":{"TOKEN":"${SECRET}"}}`,
      health: { issues: [{ code: 'UnsupportedAddonModification', message: SECRET }] },
    },
  });
  eks.on(ListFargateProfilesCommand).resolves({ fargateProfileNames: ['batch'] });
  eks.on(DescribeFargateProfileCommand).resolves({
    fargateProfile: { fargateProfileName: 'batch', status: 'ACTIVE', selectors: [{ namespace: 'batch' }] },
  });
  eks.on(ListAccessEntriesCommand).resolves({ accessEntries: [NODE_ROLE, ADMIN] });
  eks.on(DescribeAccessEntryCommand, { principalArn: ADMIN }).resolves({ accessEntry: { type: 'STANDARD' } });
  eks
    .on(DescribeAccessEntryCommand, { principalArn: NODE_ROLE })
    .resolves({ accessEntry: { type: 'EC2_LINUX', kubernetesGroups: ['system:nodes'] } });
  eks.on(ListAssociatedAccessPoliciesCommand).resolves({ associatedAccessPolicies: [] });
  eks.on(ListAssociatedAccessPoliciesCommand, { principalArn: ADMIN }).resolves({
    associatedAccessPolicies: [
      {
        policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
        accessScope: { type: 'cluster' },
      },
    ],
  });
  eks.on(ListPodIdentityAssociationsCommand).resolves({
    associations: [{ associationId: 'a-1', namespace: 'shop', serviceAccount: 'cart' }],
  });
  eks.on(DescribePodIdentityAssociationCommand).resolves({
    association: { roleArn: 'arn:aws:iam::111122223333:role/cart', disableSessionTags: true, policy: SECRET },
  });
  eks.on(ListIdentityProviderConfigsCommand).resolves({ identityProviderConfigs: [{ type: 'oidc', name: 'sso' }] });
  eks.on(DescribeIdentityProviderConfigCommand).resolves({
    identityProviderConfig: { oidc: { issuerUrl: 'https://login.example.com', clientId: 'prod', status: 'ACTIVE' } },
  });
  eks.on(ListInsightsCommand).resolves({
    insights: [{ id: '1', name: 'Version skew', category: 'UPGRADE_READINESS', insightStatus: { status: 'PASSING' } }],
  });
  eks.on(ListNodegroupsCommand).resolves({ nodegroups: ['general'] });
  eks.on(DescribeNodegroupCommand).resolves({
    nodegroup: {
      nodegroupName: 'general',
      nodegroupArn: 'arn:aws:eks:us-east-1:111122223333:nodegroup/prod/general/0a1b',
      version: '1.35',
      releaseVersion: '1.35.2-20261101',
      amiType: 'AL2023_x86_64_STANDARD',
      scalingConfig: { desiredSize: 1 },
      subnets: ['subnet-0private'],
      nodeRole: NODE_ROLE,
      launchTemplate: { id: 'lt-0aa', name: 'general', version: '3' },
      tags: { team: 'platform' },
    },
  });
  ec2.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances: [instance('i-1', managedTags)] }] });
  ec2.on(DescribeImagesCommand).resolves({
    Images: [
      {
        ImageId: 'ami-0aa',
        Name: 'amazon-eks-node-1',
        ImageOwnerAlias: 'amazon',
        CreationDate: '2026-11-01T08:00:00Z',
      },
    ],
  });
  ec2.on(DescribeLaunchTemplateVersionsCommand).resolves({
    LaunchTemplateVersions: [
      {
        VersionNumber: 3,
        LaunchTemplateData: {
          UserData: SECRET,
          MetadataOptions: { HttpTokens: 'required' },
          SecurityGroupIds: ['sg-0lt'],
        },
      },
    ],
  });
  ec2.on(DescribeRouteTablesCommand).resolves({
    RouteTables: [
      { VpcId: 'vpc-0aa', Associations: [{ Main: true }], Routes: [{ GatewayId: 'igw-0aa', State: 'active' }] },
      { VpcId: 'vpc-0aa', Associations: [{ SubnetId: 'subnet-0private' }], Routes: [{ NatGatewayId: 'nat-0aa' }] },
    ],
  });
  ec2.on(DescribeSecurityGroupsCommand).resolves({
    SecurityGroups: [
      {
        GroupId: 'sg-0nodes',
        IpPermissions: [
          { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '10.0.0.0/8' }], Ipv6Ranges: [] },
        ],
      },
    ],
  });
  iam.on(ListOpenIDConnectProvidersCommand).resolves({
    OpenIDConnectProviderList: [{ Arn: 'arn:aws:iam::111122223333:oidc-provider/example.com' }, { Arn: OIDC_ARN }],
  });
  iam
    .on(GetOpenIDConnectProviderCommand, { OpenIDConnectProviderArn: OIDC_ARN })
    .resolves({ ClientIDList: ['sts.amazonaws.com'] });
  logs.on(DescribeLogGroupsCommand).resolves({
    logGroups: [{ logGroupName: '/aws/eks/prod/cluster', retentionInDays: 90 }],
  });
  return { eks, ec2, iam, logs };
}

/** The first cluster that was collected. */
export function clusterOf({ resources }: Collected): EksCluster {
  return resources.find((resource) => resource.type === 'AwsEksCluster') as EksCluster;
}

export function nodegroupsOf({ resources }: Collected): readonly EksNodegroup[] {
  return resources.filter((resource) => resource.type === 'AwsEksNodegroup');
}
