import type { ImageDetail } from '@aws-sdk/client-ecr';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isImage } from '#shared/collectors/ecr/artifact-kind.ts';
import { ImageSummaryFold, type ImageSummaryOptions } from '#shared/collectors/ecr/image-summary.ts';
import { NameCounter } from '#shared/collectors/ecr/name-counter.ts';
import { digest, KEEP_LAST, lifecycle, ruleText } from '#test/factories/ecr.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const IMAGE_CONFIG = 'application/vnd.oci.image.config.v1+json';
const at = (day: number) => new Date(Date.UTC(2026, 10, day));

function summarize(images: readonly ImageDetail[], options: Partial<ImageSummaryOptions> = {}) {
  const fold = new ImageSummaryFold({
    lifecyclePolicy: null,
    exclusions: [],
    runningDigests: new Set(),
    startedTags: new Set(),
    ...options,
  });
  for (const image of images) fold.add(image);
  return fold.summary();
}

function policy(...rules: unknown[]) {
  const read = lifecycle(...rules);
  if (!read.known) throw new Error('the policy of the test is not a policy');
  return read.value;
}

test('what a tag names now that a rule or schedule starts counts as running', () => {
  const images = [
    { imageDigest: digest(1), imageTags: ['nightly'] },
    { imageDigest: digest(2), imageTags: ['v2'] },
  ];

  expect(summarize(images, { startedTags: new Set(['nightly']) }).running).toMatchObject([
    { digest: digest(1), present: true, tags: ['nightly'] },
  ]);
});

describe('T26: what is an image', () => {
  test.for<[string, ImageDetail, boolean]>([
    ['an image', { artifactMediaType: IMAGE_CONFIG, imageTags: ['v1'] }, true],
    ['an untagged image', {}, true],
    ['an image index', { imageManifestMediaType: INDEX, imageTags: ['v1'] }, true],
    ['an image that also carries a signature tag', { imageTags: ['v1', 'sha256-ab.sig'] }, true],
    ['a referrer (signature, SBOM)', { subjectManifestDigest: digest(1) }, false],
    ['a cosign signature', { imageTags: ['sha256-ab.sig'] }, false],
    ['a cosign attestation', { imageTags: ['sha256-ab.att'] }, false],
    ['a fallback tag of referrers', { imageTags: ['sha256-ab'] }, false],
    ['a Helm chart', { artifactMediaType: 'application/vnd.cncf.helm.config.v1+json', imageTags: ['1.0.0'] }, false],
    ['a build cache', { artifactMediaType: 'application/vnd.buildkit.cacheconfig.v0', imageTags: ['cache'] }, false],
  ])('%s', ([, detail, expected]) => {
    expect(isImage(detail)).toBe(expected);
  });

  test('charts and signatures are counted apart and their tags are not judged', () => {
    const summary = summarize([
      { imageTags: ['v1.0.0'] },
      { imageTags: ['sha256-ab.sig'] },
      { artifactMediaType: 'application/vnd.cncf.helm.config.v1+json', imageTags: ['9.9.9'] },
    ]);

    expect(summary).toMatchObject({ images: 1, taggedImages: 1, otherArtifacts: 2 });
    expect(summary.notExcluded.tags.first).toEqual(['v1.0.0']);
    expect(summary.unbounded?.first).toEqual(['v1.0.0']);
  });
});

test('T29: tags are told apart by exclusion filter, release tags among them', () => {
  const summary = summarize([{ imageTags: ['v1.2.3', 'latest'] }, { imageTags: ['dev-1', 'buildcache'] }], {
    exclusions: [
      { type: 'WILDCARD', filter: 'dev-*' },
      { type: 'WILDCARD', filter: 'v*' },
    ],
  });

  expect(summary.byExclusion).toEqual([
    { filter: 'dev-*', tags: { count: 1, first: ['dev-1'] }, releaseTags: { count: 0, first: [] } },
    { filter: 'v*', tags: { count: 1, first: ['v1.2.3'] }, releaseTags: { count: 1, first: ['v1.2.3'] } },
  ]);
  expect(summary.notExcluded.tags.first).toEqual(['latest']);
});

