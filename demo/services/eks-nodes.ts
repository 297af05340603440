import {
  DescribeAddon$,
  type DescribeAddonCommandInput,
  type DescribeAddonCommandOutput,
  DescribeFargateProfile$,
  type DescribeFargateProfileCommandInput,
  type DescribeFargateProfileCommandOutput,
  DescribeNodegroup$,
  type DescribeNodegroupCommandInput,
  type DescribeNodegroupCommandOutput,
  ListAddons$,
  type ListAddonsCommandInput,
  type ListAddonsCommandOutput,
  ListFargateProfiles$,
  type ListFargateProfilesCommandInput,
  type ListFargateProfilesCommandOutput,
  ListNodegroups$,
  type ListNodegroupsCommandInput,
  type ListNodegroupsCommandOutput,
} from '@aws-sdk/client-eks';
import { type Call, operation, type Reply } from '../service.ts';
import { eksClusterOf, eksPage, notFound } from './eks-clusters.ts';

/** Node groups, Fargate profiles and add-ons. */
export const eksNodeOperations = [
  operation(ListNodegroups$, listNodegroups),
  operation(DescribeNodegroup$, describeNodegroup),
  operation(ListFargateProfiles$, listFargateProfiles),
  operation(DescribeFargateProfile$, describeFargateProfile),
  operation(ListAddons$, listAddons),
  operation(DescribeAddon$, describeAddon),
];

function listNodegroups(call: Call, input: ListNodegroupsCommandInput): Reply<ListNodegroupsCommandOutput> {
  const { items, nextToken } = eksPage(call, eksClusterOf(call, input.clusterName).nodegroups, input);
  return { nodegroups: items.map(({ nodegroupName }) => nodegroupName), nextToken };
}

function describeNodegroup(call: Call, input: DescribeNodegroupCommandInput): Reply<DescribeNodegroupCommandOutput> {
  const { nodegroups } = eksClusterOf(call, input.clusterName);
  const nodegroup = nodegroups.find(({ nodegroupName }) => nodegroupName === input.nodegroupName);
  if (!nodegroup) throw notFound(`No node group found for name: ${input.nodegroupName}.`);
  return { nodegroup };
}

function listFargateProfiles(
  call: Call,
  input: ListFargateProfilesCommandInput,
): Reply<ListFargateProfilesCommandOutput> {
  const { items, nextToken } = eksPage(call, eksClusterOf(call, input.clusterName).fargateProfiles, input);
  return { fargateProfileNames: items.map(({ fargateProfileName }) => fargateProfileName), nextToken };
}

function describeFargateProfile(
  call: Call,
  input: DescribeFargateProfileCommandInput,
): Reply<DescribeFargateProfileCommandOutput> {
  const { fargateProfiles } = eksClusterOf(call, input.clusterName);
  const fargateProfile = fargateProfiles.find(
    ({ fargateProfileName }) => fargateProfileName === input.fargateProfileName,
  );
  if (!fargateProfile) throw notFound(`No Fargate Profile found with name: ${input.fargateProfileName}.`);
  return { fargateProfile };
}

function listAddons(call: Call, input: ListAddonsCommandInput): Reply<ListAddonsCommandOutput> {
  const { items, nextToken } = eksPage(call, eksClusterOf(call, input.clusterName).addons, input);
  return { addons: items.map(({ addonName }) => addonName), nextToken };
}

function describeAddon(call: Call, input: DescribeAddonCommandInput): Reply<DescribeAddonCommandOutput> {
  const { addons } = eksClusterOf(call, input.clusterName);
  const addon = addons.find(({ addonName }) => addonName === input.addonName);
  if (!addon) throw notFound(`No addon: ${input.addonName} found in cluster: ${input.clusterName}`);
  return { addon };
}
