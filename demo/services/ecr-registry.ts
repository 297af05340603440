import {
  DescribeRegistry$,
  type DescribeRegistryCommandOutput,
  DescribeRepositoryCreationTemplates$,
  type DescribeRepositoryCreationTemplatesCommandInput,
  type DescribeRepositoryCreationTemplatesCommandOutput,
  GetAccountSetting$,
  type GetAccountSettingCommandInput,
  type GetAccountSettingCommandOutput,
  GetRegistryPolicy$,
  type GetRegistryPolicyCommandOutput,
  GetRegistryScanningConfiguration$,
  type GetRegistryScanningConfigurationCommandOutput,
  GetSigningConfiguration$,
  type GetSigningConfigurationCommandOutput,
  ListPullTimeUpdateExclusions$,
  type ListPullTimeUpdateExclusionsCommandInput,
  type ListPullTimeUpdateExclusionsCommandOutput,
} from '@aws-sdk/client-ecr';
import { page } from '../paging.ts';
import { type Call, operation, type Reply } from '../service.ts';
import { ServiceError } from '../service-error.ts';

/** The settings of the registry as a whole. */
export const registryOperations = [
  operation(DescribeRegistry$, describeRegistry),
  operation(GetRegistryPolicy$, getRegistryPolicy),
  operation(GetRegistryScanningConfiguration$, getRegistryScanningConfiguration),
  operation(GetSigningConfiguration$, getSigningConfiguration),
  operation(DescribeRepositoryCreationTemplates$, describeRepositoryCreationTemplates),
  operation(GetAccountSetting$, getAccountSetting),
  operation(ListPullTimeUpdateExclusions$, listPullTimeUpdateExclusions),
];

function describeRegistry({ account }: Call): Reply<DescribeRegistryCommandOutput> {
  return { registryId: account.id, replicationConfiguration: { rules: [] } };
}

function getRegistryPolicy({ account, region }: Call): Reply<GetRegistryPolicyCommandOutput> {
  if (region.ecr.registryPolicy === undefined) {
    throw new ServiceError(
      'RegistryPolicyNotFoundException',
      `Registry policy does not exist in the registry with id '${account.id}'`,
    );
  }
  return { registryId: account.id, policyText: region.ecr.registryPolicy };
}

function getRegistryScanningConfiguration(call: Call): Reply<GetRegistryScanningConfigurationCommandOutput> {
  return { registryId: call.account.id, scanningConfiguration: call.region.ecr.scanning };
}

function getSigningConfiguration({ account, region }: Call): Reply<GetSigningConfigurationCommandOutput> {
  if (region.ecr.signing === undefined) {
    throw new ServiceError(
      'SigningConfigurationNotFoundException',
      `The signing configuration does not exist in the registry with id '${account.id}'`,
    );
  }
  return { registryId: account.id, signingConfiguration: region.ecr.signing };
}

function describeRepositoryCreationTemplates(
  call: Call,
  input: DescribeRepositoryCreationTemplatesCommandInput,
): Reply<DescribeRepositoryCreationTemplatesCommandOutput> {
  const { prefixes } = input;
  const wanted = call.region.ecr.creationTemplates.filter(
    ({ prefix }) => prefixes === undefined || prefixes.includes(prefix ?? ''),
  );
  const { items, nextToken } = page(call, wanted, {
    token: input.nextToken,
    requested: input.maxResults,
    usual: 100,
    most: 1000,
  });
  return { registryId: call.account.id, repositoryCreationTemplates: items, nextToken };
}

function getAccountSetting(
  { region }: Call,
  input: GetAccountSettingCommandInput,
): Reply<GetAccountSettingCommandOutput> {
  const name = input.name ?? '';
  const value = region.ecr.accountSettings[name];
  if (value === undefined) {
    throw new ServiceError(
      'InvalidParameterException',
      `Invalid parameter at 'name' failed to satisfy constraint: '${name}'`,
    );
  }
  return { name, value };
}

function listPullTimeUpdateExclusions(
  call: Call,
  input: ListPullTimeUpdateExclusionsCommandInput,
): Reply<ListPullTimeUpdateExclusionsCommandOutput> {
  const { items, nextToken } = page(call, call.region.ecr.pullTimeExclusions, {
    token: input.nextToken,
    requested: input.maxResults,
    usual: 100,
    most: 100,
  });
  return { pullTimeUpdateExclusions: items, nextToken };
}
