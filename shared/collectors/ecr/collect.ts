import { ECRClient } from '@aws-sdk/client-ecr';
import { pMapIterable } from 'p-map';
import { mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectedItem, Collector, CollectorContext } from '../../domain/ports.ts';
import { GONE } from './answers.ts';
import { withEffectiveScanning } from './effective-scanning.ts';
import { KeyManagers } from './key-managers.ts';
import type { EcrRegistry, EcrRepository, NameSample } from './model.ts';
import { NameCounter } from './name-counter.ts';
import { readPublicRepositories } from './public-repositories.ts';
import { readRegistrySettings, registryUid } from './registry.ts';
import { type RepositoryReader, readRepository } from './repository.ts';
import { RepositoryListing } from './repository-listing.ts';
import { readRepositoryTags } from './resource-tags.ts';

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
  producesFacts: [],
  needsFacts: ['running-image', 'eks-cluster'],
  collect,
};

async function* collect(context: CollectorContext): AsyncGenerator<CollectedItem> {
  const client = context.clientFor(ECRClient);
  const [settings, tagsByArn] = await Promise.all([readRegistrySettings(context, client), readRepositoryTags(context)]);
  const reader: RepositoryReader = { context, client, keyManagers: new KeyManagers(context), settings, tagsByArn };
  const listing = new RepositoryListing(context, client);
  const repositories = pMapIterable(
    withEffectiveScanning(context, client, listing.repositories()),
    (listed) => readRepository(reader, listed),
    { concurrency: REPOSITORIES_AT_ONCE },
  );
  const census = new RepositoryCensus();
  for await (const resource of repositories) {
    if (resource === GONE) continue;
    census.add(resource);
    yield { resource };
  }
  const { accountId, region, partition } = context;
  const registry: EcrRegistry = {
    type: 'EcrRegistry',
    uid: registryUid(context),
    name: `${accountId}/${region}`,
    ...{ accountId, region, partition, inUse: 'yes' },
    ...settings,
    repositoryCount: mapObserved(listing.complete, () => census.count),
    unscannedRepositories: census.unscanned(listing.complete),
  };
  yield { resource: registry };
  for await (const resource of readPublicRepositories(context)) yield { resource };
}

/** What the registry says about its repositories, counted while they go by. */
class RepositoryCensus {
  count = 0;
  readonly #unscanned = new NameCounter();
  #notKnown: Observed<never> | undefined;

  add({ name, scanning }: EcrRepository): void {
    this.count += 1;
    if (!scanning.known) this.#notKnown ??= scanning;
    else if (scanning.value.frequency === 'MANUAL') this.#unscanned.add(name);
  }

  /** Not known where a single repository's scanning is not: it could be one more. */
  unscanned(complete: Observed<true>): Observed<NameSample> {
    return this.#notKnown ?? mapObserved(complete, () => this.#unscanned.sample());
  }
}
