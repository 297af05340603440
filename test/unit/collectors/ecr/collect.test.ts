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
import { beforeEach, describe, expect, test } from 'vitest';
import { ecrCollector } from '#shared/collectors/ecr/collect.ts';
import type { EcrRegistry, EcrRepository } from '#shared/collectors/ecr/model.ts';
import {
  digest,
  EXPIRE_UNTAGGED,
  eksClusterFact,
  KEEP_LAST,
  KEY_ARN,
  lifecycleText,
  policyText,
  REPOSITORY,
  REPOSITORY_ARN,
  runningImageFact,
  SERVICE_ARN,
} from '#test/factories/ecr.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { accessDenied, awsError, type Collected, collect, rejectUnstubbed } from '#test/support/collect.ts';

const ecr = mockClient(ECRClient);
const ecrPublic = mockClient(ECRPUBLICClient);
const kms = mockClient(KMSClient);
const tagging = mockClient(ResourceGroupsTaggingAPIClient);

function described(repositoryName = REPOSITORY): Repository {
  return {
    repositoryName,
    repositoryArn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${repositoryName}`,
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest' }],
    imageScanningConfiguration: { scanOnPush: false },
    encryptionConfiguration: { encryptionType: 'KMS', kmsKey: KEY_ARN },
  };
}

/** A registry with one repository, as it is answered when everything works. */
beforeEach(() => {
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
});

function repositories({ resources }: Collected): EcrRepository[] {
  return resources.filter((resource): resource is EcrRepository => resource.type === 'AwsEcrRepository');
}

function onlyRepository(collected: Collected): EcrRepository {
  const [repository, ...others] = repositories(collected);
  if (repository === undefined || others.length > 0) throw new Error('expected exactly one repository');
  return repository;
}

function registryOf({ resources }: Collected): EcrRegistry {
  const registry = resources.find((resource): resource is EcrRegistry => resource.type === 'EcrRegistry');
  if (registry === undefined) throw new Error('expected a registry');
  return registry;
}

const denied = (operation: string) => ({
  known: false,
  reason: { kind: 'unreadable', cause: 'denied', operation, missingPermission: operation },
});

describe('a registry that can be read', () => {
  test('gives the registry and its repository without a gap', async () => {
    const collected = await collect(ecrCollector, { facts: [runningImageFact()] });

    expect(collected.gaps).toEqual([]);
    expect(registryOf(collected)).toMatchObject({
      uid: `arn:aws:ecr:${REGION}:${ACCOUNT}:registry`,
      policy: { known: true, value: null },
      scanning: { known: true, value: { scanType: 'ENHANCED', rules: [{ frequency: 'CONTINUOUS_SCAN' }] } },
      signing: { known: true, value: null },
      creationTemplates: { known: true, value: [] },
      repositoryCount: { known: true, value: 1 },
      unscannedRepositories: { known: true, value: { count: 0, first: [] } },
    });
    expect(onlyRepository(collected)).toMatchObject({
      uid: REPOSITORY_ARN,
      inUse: 'yes',
      usedBy: [SERVICE_ARN],
      usedByCount: 1,
      tags: { known: true, value: { team: 'web' } },
      tagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      tagMutabilityExclusions: [{ type: 'WILDCARD', filter: 'latest' }],
      keyManager: { known: true, value: 'CUSTOMER' },
      scanning: { known: true, value: { frequency: 'CONTINUOUS_SCAN', appliedFilters: ['*'] } },
      scanningDecidedBy: { known: true, value: 'registry' },
      lifecyclePolicy: { known: true, value: { rules: [{ tagStatus: 'untagged' }, { tagStatus: 'any' }] } },
      deployedTags: ['v1.2.3'],
      images: {
        known: true,
        value: { images: 1, running: [{ digest: digest(1), present: true, lifecycle: { beyondCount: false } }] },
      },
    });
  });

  test('T32: a repository without a policy and without a lifecycle policy is known to have none', async () => {
    ecr.on(GetLifecyclePolicyCommand).rejects(awsError('LifecyclePolicyNotFoundException'));

    const collected = await collect(ecrCollector);

    expect(collected.gaps).toEqual([]);
    expect(onlyRepository(collected)).toMatchObject({
      policy: { known: true, value: null },
      lifecyclePolicy: { known: true, value: null },
    });
  });

  test('T28: images of every status are asked for, a thousand a page', async () => {
    await collect(ecrCollector);

    expect(ecr).toHaveReceivedCommandWith(DescribeImagesCommand, {
      repositoryName: REPOSITORY,
      filter: { imageStatus: 'ANY' },
      maxResults: 1000,
    });
  });

  test('D5: the scanning in effect is read, not the setting of the repository', async () => {
    const { scanning } = onlyRepository(await collect(ecrCollector));

    expect(scanning).toMatchObject({ known: true, value: { frequency: 'CONTINUOUS_SCAN' } });
  });

  test('two scans of the same account give the same bytes', async () => {
    const scan = async () => JSON.stringify(await collect(ecrCollector, { facts: [runningImageFact()] }));

    expect(await scan()).toBe(await scan());
  });
});

describe('D21: everything is read to its last page', () => {
  test('repositories, and their scanning in batches of 25', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `app-${index}`);
    ecr
      .on(DescribeRepositoriesCommand)
      .resolves({ repositories: names.slice(0, 28).map(described), nextToken: 'next' })
      .on(DescribeRepositoriesCommand, { nextToken: 'next' })
      .resolves({ repositories: names.slice(28).map(described) });

    const collected = await collect(ecrCollector);

    expect(repositories(collected).map(({ name }) => name)).toEqual(names);
    expect(registryOf(collected).repositoryCount).toEqual({ known: true, value: 30 });
    expect(ecr).toHaveReceivedCommandTimes(BatchGetRepositoryScanningConfigurationCommand, 2);
    expect(ecr).toHaveReceivedCommandWith(DescribeRepositoriesCommand, { maxResults: 1000 });
    expect(kms).toHaveReceivedCommandTimes(DescribeKeyCommand, 1);
  });

  test('images', async () => {
    ecr
      .on(DescribeImagesCommand)
      .resolves({ imageDetails: [{ imageDigest: digest(1) }], nextToken: 'next' })
      .on(DescribeImagesCommand, { nextToken: 'next' })
      .resolves({ imageDetails: [{ imageDigest: digest(2) }] });

    expect(onlyRepository(await collect(ecrCollector)).images).toMatchObject({ known: true, value: { images: 2 } });
  });

  test('creation templates, tags and public repositories', async () => {
    ecr
      .on(DescribeRepositoryCreationTemplatesCommand)
      .resolves({ repositoryCreationTemplates: [{ prefix: 'b' }], nextToken: 'next' })
      .on(DescribeRepositoryCreationTemplatesCommand, { nextToken: 'next' })
      .resolves({ repositoryCreationTemplates: [{ prefix: 'a', imageTagMutability: 'IMMUTABLE' }] });
    tagging
      .on(GetResourcesCommand)
      .resolves({ ResourceTagMappingList: [], PaginationToken: 'next' })
      .on(GetResourcesCommand, { PaginationToken: 'next' })
      .resolves({
        ResourceTagMappingList: [{ ResourceARN: REPOSITORY_ARN, Tags: [{ Key: 'team', Value: 'db' }] }],
        PaginationToken: '',
      });
    const repositoryArn = `arn:aws:ecr-public::${ACCOUNT}:repository/tool`;
    ecrPublic
      .on(DescribePublicRepositoriesCommand)
      .resolves({ repositories: [], nextToken: 'next' })
      .on(DescribePublicRepositoriesCommand, { nextToken: 'next' })
      .resolves({ repositories: [{ repositoryArn, repositoryName: 'tool' }] });

    const collected = await collect(ecrCollector);

    expect(registryOf(collected).creationTemplates).toMatchObject({
      known: true,
      value: [
        { prefix: 'a', tagMutability: 'IMMUTABLE' },
        { prefix: 'b', tagMutability: 'MUTABLE', lifecyclePolicy: { known: true, value: null } },
      ],
    });
    expect(onlyRepository(collected).tags).toEqual({ known: true, value: { team: 'db' } });
    expect(collected.resources).toContainEqual(
      expect.objectContaining({ type: 'EcrPublicRepository', uid: repositoryArn, inUse: 'unknown' }),
    );
    expect(tagging).toHaveReceivedCommandWith(GetResourcesCommand, {
      ResourceTypeFilters: ['ecr:repository'],
      ResourcesPerPage: 100,
    });
  });
});

describe('what is denied is unknown and a gap, never empty', () => {
  test('the listing: no repositories, and the registry says that it does not know', async () => {
    ecr.on(DescribeRepositoriesCommand).rejects(accessDenied('ecr:DescribeRepositories'));

    const collected = await collect(ecrCollector);

    expect(repositories(collected)).toEqual([]);
    expect(registryOf(collected)).toMatchObject({
      repositoryCount: denied('ecr:DescribeRepositories'),
      unscannedRepositories: denied('ecr:DescribeRepositories'),
    });
    expect(collected.gaps).toMatchObject([{ operation: 'ecr:DescribeRepositories', cause: 'denied', count: 1 }]);
  });

  test.for([
    ['ecr:GetLifecyclePolicy', GetLifecyclePolicyCommand, 'lifecyclePolicy'],
    ['ecr:GetRepositoryPolicy', GetRepositoryPolicyCommand, 'policy'],
    ['ecr:DescribeImages', DescribeImagesCommand, 'images'],
    ['ecr:BatchGetRepositoryScanningConfiguration', BatchGetRepositoryScanningConfigurationCommand, 'scanning'],
    ['ecr:GetRegistryPolicy', GetRegistryPolicyCommand, 'registryPolicy'],
    ['ecr:GetRegistryScanningConfiguration', GetRegistryScanningConfigurationCommand, 'scanningDecidedBy'],
  ] as const)('%s: the repository stays, one field is unknown', async ([operation, command, field]) => {
    ecr.on(command as typeof GetLifecyclePolicyCommand).rejects(accessDenied(operation));

    const collected = await collect(ecrCollector);
    const repository = onlyRepository(collected);

    expect(repository[field]).toMatchObject(denied(operation));
    expect(collected.gaps).toMatchObject([{ operation, cause: 'denied', missingPermission: operation }]);
    const others = [repository.lifecyclePolicy, repository.policy, repository.images, repository.scanning];
    expect(others.filter(({ known }) => !known).length).toBeLessThanOrEqual(1);
  });

  test.for([
    ['ecr:GetRegistryPolicy', GetRegistryPolicyCommand, 'policy'],
    ['ecr:GetRegistryScanningConfiguration', GetRegistryScanningConfigurationCommand, 'scanning'],
    ['ecr:GetSigningConfiguration', GetSigningConfigurationCommand, 'signing'],
    ['ecr:DescribeRepositoryCreationTemplates', DescribeRepositoryCreationTemplatesCommand, 'creationTemplates'],
  ] as const)('%s: the registry stays, one field is unknown', async ([operation, command, field]) => {
    ecr.on(command as typeof GetRegistryPolicyCommand).rejects(accessDenied(operation));

    expect(registryOf(await collect(ecrCollector))[field]).toMatchObject(denied(operation));
  });

  test('kms:DescribeKey', async () => {
    kms.on(DescribeKeyCommand).rejects(accessDenied('kms:DescribeKey'));

    expect(onlyRepository(await collect(ecrCollector)).keyManager).toMatchObject(denied('kms:DescribeKey'));
  });

  test('tag:GetResources: tags are unknown, not none', async () => {
    tagging.on(GetResourcesCommand).rejects(accessDenied('tag:GetResources'));

    expect(onlyRepository(await collect(ecrCollector)).tags).toMatchObject(denied('tag:GetResources'));
  });

  test('ecr-public:DescribeRepositories: a gap beside everything else', async () => {
    ecrPublic.on(DescribePublicRepositoriesCommand).rejects(accessDenied('ecr-public:DescribeRepositories'));

    const collected = await collect(ecrCollector);

    expect(repositories(collected)).toHaveLength(1);
    expect(collected.gaps).toMatchObject([{ operation: 'ecr-public:DescribeRepositories' }]);
  });

  test('the second page of images: the whole summary is unknown', async () => {
    ecr
      .on(DescribeImagesCommand)
      .resolves({ imageDetails: [{ imageDigest: digest(1) }], nextToken: 'next' })
      .on(DescribeImagesCommand, { nextToken: 'next' })
      .rejects(awsError('ServerException', 'ServerException', 500));

    expect(onlyRepository(await collect(ecrCollector)).images).toMatchObject({ known: false });
  });
});

describe('odd answers', () => {
  test('a repository without an ARN is a gap and not a repository', async () => {
    ecr.on(DescribeRepositoriesCommand).resolves({ repositories: [{ repositoryName: 'nameless' }, described()] });

    const collected = await collect(ecrCollector);

    expect(repositories(collected)).toHaveLength(1);
    expect(collected.gaps).toMatchObject([{ operation: 'ecr:DescribeRepositories', cause: 'invalid-answer' }]);
  });

  test('a repository that the scanning answer leaves out is unknown and a gap', async () => {
    ecr.on(BatchGetRepositoryScanningConfigurationCommand).resolves({});

    const collected = await collect(ecrCollector);

    expect(onlyRepository(collected).scanning).toMatchObject({ known: false, reason: { cause: 'invalid-answer' } });
    expect(registryOf(collected).unscannedRepositories).toMatchObject({ known: false });
    expect(collected.gaps).toMatchObject([{ operation: 'ecr:BatchGetRepositoryScanningConfiguration' }]);
  });

  test('a policy that is no policy is undecidable', async () => {
    ecr
      .on(GetRepositoryPolicyCommand)
      .resolves({ policyText: '{"Statement": "everything"}' })
      .on(GetLifecyclePolicyCommand)
      .resolves({ lifecyclePolicyText: 'no json' });

    expect(onlyRepository(await collect(ecrCollector))).toMatchObject({
      policy: { known: false, reason: { kind: 'undecidable' } },
      lifecyclePolicy: { known: false, reason: { kind: 'undecidable' } },
    });
  });

  test('an answer without a policy text is unknown and a gap', async () => {
    ecr.on(GetRepositoryPolicyCommand).resolves({});

    const collected = await collect(ecrCollector);

    expect(onlyRepository(collected).policy).toMatchObject({ known: false, reason: { cause: 'invalid-answer' } });
    expect(collected.gaps).toMatchObject([{ operation: 'ecr:GetRepositoryPolicy', cause: 'invalid-answer' }]);
  });

  test('a KMS key of another account is not asked about', async () => {
    const kmsKey = KEY_ARN.replace(ACCOUNT, '444455556666');
    ecr.on(DescribeRepositoriesCommand).resolves({
      repositories: [{ ...described(), encryptionConfiguration: { encryptionType: 'KMS', kmsKey } }],
    });

    expect(onlyRepository(await collect(ecrCollector)).keyManager).toMatchObject({
      known: false,
      reason: { kind: 'undecidable' },
    });
    expect(kms).not.toHaveReceivedCommand(DescribeKeyCommand);
  });
});

describe('T88: a repository that is deleted during the scan', () => {
  test.for([
    ['before its policies are read', GetLifecyclePolicyCommand],
    ['before its images are read', DescribeImagesCommand],
  ] as const)('is dropped without a gap %s', async ([, command]) => {
    ecr.on(command as typeof GetLifecyclePolicyCommand).rejects(awsError('RepositoryNotFoundException'));

    const collected = await collect(ecrCollector);

    expect(repositories(collected)).toEqual([]);
    expect(collected.gaps).toEqual([]);
  });

  test('is dropped without a gap when the scanning answer says so', async () => {
    ecr.on(BatchGetRepositoryScanningConfigurationCommand).resolves({
      failures: [{ repositoryName: REPOSITORY, failureCode: 'REPOSITORY_NOT_FOUND' }],
    });

    const collected = await collect(ecrCollector);

    expect(repositories(collected)).toEqual([]);
    expect(collected.gaps).toEqual([]);
  });
});

describe('use', () => {
  test('is no when everything was read and nothing runs an image', async () => {
    expect(onlyRepository(await collect(ecrCollector)).inUse).toBe('no');
  });

  test('is unknown when a region was not read', async () => {
    const collected = await collect(ecrCollector, { completeKinds: ['eks-cluster'] });

    expect(onlyRepository(collected)).toMatchObject({ inUse: 'unknown', usesListed: { known: false } });
  });

  test('is unknown when there is an EKS cluster, whose pods were not read', async () => {
    const collected = await collect(ecrCollector, { facts: [eksClusterFact()] });

    expect(onlyRepository(collected)).toMatchObject({ inUse: 'unknown', usesListed: { known: false } });
  });

  test('is yes for whatever runs, with the first ten users and their number', async () => {
    const facts = Array.from({ length: 12 }, (_, index) => runningImageFact({ usedBy: `${SERVICE_ARN}-${index}` }));

    const repository = onlyRepository(await collect(ecrCollector, { facts: [...facts, eksClusterFact()] }));

    expect(repository).toMatchObject({ inUse: 'yes', usedByCount: 12 });
    expect(repository.usedBy).toHaveLength(10);
  });

  test('T17: what runs without a reported digest is said, and not guessed from its tag', async () => {
    const { digest: _, ...fact } = runningImageFact();

    expect(onlyRepository(await collect(ecrCollector, { facts: [fact] }))).toMatchObject({
      runsUnknownDigest: true,
      deployedTags: ['v1.2.3'],
      images: { known: true, value: { running: [] } },
    });
  });

  test('a reference by digest deploys no tag', async () => {
    const { digest: _, ...fact } = runningImageFact({
      image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${REPOSITORY}:v1.2.3@${digest(1)}`,
    });

    expect(onlyRepository(await collect(ecrCollector, { facts: [fact] }))).toMatchObject({
      runsUnknownDigest: false,
      deployedTags: [],
      images: { known: true, value: { running: [{ digest: digest(1), present: true }] } },
    });
  });
});

test('the public gallery is asked only in the region that has it', async () => {
  await collect(ecrCollector, { region: 'eu-west-1' });

  expect(ecrPublic).not.toHaveReceivedCommand(DescribePublicRepositoriesCommand);
});

test('T33: the policies of repository and registry are kept as statements', async () => {
  const statement = { Sid: 'Everybody', Effect: 'Allow', Principal: '*', Action: 'ecr:*' };
  ecr
    .on(GetRepositoryPolicyCommand)
    .resolves({ policyText: policyText(statement) })
    .on(GetRegistryPolicyCommand)
    .resolves({ policyText: policyText({ ...statement, Resource: '*' }) });

  const collected = await collect(ecrCollector);

  const kept = { known: true, value: { statements: [{ path: 'Statement[Everybody]', effect: 'Allow' }] } };
  expect(onlyRepository(collected)).toMatchObject({ policy: kept, registryPolicy: kept });
  expect(registryOf(collected).policy).toMatchObject(kept);
});
