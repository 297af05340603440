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
import { NOTHING, type PermissionProbe, type ProbePlace } from './probe.ts';

const clusterName = NOTHING;
const refusals = ['NotFoundException', 'ResourceNotFoundException'];
const eks = ({ clientFor }: ProbePlace) => clientFor(EKSClient);
const roleOf = ({ partition, accountId }: ProbePlace) => `arn:${partition}:iam::${accountId}:role/${NOTHING}`;

/** @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html */
export const eksProbes = {
  'eks:DescribeAccessEntry': {
    call: (place) => eks(place).send(new DescribeAccessEntryCommand({ clusterName, principalArn: roleOf(place) })),
    refusals,
  },
  'eks:DescribeAddon': {
    call: (place) => eks(place).send(new DescribeAddonCommand({ clusterName, addonName: NOTHING })),
    refusals,
  },
  'eks:DescribeCluster': {
    call: (place) => eks(place).send(new DescribeClusterCommand({ name: clusterName })),
    refusals,
  },
  'eks:DescribeClusterVersions': {
    call: (place) => eks(place).send(new DescribeClusterVersionsCommand({ maxResults: 1 })),
  },
  'eks:DescribeFargateProfile': {
    call: (place) => eks(place).send(new DescribeFargateProfileCommand({ clusterName, fargateProfileName: NOTHING })),
    refusals,
  },
  'eks:DescribeIdentityProviderConfig': {
    call: (place) =>
      eks(place).send(
        new DescribeIdentityProviderConfigCommand({
          clusterName,
          identityProviderConfig: { type: 'oidc', name: NOTHING },
        }),
      ),
    refusals,
  },
  'eks:DescribeNodegroup': {
    call: (place) => eks(place).send(new DescribeNodegroupCommand({ clusterName, nodegroupName: NOTHING })),
    refusals,
  },
  'eks:DescribePodIdentityAssociation': {
    call: (place) =>
      eks(place).send(new DescribePodIdentityAssociationCommand({ clusterName, associationId: 'a-00000000000000000' })),
    refusals,
  },
  'eks:ListAccessEntries': {
    call: (place) => eks(place).send(new ListAccessEntriesCommand({ clusterName, maxResults: 1 })),
    refusals,
  },
  'eks:ListAddons': {
    call: (place) => eks(place).send(new ListAddonsCommand({ clusterName, maxResults: 1 })),
    refusals,
  },
  'eks:ListAssociatedAccessPolicies': {
    call: (place) =>
      eks(place).send(new ListAssociatedAccessPoliciesCommand({ clusterName, principalArn: roleOf(place) })),
    refusals,
  },
  'eks:ListClusters': {
    call: (place) => eks(place).send(new ListClustersCommand({ maxResults: 1 })),
  },
  'eks:ListFargateProfiles': {
    call: (place) => eks(place).send(new ListFargateProfilesCommand({ clusterName, maxResults: 1 })),
    refusals,
  },
  'eks:ListIdentityProviderConfigs': {
    call: (place) => eks(place).send(new ListIdentityProviderConfigsCommand({ clusterName, maxResults: 1 })),
    refusals,
  },
  'eks:ListInsights': {
    call: (place) => eks(place).send(new ListInsightsCommand({ clusterName, maxResults: 1 })),
    refusals,
  },
  'eks:ListNodegroups': {
    call: (place) => eks(place).send(new ListNodegroupsCommand({ clusterName, maxResults: 1 })),
    refusals,
  },
  'eks:ListPodIdentityAssociations': {
    call: (place) => eks(place).send(new ListPodIdentityAssociationsCommand({ clusterName, maxResults: 1 })),
    refusals,
  },
} as const satisfies Record<string, PermissionProbe>;
