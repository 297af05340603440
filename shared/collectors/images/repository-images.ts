import pMap from 'p-map';
import { known, mapObserved } from '../../domain/observed.ts';
import type { RepositoryImagesFact } from '../ecr/model.ts';
import { readAttachments, readSigning } from './attachments.ts';
import { type ImageReader, readImage } from './image.ts';
import type { RepositoryPlace } from './manifests.ts';
import type { EcrContainerImage, EcrContainerImages } from './model.ts';
import { newestImages, platformsOf } from './platforms.ts';
import { type Listed, targetsOf } from './targets.ts';
import { digestsByTag, UsesOfImages } from './uses.ts';

const IMAGES_AT_ONCE = 4;

/** Reads the images of one repository that matter. */
export async function readRepositoryImages(
  reader: ImageReader,
  fact: RepositoryImagesFact,
): Promise<EcrContainerImages> {
  const { context } = reader;
  const { repositoryArn, repositoryName, tags, images, use } = fact;
  return {
    type: 'AwsEcrContainerImage',
    uid: repositoryArn,
    name: repositoryName,
    arn: repositoryArn,
    accountId: context.accountId,
    region: context.region,
    partition: context.partition,
    tags,
    ...use,
    runningDigests: mapObserved(images, ({ running }) =>
      running.map(({ digest, present, tags, status }) => ({
        digest,
        present,
        tags,
        ...(status === undefined ? {} : { status }),
      })),
    ),
    images: images.known ? known(await readTargets(reader, fact, images.value)) : images,
    usesListed: fact.usesListed,
    runsUnknownDigest: fact.runsUnknownDigest,
    signsOnPush: fact.signsOnPush,
  };
}

async function readTargets(
  reader: ImageReader,
  fact: RepositoryImagesFact,
  listed: Listed,
): Promise<readonly EcrContainerImage[]> {
  const { context, client, configurations } = reader;
  const { repositoryName, repositoryArn, key } = fact;
  const place: RepositoryPlace = { context, client, repositoryName, repositoryArn };
  const candidates = targetsOf(fact, listed);
  const targets = candidates.some(({ running }) => running)
    ? candidates
    : await newestImages(place, candidates, context.imageSettings.newest);
  const uses = new UsesOfImages(context, key, digestsByTag(targets), reader.planned);
  const platforms = await platformsOf(place, targets, uses);
  await configurations.prepare(
    platforms.flatMap(({ manifest }) =>
      manifest.known && manifest.value?.kind === 'image' ? [manifest.value.configuration.digest] : [],
    ),
  );
  // Signatures and bills of materials hang on what was pushed: on the index, where there is one.
  const pushed = new Map(
    await pMap(
      targets,
      async ({ digest }) => {
        const [attachments, signing] = await Promise.all([
          readAttachments(place, digest),
          fact.signsOnPush.known && fact.signsOnPush.value
            ? readSigning(place, digest)
            : mapObserved(fact.signsOnPush, () => null),
        ]);
        return [digest, { attachments, signing }] as const;
      },
      { concurrency: IMAGES_AT_ONCE },
    ),
  );
  const images = await pMap(platforms, (platform) => readImage(reader, place, platform, uses), {
    concurrency: IMAGES_AT_ONCE,
  });
  return images.flatMap((image) => {
    const attached = image === undefined ? undefined : pushed.get(image.indexDigest ?? image.digest);
    return image === undefined || attached === undefined ? [] : [{ ...image, ...attached }];
  });
}
