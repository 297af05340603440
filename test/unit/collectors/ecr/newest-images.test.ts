import type { ImageDetail } from '@aws-sdk/client-ecr';
import { expect, test } from 'vitest';
import { NewestImages } from '#shared/collectors/ecr/newest-images.ts';
import { digest } from '#test/factories/ecr.ts';

function image(number: number, overrides: Partial<ImageDetail> = {}): ImageDetail {
  return {
    imageDigest: digest(number),
    imageTags: [`v${number}`],
    imagePushedAt: new Date(Date.UTC(2026, 10, number)),
    imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactMediaType: 'application/vnd.oci.image.config.v1+json',
    imageStatus: 'ACTIVE',
    ...overrides,
  };
}

function newestOf(...details: readonly ImageDetail[]): readonly string[] {
  const newest = new NewestImages();
  for (const detail of details) newest.add(detail);
  return newest.list().map((listed) => listed.digest);
}

test('newest first, in whatever order they are listed', () => {
  expect(newestOf(image(3), image(9), image(1))).toEqual([digest(9), digest(3), digest(1)]);
});

test('keeps a few, however many there are', () => {
  expect(newestOf(...Array.from({ length: 28 }, (_, index) => image(index + 1)))).toHaveLength(5);
});

test.for<[string, Partial<ImageDetail>]>([
  ['a referrer', { subjectManifestDigest: digest(1) }],
  ['a signature by its tag', { imageTags: [`sha256-${'1'.repeat(64)}.sig`] }],
  ['an attestation by its tag', { imageTags: [`sha256-${'1'.repeat(64)}.att`] }],
  ['a Helm chart', { artifactMediaType: 'application/vnd.cncf.helm.config.v1+json' }],
])('T26, T27: the newest push is no image where it is %s', ([, overrides]) => {
  expect(newestOf(image(1), image(9, overrides))).toEqual([digest(1)]);
});

test('T28: archived images are not the newest', () => {
  expect(newestOf(image(1), image(9, { imageStatus: 'ARCHIVED' }))).toEqual([digest(1)]);
});

test('T27: attestations that BuildKit pushes have no tag, and hide no image', () => {
  expect(newestOf(image(1), image(9, { imageTags: [] }))).toEqual([digest(1)]);
});

test('untagged images count where no image has a tag', () => {
  expect(newestOf(image(1, { imageTags: [] }), image(2, { imageTags: [] }))).toEqual([digest(2), digest(1)]);
});

test('T27: the tag latest means nothing', () => {
  expect(newestOf(image(1, { imageTags: ['latest'] }), image(2))[0]).toBe(digest(2));
});

test('T35: when an image was pulled last means nothing', () => {
  const pulled = image(1, { lastRecordedPullTime: new Date('2026-11-22T00:00:00Z') });

  expect(newestOf(pulled, image(2))[0]).toBe(digest(2));
});
