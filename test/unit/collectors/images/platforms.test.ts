import { BatchGetImageCommand, DescribeImageScanFindingsCommand, ListImageReferrersCommand } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { digest, repositoryImages, running, runningImageFact } from '#test/factories/ecr.ts';
import { accessDenied } from '#test/support/collect.ts';
import { look } from './look.ts';
import {
  blobs,
  ecr,
  imageManifest,
  startStorage,
  stopStorage,
  storeConfiguration,
  stubRegistry,
} from './registry-stub.ts';

beforeAll(startStorage);
afterAll(stopStorage);

let configuration: string;

beforeEach(() => {
  blobs.clear();
  configuration = storeConfiguration({ os: 'linux', architecture: 'amd64', config: { User: '1000' } });
  stubRegistry({ [digest(1)]: imageManifest(configuration) });
});

const index = (...children: readonly [number, string][]) =>
  JSON.stringify({
    schemaVersion: 2,
    manifests: children.map(([number, architecture]) => ({
      digest: digest(number),
      size: 1,
      platform: { os: architecture === 'unknown' ? 'unknown' : 'linux', architecture },
    })),
  });

describe('an index that runs (T18)', () => {
  const fact = repositoryImages({ running: [running(1, { isIndex: true })] });
  beforeEach(() =>
    stubRegistry({
      [digest(1)]: index([2, 'amd64'], [3, 'arm64'], [4, 'unknown']),
      [digest(2)]: imageManifest(configuration),
      [digest(3)]: imageManifest(configuration),
    }),
  );

  test('T18, T26: leads to the images of all its platforms, and to no attestation', async () => {
    const { images, gaps } = await look(fact);

    expect(images).toMatchObject([
      { digest: digest(2), indexDigest: digest(1), tags: ['v1'], running: true },
      { digest: digest(3), indexDigest: digest(1), tags: ['v1'] },
    ]);
    expect(gaps).toEqual([]);
  });

  test.for<[string, string, unknown]>([
    ['is an index itself', index([5, 'arm64']), 'An index stands in an index, which is not followed.'],
    [
      'is nothing that is known here',
      JSON.stringify({ schemaVersion: 2, config: { mediaType: 'application/vnd.wasm.config.v0+json', digest: 'x' } }),
      'What runs is no image of a kind that is known here.',
    ],
  ])('an image of its platforms that %s is not known, and not left out', async ([, manifest, message]) => {
    stubRegistry({
      [digest(1)]: index([2, 'amd64'], [3, 'arm64']),
      [digest(2)]: imageManifest(configuration),
      [digest(3)]: manifest,
    });

    expect((await look(fact)).images).toMatchObject([
      { configuration: { known: true } },
      { configuration: { known: false, reason: { message } } },
    ]);
  });

  test.for(['aarch64', 'ARM64'])(
    'T18: an image of it whose platform is written %s is the one that runs',
    async (platform) => {
      stubRegistry({
        [digest(1)]: index([2, 'amd64'], [3, platform]),
        [digest(2)]: imageManifest(configuration),
        [digest(3)]: imageManifest(configuration),
      });
      const onArm = runningImageFact({ digest: digest(1), cpuArchitecture: 'ARM64' });

      expect((await look(fact, [onArm])).images.map((image) => image.digest)).toEqual([digest(3)]);
    },
  );

  test('T18: of the platform on which its tasks run, where they all say it', async () => {
    const onArm = runningImageFact({ digest: digest(1), cpuArchitecture: 'ARM64' });

    expect((await look(fact, [onArm])).images.map((image) => image.digest)).toEqual([digest(3)]);
  });

  test('T18: is scanned by its images, and referred to as what was pushed', async () => {
    await look(fact);

    const asked = ecr.commandCalls(DescribeImageScanFindingsCommand).map(({ args }) => args[0].input.imageId);
    expect(asked).toEqual([{ imageDigest: digest(2) }, { imageDigest: digest(3) }]);
    const referred = ecr.commandCalls(ListImageReferrersCommand).map(({ args }) => args[0].input.subjectId);
    expect(referred).toEqual([{ imageDigest: digest(1) }]);
  });

  test('is not said to be unscanned where it could not be read', async () => {
    ecr.on(BatchGetImageCommand).rejects(accessDenied('ecr:BatchGetImage'));
    const { images } = await look(fact);

    expect(images).toMatchObject([{ scan: { known: false, reason: { missingPermission: 'ecr:BatchGetImage' } } }]);
  });
});

test('T27: of the newest, build caches and other artifacts are passed over', async () => {
  const cache = {
    schemaVersion: 2,
    manifests: [
      { digest: digest(5), size: 1, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' },
      { digest: digest(6), size: 1, mediaType: 'application/vnd.buildkit.cacheconfig.v0' },
    ],
  };
  stubRegistry({ [digest(2)]: JSON.stringify(cache), [digest(1)]: imageManifest(configuration) });
  const newest = [
    { digest: digest(2), tags: ['buildcache'], isIndex: true },
    { digest: digest(1), tags: ['v1'], isIndex: false },
  ];
  const { images } = await look(repositoryImages({ running: [], newest }));

  expect(images).toMatchObject([{ digest: digest(1), tags: ['v1'], running: false }]);
  expect(images).toHaveLength(1);
});
