import { ecrRepositoryKey } from '../../domain/image-reference.ts';
import { mapObserved } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';
import type { EcrRepository, RepositoryImagesFact } from './model.ts';
import type { RegistrySettings } from './registry.ts';

/** What a repository has for those who look into images: which run and which are the newest, without listing it again. */
export function repositoryImagesFact(
  context: CollectorContext,
  repository: EcrRepository,
  { signing }: Pick<RegistrySettings, 'signing'>,
): RepositoryImagesFact {
  const { accountId, region, now } = context;
  const { uid, name, inUse, usedBy, usedByCount, runsUnknownDigest } = repository;
  return {
    kind: 'repository-images',
    key: ecrRepositoryKey({ accountId, region, repository: name }),
    accountId,
    region,
    observedAt: now.toISOString(),
    repositoryArn: uid,
    repositoryName: name,
    images: mapObserved(repository.images, ({ images, running, newest }) => ({
      count: images,
      running: running.map(({ lifecycle: _, ...listed }) => listed),
      newest,
    })),
    use: {
      inUse,
      ...(usedBy === undefined ? {} : { usedBy }),
      ...(usedByCount === undefined ? {} : { usedByCount }),
    },
    runsUnknownDigest,
    // A rule without filters signs everything.
    signsOnPush: mapObserved(signing, (rules) =>
      (rules ?? []).some(
        ({ filters }) => filters.length === 0 || filters.some(({ filter }) => matchesWildcard(filter, name)),
      ),
    ),
  };
}
