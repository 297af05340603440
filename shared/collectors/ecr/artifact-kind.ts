import type { ImageDetail } from '@aws-sdk/client-ecr';
import { isCompanionTag } from '../../domain/ecr-tags.ts';

/** Configurations of container images; every other one belongs to a chart, a cache, a signature or the like. */
const IMAGE_CONFIGURATIONS = new Set([
  'application/vnd.docker.container.image.v1+json',
  'application/vnd.oci.image.config.v1+json',
]);
const INDEXES = new Set([
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
]);

/** Whether a manifest is an image index, which points to one image a platform. */
export function isIndex({ imageManifestMediaType }: ImageDetail): boolean {
  return INDEXES.has(imageManifestMediaType ?? '');
}

/**
 * Whether a manifest is a container image (or an index of them), as far as DescribeImages tells: not a referrer
 * (signature, SBOM), not an artifact of another type (Helm chart, build cache), and not tagged as a companion of
 * another image (`sha256-….sig`). The attestations that BuildKit stores as children of an index look like untagged
 * images here; they are told apart only by reading the index.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html
 */
export function isImage(detail: ImageDetail): boolean {
  const { subjectManifestDigest, artifactMediaType, imageTags = [] } = detail;
  if (subjectManifestDigest !== undefined) return false;
  if (artifactMediaType !== undefined && !isIndex(detail) && !IMAGE_CONFIGURATIONS.has(artifactMediaType)) return false;
  return imageTags.length === 0 || !imageTags.every(isCompanionTag);
}
