import { mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { EcrRegistry, EcrRepository, NameSample } from './model.ts';
import { NameCounter } from './name-counter.ts';
import { type RegistrySettings, registryUid } from './registry.ts';
import type { RepositoryListing } from './repository-listing.ts';

/** What the registry says about its repositories, counted while they go by. */
export class RepositoryCensus {
  count = 0;
  readonly #unscanned = new NameCounter();
  #notKnown: Observed<never> | undefined;

  add({ name, scanning }: Pick<EcrRepository, 'name' | 'scanning'>): void {
    this.count += 1;
    if (!scanning.known) this.#notKnown ??= scanning;
    else if (scanning.value.frequency === 'MANUAL') this.#unscanned.add(name);
  }

  /** Not known where a single repository's scanning is not: it could be one more. */
  unscanned(complete: Observed<true>): Observed<NameSample> {
    return this.#notKnown ?? mapObserved(complete, () => this.#unscanned.sample());
  }
}

/** The registry as a resource, once its repositories have gone by. */
export function registryFrom(
  context: CollectorContext,
  settings: RegistrySettings,
  census: RepositoryCensus,
  { complete }: RepositoryListing,
): EcrRegistry {
  const { accountId, region, partition } = context;
  return {
    type: 'EcrRegistry',
    uid: registryUid(context),
    name: `${accountId}/${region}`,
    ...{ accountId, region, partition, inUse: 'yes' },
    ...settings,
    repositoryCount: mapObserved(complete, () => census.count),
    unscannedRepositories: census.unscanned(complete),
  };
}
