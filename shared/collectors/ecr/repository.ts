import {
  type ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  paginateDescribeImages,
} from '@aws-sdk/client-ecr';
import { type LifecyclePolicy, readLifecyclePolicy } from '../../domain/ecr-lifecycle.ts';
import { type PolicyDocument, readPolicy } from '../../domain/iam-policy.ts';
import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { GONE, type Gone, Presence, parsed, readPolicyText } from './answers.ts';
import type { ListedRepository, RepositoryWithScanning } from './effective-scanning.ts';
import { ImageSummaryFold, type ImageSummaryOptions } from './image-summary.ts';
import type { KeyManagers } from './key-managers.ts';
import type { EcrImageSummary, EcrRepository } from './model.ts';
import { filtersOf, type RegistrySettings } from './registry.ts';
import type { TagsByArn } from './resource-tags.ts';
import type { RepositoryUses } from './uses.ts';

/** What all repositories of a unit share. */
export interface RepositoryReader {
  readonly context: CollectorContext;
  readonly client: ECRClient;
  readonly keyManagers: KeyManagers;
  readonly settings: Pick<RegistrySettings, 'policy' | 'scanning'>;
  readonly tagsByArn: Observed<TagsByArn>;
}

/**
 * Reads one repository: two policies, then one pass over its images.
 *
 * @param repositoryUses who runs what of it
 * @returns {@link GONE} when it was deleted meanwhile
 */
export async function readRepository(
  reader: RepositoryReader,
  listed: RepositoryWithScanning,
  repositoryUses: RepositoryUses,
): Promise<EcrRepository | Gone> {
  const { context, settings, tagsByArn } = reader;
  const { arn, name, description } = listed;
  const policies = await readPolicies(reader, listed);
  if (policies === GONE) return GONE;
  const { lifecyclePolicy, policy } = policies;
  const { digests, startedTags, usedBy, usedByCount, ...uses } = repositoryUses;
  const tagMutabilityExclusions = filtersOf(description.imageTagMutabilityExclusionFilters);
  const images = await readImages(reader, listed, {
    lifecyclePolicy: lifecyclePolicy.known ? lifecyclePolicy.value : undefined,
    exclusions: tagMutabilityExclusions,
    runningDigests: digests,
    startedTags,
  });
  if (images === GONE) return GONE;
  const { encryptionType, kmsKey } = description.encryptionConfiguration ?? {};
  return {
    type: 'AwsEcrRepository',
    uid: arn,
    name,
    arn,
    accountId: context.accountId,
    region: context.region,
    partition: context.partition,
    tags: mapObserved(tagsByArn, (byArn) => byArn.get(arn) ?? {}),
    ...uses,
    ...(usedByCount === 0 ? {} : { usedBy, usedByCount }),
    ...(description.imageTagMutability === undefined ? {} : { tagMutability: description.imageTagMutability }),
    tagMutabilityExclusions,
    ...(encryptionType === undefined ? {} : { encryptionType }),
    ...(kmsKey === undefined ? {} : { kmsKey }),
    keyManager: kmsKey === undefined ? known(null) : await reader.keyManagers.managerOf(kmsKey),
    scanning: listed.scanning,
    scanningDecidedBy: mapObserved(settings.scanning, ({ scanType, rules }) =>
      scanType === 'BASIC' && rules.length === 0 ? 'repository' : 'registry',
    ),
    lifecyclePolicy,
    policy,
    registryPolicy: settings.policy,
    images,
  };
}

interface RepositoryPolicies {
  readonly lifecyclePolicy: Observed<LifecyclePolicy | null>;
  readonly policy: Observed<PolicyDocument | null>;
}

async function readPolicies(
  { context, client }: RepositoryReader,
  { arn, name: repositoryName }: ListedRepository,
): Promise<RepositoryPolicies | Gone> {
  const [lifecycle, policy] = await Promise.all([
    readPolicyText(
      context,
      'ecr:GetLifecyclePolicy',
      'LifecyclePolicyNotFoundException',
      async () => (await client.send(new GetLifecyclePolicyCommand({ repositoryName }))).lifecyclePolicyText,
      arn,
    ),
    readPolicyText(
      context,
      'ecr:GetRepositoryPolicy',
      'RepositoryPolicyNotFoundException',
      async () => (await client.send(new GetRepositoryPolicyCommand({ repositoryName }))).policyText,
      arn,
    ),
  ]);
  if (lifecycle === GONE || policy === GONE) return GONE;
  return { lifecyclePolicy: parsed(lifecycle, readLifecyclePolicy), policy: parsed(policy, readPolicy) };
}

async function readImages(
  { context, client }: RepositoryReader,
  { arn, name: repositoryName }: ListedRepository,
  options: ImageSummaryOptions,
): Promise<Observed<EcrImageSummary> | Gone> {
  const fold = new ImageSummaryFold(options);
  const presence = new Presence();
  const listing = context.readPages(
    'ecr:DescribeImages',
    // Without the filter only ACTIVE images would be listed.
    () =>
      presence.pages(
        paginateDescribeImages({ client, pageSize: 1000 }, { repositoryName, filter: { imageStatus: 'ANY' } }),
      ),
    (page) => page.imageDetails,
    { resource: arn },
  );
  let step = await listing.next();
  for (; step.done !== true; step = await listing.next()) fold.add(step.value);
  if (presence.gone) return GONE;
  return mapObserved(step.value, () => fold.summary());
}