describe('T31: tagged images that no rule ever deletes', () => {
  const forV = ruleText({
    tagStatus: 'tagged',
    tagPrefixList: ['v'],
    countType: 'imageCountMoreThan',
    countNumber: 5,
  });

  test('are those of other prefixes', () => {
    const summary = summarize([{ imageTags: ['v1'] }, { imageTags: ['dev'] }, {}], { lifecyclePolicy: policy(forV) });

    expect(summary.unbounded).toEqual({ count: 1, first: ['dev'] });
  });

  test('are not looked for in the archive', () => {
    const images: ImageDetail[] = [{ imageTags: ['dev'], imageStatus: 'ARCHIVED' }];

    expect(summarize(images, { lifecyclePolicy: policy(forV) })).toMatchObject({
      archivedImages: 1,
      unbounded: { count: 0 },
    });
  });

  test('are not known without the policy', () => {
    expect(summarize([{ imageTags: ['dev'] }], { lifecyclePolicy: undefined }).unbounded).toBeUndefined();
  });
});

describe('running digests', () => {
  const runningDigests = new Set([digest(2)]);
  const images = [1, 2, 3, 4].map((day) => ({
    imageDigest: digest(day),
    imageTags: [`v1.0.${day}`],
    imagePushedAt: at(day),
  }));

  test.for([
    [2, true],
    [3, false],
  ] as const)('with %s images kept, the third newest is beyond the count: %s', ([kept, beyondCount]) => {
    const summary = summarize(images, { lifecyclePolicy: policy(KEEP_LAST(kept)), runningDigests });

    expect(summary.running).toEqual([
      {
        digest: digest(2),
        present: true,
        tags: ['v1.0.2'],
        isIndex: false,
        pushedAt: '2026-11-02T00:00:00.000Z',
        lifecycle: { rulePriority: 9, action: 'expire', beyondCount },
      },
    ]);
  });

  test('get the date on which a rule by age selects them', () => {
    const byAge = ruleText({ tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 10 });

    expect(summarize(images, { lifecyclePolicy: policy(byAge), runningDigests }).running).toMatchObject([
      { lifecycle: { rulePriority: 1, action: 'expire', selectedAt: '2026-11-12T00:00:00.000Z' } },
    ]);
  });

  test('are said to be absent where the repository does not list them', () => {
    expect(summarize([], { runningDigests }).running).toEqual([
      { digest: digest(2), present: false, tags: [], isIndex: false },
    ]);
  });

  test('are ranked among all manifests, signatures included, as ECR does', () => {
    const signatures = [11, 12].map((day) => ({ imageTags: [`sha256-${day}.sig`], imagePushedAt: at(day) }));
    const options = { lifecyclePolicy: policy(KEEP_LAST(3)), runningDigests };

    expect(summarize([...images, ...signatures], options).running[0]?.lifecycle?.beyondCount).toBe(true);
  });
});

test('the summary does not depend on the order of the pages', () => {
  const images = fc.array(
    fc.record({
      imageDigest: fc.integer({ min: 1, max: 5 }).map(digest),
      imageTags: fc.uniqueArray(fc.constantFrom('v1.0', 'dev', 'latest', 'cache'), { maxLength: 2 }),
      imagePushedAt: fc.integer({ min: 1, max: 28 }).map(at),
    }),
    { maxLength: 15 },
  );
  const unique = images.map((all) => [...new Map(all.map((one) => [one.imageDigest, one])).values()]);
  fc.assert(
    fc.property(unique, (all) => {
      const options = { lifecyclePolicy: policy(KEEP_LAST(2)), runningDigests: new Set([digest(1), digest(2)]) };
      expect(summarize([...all].reverse(), options)).toEqual(summarize(all, options));
    }),
  );
});

test('a sample keeps the first ten names of any number, in order', () => {
  const counter = new NameCounter();
  for (let number = 999; number >= 100; number -= 1) counter.add(`v${number}`);

  expect(counter.sample()).toEqual({ count: 900, first: Array.from({ length: 10 }, (_, index) => `v${100 + index}`) });
});

test('memory does not grow with the number of images', () => {
  const fold = new ImageSummaryFold({
    lifecyclePolicy: policy(KEEP_LAST(100)),
    exclusions: [],
    startedTags: new Set(),
    runningDigests: new Set([digest(1)]),
  });
  for (let number = 0; number < 100_000; number += 1) {
    fold.add({ imageDigest: digest(number), imageTags: [`v1.0.${number}`], imagePushedAt: new Date(number) });
  }

  expect(JSON.stringify(fold.summary()).length).toBeLessThan(2_000);
});
