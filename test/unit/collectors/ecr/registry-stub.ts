import {
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  DescribeRepositoryCreationTemplatesCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  GetRepositoryPolicyCommand,
  GetSigningConfigurationCommand,
  type Repository,
} from '@aws-sdk/client-ecr';
import {
  DescribeRepositoriesCommand as DescribePublicRepositoriesCommand,
  ECRPUBLICClient,
} from '@aws-sdk/client-ecr-public';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { mockClient } from 'aws-sdk-client-mock';
import type { EcrRegistry, EcrRepository } from '#shared/collectors/ecr/model.ts';
import {
  digest,
  EXPIRE_UNTAGGED,
  KEEP_LAST,
  KEY_ARN,
  lifecycleText,
  REPOSITORY,
  REPOSITORY_ARN,
} from '#test/factories/ecr.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { awsError, type Collected, rejectUnstubbed } from '#test/support/collect.ts';

export const ecr = mockClient(ECRClient);
export const ecrPublic = mockClient(ECRPUBLICClient);
export const kms = mockClient(KMSClient);
export const tagging = mockClient(ResourceGroupsTaggingAPIClient);

export function described(repositoryName = REPOSITORY): Repository {
  return {
    repositoryName,
    repositoryArn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${repositoryName}`,
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest' }],
    imageScanningConfiguration: { scanOnPush: false },
    encryptionConfiguration: { encryptionType: 'KMS', kmsKey: KEY_ARN },
  };
}

/** Stubs a registry with one repository, as it is answered when everything works; call it before each test. */
export function stubRegistry(): void {
  for (const mock of [ecr, ecrPublic, kms, tagging]) rejectUnstubbed(mock.reset());
  ecr
    .on(GetRegistryPolicyCommand)
    .rejects(awsError('RegistryPolicyNotFoundException'))
    .on(GetRegistryScanningConfigurationCommand)
    .resolves({
      scanningConfiguration: {
        scanType: 'ENHANCED',
        rules: [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }],
      },
    })
    .on(GetSigningConfigurationCommand)
    .rejects(awsError('SigningConfigurationNotFoundException'))
    .on(DescribeRepositoryCreationTemplatesCommand)
    .resolves({ repositoryCreationTemplates: [] })
    .on(DescribeRepositoriesCommand)
    .resolves({ repositories: [described()] })
    .on(BatchGetRepositoryScanningConfigurationCommand)
    .callsFake(({ repositoryNames }: { repositoryNames: string[] }) => ({
      scanningConfigurations: repositoryNames.map((repositoryName) => ({
        repositoryName,
        scanFrequency: 'CONTINUOUS_SCAN',
        scanOnPush: true,
        appliedScanFilters: [{ filter: '*', filterType: 'WILDCARD' }],
      })),
      failures: [],
    }))
    .on(GetLifecyclePolicyCommand)
    .resolves({ lifecyclePolicyText: lifecycleText(EXPIRE_UNTAGGED, KEEP_LAST(30)) })
    .on(GetRepositoryPolicyCommand)
    .rejects(awsError('RepositoryPolicyNotFoundException'))
    .on(DescribeImagesCommand)
    .resolves({
      imageDetails: [
        { imageDigest: digest(1), imageTags: ['v1.2.3'], imagePushedAt: new Date('2026-11-20T00:00:00Z') },
      ],
    });
  ecrPublic.on(DescribePublicRepositoriesCommand).resolves({ repositories: [] });
  kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { KeyId: KEY_ARN, KeyManager: 'CUSTOMER' } });
  tagging.on(GetResourcesCommand).resolves({
    ResourceTagMappingList: [{ ResourceARN: REPOSITORY_ARN, Tags: [{ Key: 'team', Value: 'web' }] }],
  });
}

export function repositories({ resources }: Collected): EcrRepository[] {
  return resources.filter((resource): resource is EcrRepository => resource.type === 'AwsEcrRepository');
}

export function onlyRepository(collected: Collected): EcrRepository {
  const [repository, ...others] = repositories(collected);
  if (repository === undefined || others.length > 0) throw new Error('expected exactly one repository');
  return repository;
}

export function registryOf({ resources }: Collected): EcrRegistry {
  const registry = resources.find((resource): resource is EcrRegistry => resource.type === 'EcrRegistry');
  if (registry === undefined) throw new Error('expected a registry');
  return registry;
}
