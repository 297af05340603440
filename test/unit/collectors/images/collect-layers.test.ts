import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { imageBaseSupported } from '#shared/checks/image/image-base-supported.ts';
import { imageLayersClean } from '#shared/checks/image/image-layers-clean.ts';
import { imageNoBuildTools } from '#shared/checks/image/image-no-build-tools.ts';
import { imageNoSetuid } from '#shared/checks/image/image-no-setuid.ts';
import { imagesCollector } from '#shared/collectors/images/collect.ts';
import type { EcrContainerImages } from '#shared/collectors/images/model.ts';
import { RunMemory } from '#shared/collectors/run-memory.ts';
import type { LayerFile, LeftoverKind } from '#shared/domain/image-layers.ts';
import { known } from '#shared/domain/observed.ts';
import { digest, REPOSITORY, REPOSITORY_ARN, repositoryImages } from '#test/factories/ecr.ts';
import { imagesOf } from '#test/factories/images.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { awsError, collect } from '#test/support/collect.ts';
import { judge } from '#test/support/judge.ts';
import {
  blobs,
  digestOf,
  ecr,
  imageManifest,
  startStorage,
  stopStorage,
  storeConfiguration,
  stubRegistry,
} from './registry-stub.ts';

const GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';

beforeAll(startStorage);
afterAll(stopStorage);

let configuration: string;

beforeEach(() => {
  blobs.clear();
  configuration = storeConfiguration({ os: 'linux' });
});

async function look(layers = true, contents = new RunMemory()) {
  const imageSettings = { newest: 1, configuration: true, layers };
  const collected = await collect(imagesCollector, { facts: [repositoryImages()], contents, imageSettings });
  const { images } = collected.resources[0] as EcrContainerImages;
  return { ...collected, images: images.known ? images.value : [] };
}

async function archive(...names: readonly string[]): Promise<Buffer> {
  return modesArchive(names.map((name) => ({ name })));
}

async function modesArchive(files: readonly { readonly name: string; readonly mode?: number }[]): Promise<Buffer> {
  const entries = pack();
  for (const file of files) entries.entry(file, 'x');
  entries.finalize();
  return gzipSync(await buffer(entries as never));
}

/** An image with these layers runs. */
function withLayers(...layers: readonly Buffer[]): void {
  for (const layer of layers) blobs.set(digestOf(layer), layer);
  const descriptors = layers.map((layer) => ({ mediaType: GZIP, digest: digestOf(layer), size: layer.length }));
  stubRegistry({ [digest(1)]: imageManifest(configuration, descriptors) });
}

const downloads = () => ecr.commandCalls(GetDownloadUrlForLayerCommand).length;

test('layers are not looked into unless it is asked for', async () => {
  withLayers(await archive('app/.env'));

  expect((await look(false)).images).toMatchObject([{ layers: { known: true, value: null } }]);
  expect(downloads()).toBe(1);
});

test('an image without layers passes no check of layers', async () => {
  withLayers();
  const { images, resources } = await look();

  expect(images).toMatchObject([{ layers: { known: true, value: null } }]);
  for (const check of [imageLayersClean, imageNoSetuid, imageNoBuildTools]) {
    expect(judge(check, resources[0] as EcrContainerImages)).toMatchObject({ status: 'NOT_APPLICABLE' });
  }
  expect(judge(imageBaseSupported, resources[0] as EcrContainerImages)).toMatchObject({ status: 'UNKNOWN' });
});

test('layers are each read once ever', async () => {
  withLayers(await archive('app/.env'), await archive('app/server.js'));
  const memory = new RunMemory();
  const first = await look(true, memory);
  ecr.resetHistory();
  const second = await look(true, memory);

  expect(first.images).toMatchObject([{ layers: { value: { leftovers: [{ path: 'app/.env' }], complete: true } } }]);
  expect(second.images).toEqual(first.images);
  expect(downloads()).toBe(0);
});

