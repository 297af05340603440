import {
  DescribeAccessEntry$,
  type DescribeAccessEntryCommandInput,
  type DescribeAccessEntryCommandOutput,
  DescribeIdentityProviderConfig$,
  type DescribeIdentityProviderConfigCommandInput,
  type DescribeIdentityProviderConfigCommandOutput,
  DescribePodIdentityAssociation$,
  type DescribePodIdentityAssociationCommandInput,
  type DescribePodIdentityAssociationCommandOutput,
  ListAccessEntries$,
  type ListAccessEntriesCommandInput,
  type ListAccessEntriesCommandOutput,
  ListAssociatedAccessPolicies$,
  type ListAssociatedAccessPoliciesCommandInput,
  type ListAssociatedAccessPoliciesCommandOutput,
  ListIdentityProviderConfigs$,
  type ListIdentityProviderConfigsCommandInput,
  type ListIdentityProviderConfigsCommandOutput,
  ListPodIdentityAssociations$,
  type ListPodIdentityAssociationsCommandInput,
  type ListPodIdentityAssociationsCommandOutput,
} from '@aws-sdk/client-eks';
import { type Call, operation, type Reply } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { EksClusterState } from '../world/eks-state.ts';
import { eksClusterOf, eksPage, notFound } from './eks-clusters.ts';

/** Who may enter a cluster, and which roles its pods take. */
export const accessOperations = [
  operation(ListAccessEntries$, listAccessEntries),
  operation(DescribeAccessEntry$, describeAccessEntry),
  operation(ListAssociatedAccessPolicies$, listAssociatedAccessPolicies),
  operation(ListPodIdentityAssociations$, listPodIdentityAssociations),
  operation(DescribePodIdentityAssociation$, describePodIdentityAssociation),
  operation(ListIdentityProviderConfigs$, listIdentityProviderConfigs),
  operation(DescribeIdentityProviderConfig$, describeIdentityProviderConfig),
];

/** A cluster in CONFIG_MAP mode has no access entries, and says so with an error rather than an empty list. */
function withAccessEntries(call: Call, name: string | undefined): EksClusterState {
  const found = eksClusterOf(call, name);
  if (found.cluster.accessConfig?.authenticationMode === 'CONFIG_MAP') {
    throw new ServiceError(
      'InvalidRequestException',
      "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
      400,
      { clusterName: name },
    );
  }
  return found;
}

function accessEntryOf(call: Call, input: { clusterName: string | undefined; principalArn: string | undefined }) {
  const { accessEntries } = withAccessEntries(call, input.clusterName);
  const found = accessEntries.find(({ entry }) => entry.principalArn === input.principalArn);
  if (!found)
    throw notFound(
      'The specified principalArn could not be found. You can view your available access entries with list-access-entries.',
    );
  return found;
}

function listAccessEntries(call: Call, input: ListAccessEntriesCommandInput): Reply<ListAccessEntriesCommandOutput> {
  const wanted = withAccessEntries(call, input.clusterName).accessEntries.filter(
    ({ policies }) =>
      input.associatedPolicyArn === undefined ||
      policies.some(({ policyArn }) => policyArn === input.associatedPolicyArn),
  );
  const { items, nextToken } = eksPage(call, wanted, input);
  return { accessEntries: items.map(({ entry }) => entry.principalArn), nextToken };
}

function describeAccessEntry(
  call: Call,
  input: DescribeAccessEntryCommandInput,
): Reply<DescribeAccessEntryCommandOutput> {
  return { accessEntry: accessEntryOf(call, input).entry };
}

function listAssociatedAccessPolicies(
  call: Call,
  input: ListAssociatedAccessPoliciesCommandInput,
): Reply<ListAssociatedAccessPoliciesCommandOutput> {
  const { entry, policies } = accessEntryOf(call, input);
  const { items, nextToken } = eksPage(call, policies, input);
  return {
    clusterName: input.clusterName,
    principalArn: entry.principalArn,
    associatedAccessPolicies: items,
    nextToken,
  };
}

function listPodIdentityAssociations(
  call: Call,
  input: ListPodIdentityAssociationsCommandInput,
): Reply<ListPodIdentityAssociationsCommandOutput> {
  const wanted = eksClusterOf(call, input.clusterName).podIdentityAssociations.filter(
    ({ namespace, serviceAccount }) =>
      (input.namespace === undefined || namespace === input.namespace) &&
      (input.serviceAccount === undefined || serviceAccount === input.serviceAccount),
  );
  const { items, nextToken } = eksPage(call, wanted, input);
  const associations = items.map(
    ({ clusterName, namespace, serviceAccount, associationArn, associationId, ownerArn }) => ({
      clusterName,
      namespace,
      serviceAccount,
      associationArn,
      associationId,
      ownerArn,
    }),
  );
  return { associations, nextToken };
}

function describePodIdentityAssociation(
  call: Call,
  input: DescribePodIdentityAssociationCommandInput,
): Reply<DescribePodIdentityAssociationCommandOutput> {
  const { podIdentityAssociations } = eksClusterOf(call, input.clusterName);
  const association = podIdentityAssociations.find(({ associationId }) => associationId === input.associationId);
  if (!association) throw notFound(`The association ID is not found: ${input.associationId}`);
  return { association };
}

function listIdentityProviderConfigs(
  call: Call,
  input: ListIdentityProviderConfigsCommandInput,
): Reply<ListIdentityProviderConfigsCommandOutput> {
  const { items, nextToken } = eksPage(call, eksClusterOf(call, input.clusterName).identityProviders, input);
  const identityProviderConfigs = items.map(({ identityProviderConfigName }) => ({
    type: 'oidc',
    name: identityProviderConfigName,
  }));
  return { identityProviderConfigs, nextToken };
}

function describeIdentityProviderConfig(
  call: Call,
  input: DescribeIdentityProviderConfigCommandInput,
): Reply<DescribeIdentityProviderConfigCommandOutput> {
  const { identityProviders } = eksClusterOf(call, input.clusterName);
  const name = input.identityProviderConfig?.name;
  const oidc = identityProviders.find(({ identityProviderConfigName }) => identityProviderConfigName === name);
  if (!oidc) throw notFound(`No identity provider config found with name: ${name}.`);
  return { identityProviderConfig: { oidc } };
}
