import { ECRClient } from '@aws-sdk/client-ecr';
import { pMapIterable } from 'p-map';
import { mapObserved } from '../../domain/observed.ts';
import type { CollectedItem, Collector, CollectorContext } from '../../domain/ports.ts';
import { GONE } from './answers.ts';
import { collectOne, RECHECKABLE_TYPES } from './collect-one.ts';
import { withEffectiveScanning } from './effective-scanning.ts';
import { repositoryImagesFact, signsImagesOf } from './image-facts.ts';
import { KeyManagers } from './key-managers.ts';
import { readPublicRepositories } from './public-repositories.ts';
import { readRegistrySettings } from './registry.ts';
import { RepositoryCensus, registryFrom } from './registry-resource.ts';
import { type RepositoryReader, readRepository } from './repository.ts';
import { RepositoryListing } from './repository-listing.ts';
import { readRepositoryTags } from './resource-tags.ts';
import { ecrTriggers, touchedByFact } from './triggers.ts';
import { usesOf } from './uses.ts';

const REPOSITORIES_AT_ONCE = 8;

/**
 * Reads the private registry of one account and region with its repositories and, where it lives, the account's public
 * gallery. Calls: four for the registry, one a thousand repositories, one a hundred tagged repositories, one for 25
 * repositories (scanning), one a distinct KMS key, and for each repository its two policies and one a thousand images.
 */
export const ecrCollector: Collector = {
  service: 'ecr',
  resourceTypes: ['EcrRegistry', 'AwsEcrRepository', 'EcrPublicRepository'],
  permissions: [
    'ecr-public:DescribeRepositories',
    'ecr:BatchGetRepositoryScanningConfiguration',
    'ecr:DescribeImages',
    'ecr:DescribeRepositories',
    'ecr:DescribeRepositoryCreationTemplates',
    'ecr:GetLifecyclePolicy',
    'ecr:GetRegistryPolicy',
    'ecr:GetRegistryScanningConfiguration',
    'ecr:GetRepositoryPolicy',
    'ecr:GetSigningConfiguration',
    'kms:DescribeKey',
    'tag:GetResources',
  ],
  producesFacts: ['repository-images'],
  needsFacts: ['running-image', 'eks-cluster', 'kubernetes-cluster'],
  collect,
  triggers: ecrTriggers,
  recheckableTypes: RECHECKABLE_TYPES,
  collectOne,
  touchedByFact,
};

async function* collect(context: CollectorContext): AsyncGenerator<CollectedItem> {
  const client = context.clientFor(ECRClient);
  const [settings, tagsByArn] = await Promise.all([readRegistrySettings(context, client), readRepositoryTags(context)]);
  const reader: RepositoryReader = { context, client, keyManagers: new KeyManagers(context), settings, tagsByArn };
  const listing = new RepositoryListing(context, client);
  const repositories = pMapIterable(
    withEffectiveScanning(context, client, listing.repositories()),
    (listed) => readRepository(reader, listed, usesOf(context, listed.name)),
    { concurrency: REPOSITORIES_AT_ONCE },
  );
  const census = new RepositoryCensus();
  for await (const resource of repositories) {
    if (resource === GONE) continue;
    census.add(resource);
    yield { resource };
    const signsOnPush = mapObserved(settings.signing, (rules) => signsImagesOf(rules, resource.name));
    yield { fact: await repositoryImagesFact(context, resource, signsOnPush) };
  }
  if (listing.complete.known) yield { factsComplete: 'repository-images' };
  yield { resource: registryFrom(context, settings, census, listing) };
  for await (const resource of readPublicRepositories(context)) yield { resource };
}
