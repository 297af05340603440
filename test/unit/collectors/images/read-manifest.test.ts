import { describe, expect, test } from 'vitest';
import { readManifest } from '#shared/collectors/images/read-manifest.ts';
import { digest } from '#test/factories/ecr.ts';

const DOCKER_IMAGE = 'application/vnd.docker.distribution.manifest.v2+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const OCI_IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json';
const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';

const read = (manifest: unknown, mediaType?: string) => readManifest(JSON.stringify(manifest), mediaType);
const image = (overrides: Record<string, unknown> = {}) => ({
  schemaVersion: 2,
  mediaType: OCI_IMAGE,
  config: { mediaType: OCI_CONFIG, digest: digest(9), size: 1200 },
  layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digest(8), size: 33 }],
  ...overrides,
});
const child = (number: number, architecture: string, more: Record<string, unknown> = {}) => ({
  mediaType: OCI_IMAGE,
  digest: digest(number),
  size: 700,
  platform: { os: 'linux', architecture },
  ...more,
});

describe('an image', () => {
  test.for([
    ['Docker schema 2', DOCKER_IMAGE, DOCKER_CONFIG, 'application/vnd.docker.image.rootfs.diff.tar.gzip'],
    ['an OCI image', OCI_IMAGE, OCI_CONFIG, 'application/vnd.oci.image.layer.v1.tar+gzip'],
    ['zstd layers', OCI_IMAGE, OCI_CONFIG, 'application/vnd.oci.image.layer.v1.tar+zstd'],
  ])('in %s', ([, mediaType, config, layer]) => {
    const manifest = image({
      mediaType,
      config: { mediaType: config, digest: digest(9), size: 1200 },
      layers: [{ mediaType: layer, digest: digest(8), size: 33 }],
    });

    expect(read(manifest)).toEqual({
      known: true,
      value: {
        kind: 'image',
        configuration: { digest: digest(9), size: 1200 },
        layers: [{ digest: digest(8), size: 33, mediaType: layer }],
      },
    });
  });

  test('without layers', () => {
    expect(read(image({ layers: [] }))).toMatchObject({ value: { kind: 'image', layers: [] } });
  });

  test.for([undefined, null])('that does not say which layers it has is not known: %s', (layers) => {
    expect(read(image({ layers }))).toMatchObject({ known: false, reason: { kind: 'undecidable' } });
  });

  test('that names its base', () => {
    const annotations = {
      'org.opencontainers.image.base.name': 'docker.io/library/alpine:3.22',
      'org.opencontainers.image.base.digest': digest(3),
    };

    expect(read(image({ annotations }))).toMatchObject({
      value: { baseName: 'docker.io/library/alpine:3.22', baseDigest: digest(3) },
    });
  });

  test('with a manifest of 4 MB keeps no more of it than runtimes would mount', () => {
    const layers = Array.from({ length: 32_000 }, (_, index) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest: digest(index),
      size: 33,
    }));
    const text = JSON.stringify(image({ layers }));
    const manifest = readManifest(text);

    expect(text.length).toBeGreaterThan(4_000_000);
    expect(manifest).toMatchObject({ known: true, value: { kind: 'image' } });
    expect(manifest.known && manifest.value?.kind === 'image' && manifest.value.layers.length).toBe(500);
  });
});

describe('an index', () => {
  test.for([
    ['an OCI index', OCI_INDEX],
    ["Docker's manifest list", DOCKER_LIST],
  ])('%s leads to an image a platform', ([, mediaType]) => {
    expect(read({ schemaVersion: 2, mediaType, manifests: [child(1, 'amd64'), child(2, 'arm64')] })).toEqual({
      known: true,
      value: {
        kind: 'index',
        images: [
          { digest: digest(1), os: 'linux', architecture: 'amd64' },
          { digest: digest(2), os: 'linux', architecture: 'arm64' },
        ],
      },
    });
  });

  test.for<[string, Record<string, unknown>]>([
    [
      'by its annotation',
      { platform: undefined, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } },
    ],
    ['by its platform', { platform: { os: 'unknown', architecture: 'unknown' } }],
  ])('T26: an attestation among them, told %s, is no image', ([, more]) => {
    expect(read({ schemaVersion: 2, manifests: [child(1, 'amd64'), child(2, 'amd64', more)] })).toMatchObject({
      value: { kind: 'index', images: [{ digest: digest(1) }] },
    });
  });
});

test.for<[string, Record<string, unknown>]>([
  ['a subject', { subject: { digest: digest(1), size: 1 } }],
  ['a type of artifact', { artifactType: 'application/vnd.example+json' }],
])('what has the parts of an image and %s may be run, and is marked', ([, overrides]) => {
  expect(read(image(overrides))).toMatchObject({ value: { kind: 'image', refers: true } });
});

test('an image of the index is run by its platform, whatever its annotations say', () => {
  const odd = child(2, 'amd64', { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } });

  expect(read({ schemaVersion: 2, manifests: [odd] })).toMatchObject({ value: { images: [{ digest: digest(2) }] } });
});

test('a configuration of no type is that of an image where the layers are', () => {
  const config = { mediaType: 'application/octet-stream', digest: digest(9), size: 2 };

  expect(read(image({ config }))).toMatchObject({ value: { kind: 'image' } });
  expect(read(image({ config, layers: [] }))).toMatchObject({ value: { kind: 'artifact' } });
});

describe('what is no image (T26)', () => {
  test.for<[string, Record<string, unknown>, string]>([
    [
      'a Helm chart',
      { config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: digest(9), size: 2 } },
      'application/vnd.cncf.helm.config.v1+json',
    ],
    [
      'a signature',
      {
        artifactType: 'application/vnd.cncf.notary.signature',
        config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: digest(9), size: 2 },
        subject: { digest: digest(1), size: 1 },
      },
      'application/vnd.cncf.notary.signature',
    ],
    [
      'a signature of cosign, which has the configuration of an image',
      { layers: [{ mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json', digest: digest(8), size: 3 }] },
      OCI_CONFIG,
    ],
    [
      'an attestation of BuildKit, which has one too',
      { layers: [{ mediaType: 'application/vnd.in-toto+json', digest: digest(8), size: 3 }] },
      OCI_CONFIG,
    ],
    [
      'an artifact with an empty configuration',
      { config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: digest(9), size: 2 } },
      'application/vnd.oci.empty.v1+json',
    ],
  ])('%s', ([, overrides, type]) => {
    expect(read(image(overrides))).toEqual({ known: true, value: { kind: 'artifact', type } });
  });
});

test.for<[string, string]>([
  ['what is no JSON', '<html>'],
  ['a list', '[]'],
  ["Docker's first schema", JSON.stringify({ schemaVersion: 1, name: 'app', fsLayers: [] })],
  ['a digest that is no text', JSON.stringify({ schemaVersion: 2, config: { digest: 7 } })],
])('%s is not known, and nothing of it is quoted', ([, text]) => {
  const manifest = readManifest(text);

  expect(manifest).toMatchObject({ known: false, reason: { kind: 'undecidable' } });
  expect(JSON.stringify(manifest)).not.toContain('app');
});
