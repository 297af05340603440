import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { imagesCollector } from '#shared/collectors/images/collect.ts';
import type { EcrContainerImages } from '#shared/collectors/images/model.ts';
import { RunMemory } from '#shared/collectors/run-memory.ts';
import { digest, repositoryImages } from '#test/factories/ecr.ts';
import { collect } from '#test/support/collect.ts';
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

async function archive(name: string): Promise<Buffer> {
  const entries = pack();
  entries.entry({ name }, 'x');
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
