import { ecrRepositoryKey } from '../../domain/image-reference.ts';
import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';
import { withholdSecretValues } from '../secrets/tag-values.ts';
import type { EcrRepository, EcrSigningRule, RepositoryImagesFact } from './model.ts';

/**
 * What a repository has for those who look into images: which run and which are the newest, without listing it again.
 *
 * @param signsOnPush see {@link signsImagesOf}
 * @throws only what `classify` throws
 */
export async function repositoryImagesFact(
  context: CollectorContext,
  repository: EcrRepository,
  signsOnPush: Observed<boolean>,
): Promise<RepositoryImagesFact> {
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
    tags: await shownTags(context, repository),
    images: mapObserved(repository.images, ({ running, newest }) => ({
      running: running.map(({ lifecycle: _, ...listed }) => listed),
      newest: running.length === 0 ? newest : [],
    })),
    use: {
      inUse,
      ...(usedBy === undefined ? {} : { usedBy }),
      ...(usedByCount === undefined ? {} : { usedByCount }),
    },
    usesListed,
    runsUnknownDigest,
    signsOnPush,
  };
}

/** Facts are kept like resources, so that nothing may stand in them that looks like a secret. */
async function shownTags(
  { classify }: CollectorContext,
  { tags }: EcrRepository,
): Promise<RepositoryImagesFact['tags']> {
  if (tags === undefined) return known({});
  return tags.known ? known(await withholdSecretValues(tags.value, classify)) : tags;
}

/** Whether the registry signs what is pushed to a repository: a rule without filters signs everything. */
export function signsImagesOf(rules: readonly EcrSigningRule[] | null, repositoryName: string): boolean {
  return (rules ?? []).some(
    ({ filters }) => filters.length === 0 || filters.some(({ filter }) => matchesWildcard(filter, repositoryName)),
  );
}
