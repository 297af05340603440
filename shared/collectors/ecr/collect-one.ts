import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { ecrRepositoryKey } from '../../domain/image-reference.ts';
import { mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext, RecheckedItem } from '../../domain/ports.ts';
import type { Touched } from '../../domain/trigger.ts';
import { GONE, invalidAnswer } from './answers.ts';
import { type ListedRepository, withEffectiveScanning } from './effective-scanning.ts';
import { repositoryImagesFact, signsImagesOf } from './image-facts.ts';
import { KeyManagers } from './key-managers.ts';
import type { RepositoryImagesFact } from './model.ts';
import { readRegistryPolicy, readRegistrySettings, readScanning, readSigning } from './registry.ts';
import { RepositoryCensus, registryFrom } from './registry-resource.ts';
import { readRepository } from './repository.ts';
import { RepositoryListing } from './repository-listing.ts';
import { readRepositoryTags } from './resource-tags.ts';
import { usesSince } from './uses.ts';

export const RECHECKABLE_TYPES = ['AwsEcrRepository', 'EcrRegistry'] as const;

/**
 * Reads one repository with the nine calls it takes at most: its description, its scanning, two policies, its tags, one
 * page of its images, its key, and the policy and the scanning of the registry. What it says of its images is stated
 * anew, so that they are looked into again where that has changed. Or the registry, without looking into its
 * repositories.
 */
export async function* collectOne(
  context: CollectorContext,
  { resource }: Required<Touched>,
): AsyncGenerator<RecheckedItem> {
  if (resource.type === 'EcrRegistry') yield await registry(context);
  else yield* repository(context, resource.name);
}

async function registry(context: CollectorContext): Promise<RecheckedItem> {
  const client = context.clientFor(ECRClient);
  const listing = new RepositoryListing(context, client);
  const census = new RepositoryCensus();
  const settings = await readRegistrySettings(context, client);
  for await (const one of withEffectiveScanning(context, client, listing.repositories())) census.add(one);
  return { resource: registryFrom(context, settings, census, listing) };
}

async function* repository(context: CollectorContext, name: string): AsyncGenerator<RecheckedItem> {
  const client = context.clientFor(ECRClient);
  const { accountId, region, partition } = context;
  const uid = `arn:${partition}:ecr:${region}:${accountId}:repository/${name}`;
  const key = ecrRepositoryKey({ accountId, region, repository: name });
  const kinds = ['repository-images' as const];
  // Its images go with it.
  const gone: readonly RecheckedItem[] = [
    { gone: { type: 'AwsEcrRepository', uid } },
    { gone: { type: 'AwsEcrContainerImage', uid } },
    { corrected: { subject: key, kinds, facts: [] } },
  ];
  const operation = 'ecr:DescribeRepositories';
  const answer = await context.readOptional(
    operation,
    ['RepositoryNotFoundException'],
    () => client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] })),
    { resource: uid },
  );
  if (!answer.known) return;
  if (answer.value === null) {
    yield* gone;
    return;
  }
  const description = answer.value.repositories?.[0];
  if (description?.repositoryArn === undefined) {
    invalidAnswer(context, operation, 'with a repository without an ARN', uid);
    return;
  }
  const listed: ListedRepository = { arn: description.repositoryArn, name, description };
  const [policy, scanning, tagsByArn] = await Promise.all([
    readRegistryPolicy(context, client),
    readScanning(context, client),
    readRepositoryTags(context, listed.arn),
  ]);
  const reader = { context, client, keyManagers: new KeyManagers(context), settings: { policy, scanning }, tagsByArn };
  const [stated] = context.facts.about('repository-images', key).facts;
  let found = false;
  for await (const one of withEffectiveScanning(context, client, only(listed))) {
    const resource = await readRepository(reader, one, usesSince(context, name, stated));
    if (resource === GONE) continue;
    found = true;
    yield { resource };
    const fact = await repositoryImagesFact(context, resource, await signsOnPush(context, client, stated, name));
    yield { corrected: { subject: key, kinds, facts: [fact] } };
  }
  if (!found) yield* gone;
}

/** As the last scan has stated it; asked only of a repository that it has not seen. */
async function signsOnPush(
  context: CollectorContext,
  client: ECRClient,
  stated: RepositoryImagesFact | undefined,
  name: string,
): Promise<Observed<boolean>> {
  if (stated !== undefined) return stated.signsOnPush;
  return mapObserved(await readSigning(context, client), (rules) => signsImagesOf(rules, name));
}

async function* only<T>(item: T): AsyncGenerator<T> {
  yield item;
}
