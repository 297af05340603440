import type { ECRClient } from '@aws-sdk/client-ecr';
import { known, mapObserved, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { GONE } from '../ecr/answers.ts';
import { withholdSecretValue } from '../secrets/tag-values.ts';
import type { Configurations } from './configurations.ts';
import type { Layers } from './layers.ts';
import type { RepositoryPlace } from './manifests.ts';
import type { EcrContainerImage } from './model.ts';
import type { PlatformImage } from './platforms.ts';
import { readScan, type ScanObserver } from './scans.ts';
import type { PlannedUse, UsesOfImages } from './uses.ts';

/** What all images of a unit share. */
export interface ImageReader {
  readonly context: CollectorContext;
  readonly client: ECRClient;
  readonly configurations: Configurations;
  /** Left out where nobody looks into layers. */
  readonly layers?: Layers;
  /** Who wants to know each vulnerability by itself. */
  readonly observeScan?: ScanObserver;
  /** How what nobody runs yet is about to be run. */
  readonly planned?: readonly PlannedUse[];
}

/**
 * One image with its configuration and its last scan.
 *
 * @returns undefined where it vanished meanwhile
 */
export async function readImage(
  { configurations, layers, context, observeScan }: Omit<ImageReader, 'client' | 'planned'>,
  place: RepositoryPlace,
  platform: PlatformImage,
  uses: UsesOfImages,
): Promise<Omit<EcrContainerImage, 'attachments' | 'signing'> | undefined> {
  const { digest, indexDigest, tags, pushedAt, running, manifest, isIndex } = platform;
  const image = manifest.known && manifest.value?.kind === 'image' ? manifest.value : undefined;
  const isLookedInto = context.imageSettings.layers && running && image !== undefined && image.layers.length > 0;
  const looked = isLookedInto ? layers?.read(place, image.layers) : undefined;
  const [read, scan, inside] = await Promise.all([
    image === undefined ? mapObserved(manifest, () => null) : configurations.read(place, image.configuration.digest),
    // Results hang on the images of an index and not on it (T18); which these are is not known here.
    isIndex && !manifest.known ? manifest : readScan(place, digest, observeScan),
    looked ?? known(null),
  ]);
  if (scan === GONE) return undefined;
  const configuration = read.known
    ? read.value === null
      ? undecidable('The repository does not have the configuration of the image any more.')
      : known(read.value)
    : read;
  const os = configuration.known ? configuration.value.os : undefined;
  const architecture = configuration.known ? configuration.value.architecture : undefined;
  const usedAs = uses.ofImage(digest, indexDigest);
  const baseName = image?.baseName;
  return {
    digest,
    ...(indexDigest === undefined ? {} : { indexDigest }),
    tags,
    ...(pushedAt === undefined ? {} : { pushedAt }),
    running,
    ...(usedAs.length === 0
      ? {}
      : { uses: { withOwnUser: usedAs.filter(({ startsAs }) => startsAs === 'other').length, all: usedAs.length } }),
    ...(os === undefined ? {} : { os }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(baseName === undefined ? {} : { baseName: await withholdSecretValue('', baseName, context.classify) }),
    configuration,
    scan,
    layers: inside,
  };
}
