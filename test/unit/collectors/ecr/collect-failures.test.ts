import {
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  DescribeRepositoryCreationTemplatesCommand,
  GetLifecyclePolicyCommand,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  GetRepositoryPolicyCommand,
  GetSigningConfigurationCommand,
} from '@aws-sdk/client-ecr';
import { DescribeRepositoriesCommand as DescribePublicRepositoriesCommand } from '@aws-sdk/client-ecr-public';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api';
import { beforeEach, describe, expect, test } from 'vitest';
import { ecrCollector } from '#shared/collectors/ecr/collect.ts';
import { digest, KEY_ARN, REPOSITORY } from '#test/factories/ecr.ts';
import { ACCOUNT } from '#test/factories/resource.ts';
import { accessDenied, awsError, collect } from '#test/support/collect.ts';
import {
  described,
  ecr,
  ecrPublic,
  kms,
  onlyRepository,
  registryOf,
  repositories,
  stubRegistry,
  tagging,
} from './registry-stub.ts';

beforeEach(stubRegistry);

const denied = (operation: string) => ({
  known: false,
  reason: { kind: 'unreadable', cause: 'denied', operation, missingPermission: operation },
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
