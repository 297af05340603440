import { ecrRepositoryKey } from '../../domain/image-reference.ts';
import { mapObserved, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { RepositoryImagesFact } from '../ecr/model.ts';
import type { EcrContainerImages, ImageUserFact } from './model.ts';
import { digestOf, digestsByTag } from './uses.ts';

const NOT_THERE = 'An image that runs under this name is not in its repository any more, so its user is not known.';

/**
 * As whom images start, under each name by which something runs them; an image that is not known to run, under the name
 * that its tags give it.
 */
export function imageUserFacts(
  context: CollectorContext,
  { repositoryName }: Pick<RepositoryImagesFact, 'repositoryName'>,
  { images }: EcrContainerImages,
): readonly ImageUserFact[] {
  const { accountId, region, now, partition } = context;
  const key = ecrRepositoryKey({ accountId, region, repository: repositoryName });
  const running = context.facts.about('running-image', key).facts;
  const host = `${accountId}.dkr.ecr.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
  const facts = new Map<string, ImageUserFact>();
  const state = (name: string, digest: string, user: ImageUserFact['user']) => {
    const place = { accountId, region, observedAt: now.toISOString() };
    facts.set(`${name} ${digest}`, { kind: 'image-user', key: name, ...place, digest, user });
  };
  if (!images.known) {
    for (const { image, digest = '' } of running) state(image, digest, images);
    return [...facts.values()];
  }
  const byTag = digestsByTag(images.value.map((image) => ({ ...image, digest: image.indexDigest ?? image.digest })));
  for (const { digest, indexDigest, tags, configuration, running: runs } of images.value) {
    const names = runs
      ? running.filter((fact) => [digest, indexDigest].includes(digestOf(fact, byTag) ?? '')).map(({ image }) => image)
      : tags.map((tag) => `${host}/${repositoryName}:${tag}`);
    for (const name of names)
      state(
        name,
        digest,
        mapObserved(configuration, ({ user }) => user ?? null),
      );
  }
  const read = new Set(images.value.flatMap(({ digest, indexDigest }) => [digest, indexDigest]));
  for (const fact of running) {
    const { image } = fact;
    const digest = digestOf(fact, byTag);
    if (digest !== undefined && !read.has(digest)) state(image, digest, undecidable(NOT_THERE));
  }
  return [...facts.values()];
}
