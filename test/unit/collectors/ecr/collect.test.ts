import {
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  DescribeRepositoryCreationTemplatesCommand,
  GetLifecyclePolicyCommand,
  GetRegistryPolicyCommand,
  GetRepositoryPolicyCommand,
  GetSigningConfigurationCommand,
} from '@aws-sdk/client-ecr';
import { DescribeRepositoriesCommand as DescribePublicRepositoriesCommand } from '@aws-sdk/client-ecr-public';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api';
import { beforeEach, describe, expect, test } from 'vitest';
import { ecrCollector } from '#shared/collectors/ecr/collect.ts';
import { createClassifier } from '#shared/collectors/secrets/classifier.ts';
import { known } from '#shared/domain/observed.ts';
import {
  digest,
  eksClusterFact,
  policyText,
  REPOSITORY,
  REPOSITORY_ARN,
  repositoryImages,
  running,
  runningImageFact,
  SERVICE_ARN,
} from '#test/factories/ecr.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { awsError, collect, contextOf, recheckOne } from '#test/support/collect.ts';
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

describe('a repository that is looked at again', () => {
  const key = `${ACCOUNT}/${REGION}/${REPOSITORY}`;
  const again = (facts: Parameters<typeof recheckOne>[2] = {}) =>
    recheckOne(ecrCollector, { type: 'AwsEcrRepository', name: REPOSITORY }, facts);

  test('states anew which of its images run, so that these are looked into again', async () => {
    expect(await again({ facts: [runningImageFact()] })).toMatchObject([
      { resource: { uid: REPOSITORY_ARN } },
      {
        corrected: {
          subject: key,
          kinds: ['repository-images'],
          facts: [{ key, tags: { value: { team: 'web' } }, images: { value: { running: [{ digest: digest(1) }] } } }],
        },
      },
    ]);
  });

  test('is signed as the last scan has stated it, without a call', async () => {
    const stated = repositoryImages({}, { key, signsOnPush: known(true) });

    expect(await again({ facts: [stated] })).toMatchObject([
      {},
      { corrected: { facts: [{ signsOnPush: { value: true } }] } },
    ]);
    expect(ecr.commandCalls(GetSigningConfigurationCommand)).toHaveLength(0);
  });

  describe('when those who ran its images are not heard of any more', () => {
    const stated = repositoryImages({ running: [running(1)] }, { key });
    const notHeardOf = { facts: [stated], completeKinds: [] };

    test('runs what it ran: nothing that the recheck cannot know is closed', async () => {
      expect(await again(notHeardOf)).toMatchObject([
        {
          resource: {
            inUse: 'yes',
            usedBy: [SERVICE_ARN],
            usesListed: { known: false },
            images: { value: { running: [{ digest: digest(1), present: true }] } },
          },
        },
        { corrected: { facts: [{ use: { inUse: 'yes' }, images: { value: { running: [{ digest: digest(1) }] } } }] } },
      ]);
    });

    test('runs nothing where all have said that they run something else', async () => {
      expect(await again({ facts: [stated] })).toMatchObject([
        { resource: { inUse: 'no', images: { value: { running: [] } } } },
        { corrected: { facts: [{ use: { inUse: 'no' } }] } },
      ]);
    });
  });

  test('and is gone takes its images with it, and what was stated of them', async () => {
    ecr.on(DescribeRepositoriesCommand).rejects(awsError('RepositoryNotFoundException'));

    expect(await again()).toEqual([
      { gone: { type: 'AwsEcrRepository', uid: REPOSITORY_ARN } },
      { gone: { type: 'AwsEcrContainerImage', uid: REPOSITORY_ARN } },
      { corrected: { subject: key, kinds: ['repository-images'], facts: [] } },
    ]);
  });
});

test('a tag value that looks like a secret is stated to nobody', async () => {
  const secret = ['ghp', 'R7xQ2mV9cT4nB8kL1pW6zY3dF5hJ0sA7uE2g'].join('_');
  tagging.on(GetResourcesCommand).resolves({
    ResourceTagMappingList: [{ ResourceARN: REPOSITORY_ARN, Tags: [{ Key: 'deploy', Value: secret }] }],
  });
  const context = contextOf(ecrCollector, {});
  Object.assign(context, { classify: createClassifier({ hashKey: new Uint8Array(32) }) });
  const stated: unknown[] = [];
  for await (const item of ecrCollector.collect(context)) if ('fact' in item) stated.push(item.fact);

  expect(stated).toMatchObject([
    { kind: 'repository-images', tags: { value: { deploy: expect.stringContaining('withheld') } } },
  ]);
});
