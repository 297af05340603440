import type { ImageDetail } from '@aws-sdk/client-ecr';
import { daysBefore, digestOf, homeAccount } from './tidewater.ts';

const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';
const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
const ociIndex = 'application/vnd.oci.image.index.v1+json';
const dockerConfig = 'application/vnd.docker.container.image.v1+json';
const ociConfig = 'application/vnd.oci.image.config.v1+json';

const megabyte = 1024 * 1024;

/** The digest of a release, known by its repository and first tag. */
export function releaseDigest(repository: string, tag: string): string {
  return digestOf(`${repository}:${tag}`);
}

/** An ordinary image, pushed so many days ago. */
export function release(
  now: Date,
  repository: string,
  tag: string,
  daysAgo: number,
  more: Partial<ImageDetail> = {},
): ImageDetail {
  return {
    registryId: homeAccount,
    repositoryName: repository,
    imageDigest: releaseDigest(repository, tag),
    imageTags: [tag],
    imageSizeInBytes: 61 * megabyte,
    imagePushedAt: daysBefore(now, daysAgo),
    lastRecordedPullTime: daysBefore(now, Math.min(daysAgo, 1)),
    imageManifestMediaType: dockerManifest,
    artifactMediaType: dockerConfig,
    imageStatus: 'ACTIVE',
    ...more,
  };
}

/** An image that lost its tags to a later push. */
export function untagged(now: Date, repository: string, name: string, daysAgo: number): ImageDetail {
  const { imageTags, lastRecordedPullTime, ...image } = release(now, repository, name, daysAgo);
  return image;
}

/** An image in cold storage: not pullable until it is restored. */
export function archived(now: Date, repository: string, tag: string, daysAgo: number): ImageDetail {
  return release(now, repository, tag, daysAgo, {
    imageStatus: 'ARCHIVED',
    lastArchivedAt: daysBefore(now, Math.floor(daysAgo / 2)),
    lastRecordedPullTime: daysBefore(now, daysAgo),
  });
}

/** Things pushed beside an image that refer to it: a signature and a bill of materials. */
export function referrers(now: Date, repository: string, tag: string, daysAgo: number): ImageDetail[] {
  const subject = releaseDigest(repository, tag);
  const referrer = (kind: string, artifactMediaType: string): ImageDetail => ({
    registryId: homeAccount,
    repositoryName: repository,
    imageDigest: digestOf(`${kind} of ${subject}`),
    imageSizeInBytes: 4_210,
    imagePushedAt: daysBefore(now, daysAgo),
    imageManifestMediaType: ociManifest,
    artifactMediaType,
    subjectManifestDigest: subject,
    imageStatus: 'ACTIVE',
  });
  return [referrer('signature', 'application/vnd.cncf.notary.signature'), referrer('sbom', 'application/spdx+json')];
}

/** A signature of the older kind: an ordinary image under a tag made from the digest it signs. */
export function tagSignature(now: Date, repository: string, tag: string, daysAgo: number): ImageDetail {
  const signatureTag = `${releaseDigest(repository, tag).replace(':', '-')}.sig`;
  return release(now, repository, signatureTag, daysAgo, {
    imageSizeInBytes: 2_048,
    imageManifestMediaType: ociManifest,
    artifactMediaType: ociConfig,
  });
}

/** A release for two architectures: the index carries the tag; children and build attestations have none. */
export function multiArchitecture(now: Date, repository: string, tag: string, daysAgo: number): ImageDetail[] {
  const child = (platform: string, size: number): ImageDetail => ({
    registryId: homeAccount,
    repositoryName: repository,
    imageDigest: childDigest(repository, tag, platform),
    imageSizeInBytes: size,
    imagePushedAt: daysBefore(now, daysAgo),
    lastRecordedPullTime: daysBefore(now, Math.min(daysAgo, 1)),
    imageManifestMediaType: ociManifest,
    artifactMediaType: ociConfig,
    imageStatus: 'ACTIVE',
  });
  const { artifactMediaType, ...index } = release(now, repository, tag, daysAgo, { imageManifestMediaType: ociIndex });
  return [
    index,
    child('linux/amd64', 74 * megabyte),
    child('linux/arm64', 71 * megabyte),
    child('attestation of linux/amd64', 21_300),
    child('attestation of linux/arm64', 21_280),
  ];
}

/** The digest of one platform's manifest inside a multi-architecture release. */
export function childDigest(repository: string, tag: string, platform: string): string {
  return digestOf(`${repository}:${tag} ${platform}`);
}
