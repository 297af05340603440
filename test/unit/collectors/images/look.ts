import type { RepositoryImagesFact } from '#shared/collectors/ecr/model.ts';
import type { RunningImageFact } from '#shared/collectors/ecs/model.ts';
import { imagesCollector } from '#shared/collectors/images/collect.ts';
import type { EcrContainerImages } from '#shared/collectors/images/model.ts';
import { RunMemory } from '#shared/collectors/run-memory.ts';
import { repositoryImages } from '#test/factories/ecr.ts';
import { collect } from '#test/support/collect.ts';

/** What is read of the images of one repository. */
export async function look(
  fact: RepositoryImagesFact = repositoryImages(),
  uses: readonly RunningImageFact[] = [],
  contents = new RunMemory(),
) {
  const collected = await collect(imagesCollector, { facts: [fact, ...uses], contents });
  const resource = collected.resources[0] as EcrContainerImages;
  return { ...collected, resource, images: resource.images.known ? resource.images.value : [] };
}
