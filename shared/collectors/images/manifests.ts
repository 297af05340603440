import { BatchGetImageCommand, type ECRClient } from '@aws-sdk/client-ecr';
import type { ImageManifest } from '../../domain/image-content.ts';
import { known, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { unreadable } from './answers.ts';
import { ContentStore } from './content-store.ts';
import { readManifest } from './read-manifest.ts';

/** As many as one call takes. */
const BATCH = 100;
const OPERATION = 'ecr:BatchGetImage';

/** Without them ECR translates manifests, or says that there is no image. */
const ACCEPTED = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
];

/** Where images are read from. */
export interface RepositoryPlace {
  readonly context: CollectorContext;
  readonly client: ECRClient;
  readonly repositoryName: string;
  /** The repository's, for gaps. */
  readonly repositoryArn: string;
}

/**
 * The manifests behind digests, those that were never read before in batches of a hundred.
 *
 * @returns for each digest its manifest; null where it is not in the repository any more
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
 */
export async function readManifests(
  place: RepositoryPlace,
  digests: readonly string[],
): Promise<ReadonlyMap<string, Observed<ImageManifest | null>>> {
  const store = new ContentStore<ImageManifest>(place.context.contents, 'manifest');
  const all = new Map<string, Observed<ImageManifest | null>>();
  for (const [digest, manifest] of await store.recall(digests)) all.set(digest, known(manifest));
  const missing = digests.filter((digest) => !all.has(digest));
  for (let start = 0; start < missing.length; start += BATCH) {
    const batch = missing.slice(start, start + BATCH);
    const fresh = await fetchBatch(place, batch);
    for (const [digest, manifest] of fresh) all.set(digest, manifest);
    const read = [...fresh].flatMap(([digest, manifest]) =>
      manifest.known && manifest.value !== null ? [[digest, manifest.value] as const] : [],
    );
    await store.remember(new Map(read));
  }
  return all;
}

async function fetchBatch(
  { context, client, repositoryName, repositoryArn }: RepositoryPlace,
  digests: readonly string[],
): Promise<ReadonlyMap<string, Observed<ImageManifest | null>>> {
  const answer = await context.readOptional(
    OPERATION,
    ['RepositoryNotFoundException'],
    () =>
      client.send(
        new BatchGetImageCommand({
          registryId: context.accountId,
          repositoryName,
          imageIds: digests.map((imageDigest) => ({ imageDigest })),
          acceptedMediaTypes: ACCEPTED,
        }),
      ),
    { resource: repositoryArn },
  );
  if (!answer.known) return new Map(digests.map((digest) => [digest, answer]));
  if (answer.value === null) return new Map(digests.map((digest) => [digest, known(null)]));
  const { images = [], failures = [] } = answer.value;
  const manifestOf = (digest: string): Observed<ImageManifest | null> => {
    const image = images.find(({ imageId }) => imageId?.imageDigest === digest);
    if (image?.imageManifest !== undefined) return readManifest(image.imageManifest, image.imageManifestMediaType);
    const code = failures.find(({ imageId }) => imageId?.imageDigest === digest)?.failureCode;
    if (code === 'ImageNotFound') return known(null);
    return unreadable(
      context,
      OPERATION,
      `${OPERATION} gave no manifest (${code ?? 'without saying why'}).`,
      repositoryArn,
    );
  };
  return new Map(digests.map((digest) => [digest, manifestOf(digest)]));
}
