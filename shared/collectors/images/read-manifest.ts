import { z } from 'zod';
import type { ImageManifest } from '../../domain/image-content.ts';
import { known, type Observed, undecidable } from '../../domain/observed.ts';

const descriptor = z.object({
  mediaType: z.string().nullish(),
  digest: z.string(),
  size: z.number().nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
  platform: z.object({ os: z.string().nullish(), architecture: z.string().nullish() }).nullish(),
});
const manifestSchema = z.object({
  schemaVersion: z.number(),
  mediaType: z.string().nullish(),
  artifactType: z.string().nullish(),
  config: descriptor.nullish(),
  layers: z.array(descriptor).nullish(),
  manifests: z.array(descriptor).nullish(),
  subject: descriptor.nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
});
type Descriptor = z.output<typeof descriptor>;

const IMAGE_CONFIGURATIONS = new Set([
  'application/vnd.docker.container.image.v1+json',
  'application/vnd.oci.image.config.v1+json',
]);
/** What old builders wrote and runtimes still take for the configuration of an image, where the layers are those of one. */
const UNNAMED_CONFIGURATIONS = new Set(['', 'application/octet-stream']);
/** Far more than any runtime mounts. */
const MOST_LAYERS = 500;

/**
 * Reads a manifest of any kind: an image, an index of images, or something else that registries keep.
 *
 * @param mediaType as ECR gives it, for manifests that do not name their own
 * @returns unknown for what is no manifest, and for those of Docker's first schema
 * @see https://github.com/opencontainers/image-spec/blob/main/manifest.md
 * @see https://distribution.github.io/distribution/spec/manifest-v2-2/
 */
export function readManifest(text: string, mediaType?: string): Observed<ImageManifest> {
  const parsed = manifestSchema.safeParse(jsonOf(text));
  if (!parsed.success) return undecidable('A manifest is not what registries keep.');
  const { schemaVersion, config, layers, manifests, subject, artifactType, annotations } = parsed.data;
  if (schemaVersion !== 2) return undecidable("A manifest is of Docker's first schema, which is not read.");
  if (Array.isArray(manifests)) return known({ kind: 'index', images: manifests.filter(isImage).map(platformOf) });
  const type = artifactType ?? config?.mediaType ?? parsed.data.mediaType ?? mediaType ?? 'unknown';
  // Neither a subject nor a type of artifact keeps a runtime from running what has the parts of an image.
  if (!config || !hasPartsOfImage(config, layers ?? [])) return known({ kind: 'artifact', type });
  if (!Array.isArray(layers)) return undecidable('The manifest of an image names no layers.');
  const baseName = annotations?.['org.opencontainers.image.base.name'];
  const baseDigest = annotations?.['org.opencontainers.image.base.digest'];
  return known({
    kind: 'image',
    ...(subject || artifactType ? { refers: true as const } : {}),
    configuration: { digest: config.digest, size: config.size ?? 0 },
    layers: layers.slice(0, MOST_LAYERS).map((layer) => ({
      digest: layer.digest,
      size: layer.size ?? 0,
      mediaType: layer.mediaType ?? '',
    })),
    ...(baseName === undefined ? {} : { baseName }),
    ...(baseDigest === undefined ? {} : { baseDigest }),
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text; what is no JSON is no manifest either.
    return undefined;
  }
}

/**
 * Attestations of BuildKit stand among the images of an index, for a platform that nobody has. What has a platform is
 * run by it, whatever its annotations say.
 *
 * @see https://docs.docker.com/build/metadata/attestations/attestation-storage/
 */
function isImage({ mediaType, annotations, platform }: Descriptor): boolean {
  // A build cache of BuildKit is an index of layers.
  if (platform?.architecture == null && mediaType && !/manifest|index/.test(mediaType)) return false;
  if (platform?.os === 'unknown' && platform.architecture === 'unknown') return false;
  return platform?.architecture != null || annotations?.['vnd.docker.reference.type'] !== 'attestation-manifest';
}

/** An attestation of BuildKit, and a signature of cosign, have the configuration of an image and other layers. */
function hasPartsOfImage({ mediaType }: Descriptor, layers: readonly Descriptor[]): boolean {
  const isLayer = (layer: Descriptor) => /layer|rootfs/.test(layer.mediaType ?? '');
  if (UNNAMED_CONFIGURATIONS.has(mediaType ?? '')) return layers.length > 0 && layers.every(isLayer);
  if (!IMAGE_CONFIGURATIONS.has(mediaType ?? '')) return false;
  return layers.length === 0 || layers.some((layer) => !layer.mediaType || isLayer(layer));
}

function platformOf({ digest, platform }: Descriptor) {
  return {
    digest,
    ...(platform?.os ? { os: platform.os } : {}),
    ...(platform?.architecture ? { architecture: platform.architecture } : {}),
  };
}
