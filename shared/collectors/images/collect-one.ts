import { ECRClient } from '@aws-sdk/client-ecr';
import { ecrRepositoryKey } from '../../domain/image-reference.ts';
import type { CollectorContext, RecheckedItem } from '../../domain/ports.ts';
import type { Touched } from '../../domain/trigger.ts';
import type { RepositoryImagesFact } from '../ecr/model.ts';
import { Configurations } from './configurations.ts';
import { Layers } from './layers.ts';
import { readRepositoryImages } from './repository-images.ts';

/**
 * Looks again into the images of one repository: two calls for each that runs, and for one that was never seen its
 * contents. Which run and who runs them is what the last scan and the rechecks since have stated; where nobody has,
 * nothing is said. That a repository is gone is told by who reads repositories.
 */
export async function* collectOne(
  context: CollectorContext,
  { resource: { name } }: Required<Touched>,
): AsyncGenerator<RecheckedItem> {
  const { accountId, region } = context;
  const key = ecrRepositoryKey({ accountId, region, repository: name });
  const [fact] = context.facts.about('repository-images', key).facts;
  if (fact === undefined) return;
  const reader = {
    context,
    client: context.clientFor(ECRClient),
    configurations: new Configurations(context),
    layers: new Layers(context),
  };
  const resource = await readRepositoryImages(reader, fact);
  // All that was stated has vanished meanwhile: what there is instead is about to be stated.
  const { images } = resource;
  const isOutdated = images.known && images.value.length === 0 && isAnythingStated(fact);
  if (!isOutdated) yield { resource };
}

function isAnythingStated({ images, usesListed }: RepositoryImagesFact): boolean {
  if (!images.known) return false;
  const { running, newest } = images.value;
  const isThere = running.some(({ present, status }) => present && (status ?? 'ACTIVE') === 'ACTIVE');
  return isThere || (usesListed.known && newest.length > 0);
}
