import { ecrRepositoryKey } from '../../domain/image-reference.ts';
import { mapObserved } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';
import type { EcrRepository, EcrSigningRule, RepositoryImagesFact } from './model.ts';
import type { RegistrySettings } from './registry.ts';

/** What a repository has for those who look into images: which run and which are the newest, without listing it again. */
export function repositoryImagesFact(
  context: CollectorContext,
  repository: EcrRepository,
  { signing }: Pick<RegistrySettings, 'signing'>,
): RepositoryImagesFact {
  const { accountId, region, now } = context;
  const { uid, name, inUse, usedBy, usedByCount, usesListed, runsUnknownDigest } = repository;
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
    usesListed,
    runsUnknownDigest,
    signsOnPush: mapObserved(signing, (rules) => signsImagesOf(rules, name)),
  };
}

/** Whether the registry signs what is pushed to a repository: a rule without filters signs everything. */
export function signsImagesOf(rules: readonly EcrSigningRule[] | null, repositoryName: string): boolean {
  return (rules ?? []).some(
    ({ filters }) => filters.length === 0 || filters.some(({ filter }) => matchesWildcard(filter, repositoryName)),
  );
}