test('a broken layer is a gap, and what the others hold is told', async () => {
  const broken = (await archive('app/id_rsa')).subarray(0, 40);
  withLayers(await archive('app/.env'), broken);
  const { images, gaps } = await look();

  expect(images).toMatchObject([{ layers: { value: { leftovers: [{ path: 'app/.env' }], complete: false } } }]);
  expect(gaps).toMatchObject([{ operation: 'ecr:GetDownloadUrlForLayer', cause: 'failed' }]);
});

test('broken layers alone leave it unknown', async () => {
  withLayers((await archive('app/id_rsa')).subarray(0, 40));
  const { images } = await look();

  expect(images).toMatchObject([{ layers: { known: false } }]);
});

test('many caches of a base image hide no secrets of the layers above it', async () => {
  withLayers(
    await archive(...Array.from({ length: 25 }, (_, index) => `var/cache/apk/${index}`)),
    await archive('app/.git/HEAD', 'app/.env', 'root/.ssh/id_rsa'),
  );
  const { images, resources } = await look();

  expect(images).toMatchObject([
    {
      layers: { value: { leftovers: expect.arrayContaining([expect.objectContaining({ kind: 'version-control' })]) } },
    },
  ]);
  expect(judge(imageLayersClean, resources[0] as EcrContainerImages)).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    evidence: [
      { observed: { file: 'root/.ssh/id_rsa' } },
      { observed: { file: 'app/.env' } },
      { observed: { file: 'app/.git' } },
      ...Array(7).fill({ observed: { kind: 'package-cache' } }),
    ],
  });
});

test('many usual programs with set-uid hide no unusual one', async () => {
  const usual = Array.from({ length: 25 }, (_, index) => ({ name: `usr/lib/${index}/su`, mode: 0o4755 }));
  withLayers(await modesArchive(usual), await modesArchive([{ name: 'app/evil', mode: 0o4755 }]));
  const { resources } = await look();

  expect(judge(imageNoSetuid, resources[0] as EcrContainerImages)).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    evidence: [{ observed: 'app/evil' }, ...Array(9).fill({})],
  });
});

test('what the caches of one image fill up does not hide what another of the repository holds', () => {
  const leftover = (kind: LeftoverKind, index: number) => ({ path: `${kind}-${index}`, kind, layer: digest(7) });
  const layersWith = (...leftovers: readonly LayerFile[]) =>
    known({ leftovers, setuid: [], buildTools: [], complete: true });
  const caches = Array.from({ length: 20 }, (_, index) => leftover('package-cache', index));
  const images = imagesOf(
    { layers: layersWith(...caches) },
    { digest: digest(2), layers: layersWith(leftover('private-key', 1)) },
  );

  expect(judge(imageLayersClean, images)).toMatchObject({
    severity: 'HIGH',
    evidence: [{ observed: { kind: 'private-key' } }, ...Array(9).fill({})],
  });
});

test('bytes that the digest of a layer does not name are a gap, and are not remembered', async () => {
  const layer = await archive('app/server.js');
  withLayers(layer);
  blobs.set(digestOf(layer), await archive('app/other.js'));
  const memory = new RunMemory();

  expect((await look(true, memory)).images).toMatchObject([{ layers: { known: false } }]);
  blobs.set(digestOf(layer), layer);
  expect((await look(true, memory)).images).toMatchObject([{ layers: { known: true } }]);
});

describe('what one repository does not give out is asked of the next that has it', () => {
  const other = repositoryImages(
    {},
    {
      key: `${ACCOUNT}/${REGION}/another`,
      repositoryArn: REPOSITORY_ARN.replace(REPOSITORY, 'another'),
      repositoryName: 'another',
    },
  );

  test.for(['LayersNotFoundException', 'AccessDeniedException'])('%s', async (error) => {
    const layer = await archive('app/.env');
    withLayers(layer);
    ecr.on(GetDownloadUrlForLayerCommand, { repositoryName: REPOSITORY }).rejects(awsError(error));
    const imageSettings = { newest: 1, configuration: true, layers: true };
    const { resources } = await collect(imagesCollector, { facts: [repositoryImages(), other], imageSettings });

    expect(resources).toMatchObject([
      { name: REPOSITORY, images: { value: [{ configuration: { known: false } }] } },
      { name: 'another', images: { value: [{ configuration: { known: true }, layers: { known: true } }] } },
    ]);
  });
});
