import type { FactLookup } from '../../domain/fact.ts';
import { type ChangeEvent, onCalls, type Touched, type Trigger, textAt } from '../../domain/trigger.ts';

const CLUSTER_CALLS = [
  'AssociateAccessPolicy',
  'AssociateEncryptionConfig',
  'AssociateIdentityProviderConfig',
  'CreateAccessEntry',
  'CreateAddon',
  'CreateCluster',
  'CreateFargateProfile',
  'CreatePodIdentityAssociation',
  'DeleteAccessEntry',
  'DeleteAddon',
  'DeleteCluster',
  'DeleteFargateProfile',
  'DeletePodIdentityAssociation',
  'DisassociateAccessPolicy',
  'DisassociateIdentityProviderConfig',
  'UpdateAccessEntry',
  'UpdateAddon',
  'UpdateClusterConfig',
  'UpdateClusterVersion',
  'UpdatePodIdentityAssociation',
];

const NODEGROUP_CALLS = ['CreateNodegroup', 'DeleteNodegroup', 'UpdateNodegroupConfig', 'UpdateNodegroupVersion'];

const PROVIDER_CALLS = [
  'AddClientIDToOpenIDConnectProvider',
  'CreateOpenIDConnectProvider',
  'DeleteOpenIDConnectProvider',
  'RemoveClientIDFromOpenIDConnectProvider',
  'UpdateOpenIDConnectProviderThumbprint',
];

/**
 * What happens to clusters, their node groups, and the identity providers in IAM that trust them.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/service-name-info-in-cloudtrail.html
 */
export const eksTriggers: readonly Trigger[] = [
  onCalls('eks', CLUSTER_CALLS, (event) => {
    const name = clusterName(event);
    return name === undefined ? [] : [cluster(event, name)];
  }),
  onCalls('eks', NODEGROUP_CALLS, (event) => {
    const [clusterOf, name] = [clusterName(event), parameter(event, 'nodegroupName')];
    if (clusterOf === undefined || name === undefined) return [];
    const { accountId, region } = event;
    return [{ service: 'eks', accountId, region, resource: { type: 'AwsEksNodegroup', name, cluster: clusterOf } }];
  }),
  onCalls('iam', PROVIDER_CALLS, clustersOfProvider),
];

/** EKS calls the cluster `name` where it is part of the path, and `clusterName` elsewhere. */
function clusterName(event: ChangeEvent): string | undefined {
  return parameter(event, 'clusterName') ?? parameter(event, 'name');
}

function parameter({ detail }: ChangeEvent, name: string): string | undefined {
  return textAt(detail, 'requestParameters', name);
}

function cluster({ accountId, region }: Pick<ChangeEvent, 'accountId' | 'region'>, name: string): Touched {
  return { service: 'eks', accountId, region, resource: { type: 'AwsEksCluster', name } };
}

/** IAM reports in one region for all: the clusters are those whose issuer the provider is for. */
function clustersOfProvider(event: ChangeEvent, facts: FactLookup): readonly Touched[] {
  const named = parameter(event, 'url') ?? parameter(event, 'openIDConnectProviderArn');
  if (named === undefined) return [];
  const { accountId } = event;
  return facts
    .about('eks-cluster')
    .facts.filter(
      (fact) =>
        fact.accountId === accountId && fact.oidcIssuer !== undefined && named.endsWith(hostAndPath(fact.oidcIssuer)),
    )
    .map((fact) => cluster(fact, fact.name));
}

function hostAndPath(url: string): string {
  return url.replace(/^https:\/\//, '');
}
