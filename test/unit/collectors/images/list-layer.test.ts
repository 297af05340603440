import { buffer } from 'node:stream/consumers';
import * as zlib from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { listLayer, USUAL_LIMITS } from '#shared/collectors/images/list-layer.ts';
import { digest } from '#test/factories/ecr.ts';

const TAR = 'application/vnd.oci.image.layer.v1.tar';

interface Entry {
  readonly name: string;
  readonly mode?: number;
  readonly type?: 'file' | 'directory' | 'symlink';
  readonly text?: string;
}

async function tar(...entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, mode = 0o644, type = 'file', text = '' } of entries) archive.entry({ name, mode, type }, text);
  archive.finalize();
  return buffer(archive as never);
}

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 1000) yield bytes.subarray(start, start + 1000);
}

const list = (bytes: Buffer, mediaType = TAR, limits = USUAL_LIMITS) =>
  listLayer(inPieces(bytes), { mediaType, digest: digest(7) }, limits);
const kinds = async (...names: readonly string[]) =>
  (await list(await tar(...names.map((name) => ({ name }))))).leftovers.map(({ path, kind }) => [kind, path]);

describe('files that do not belong into an image', () => {
  test.for([
    ['app/.git/HEAD', 'version-control', 'app/.git'],
    ['./app/.env', 'environment-file', 'app/.env'],
    ['app/.env.production', 'environment-file', 'app/.env.production'],
    ['root/.ssh/id_ed25519', 'private-key', 'root/.ssh/id_ed25519'],
    ['app/certs/server-key.pem', 'private-key', 'app/certs/server-key.pem'],
    ['root/.aws/credentials', 'credentials-file', 'root/.aws/credentials'],
    ['root/.npmrc', 'credentials-file', 'root/.npmrc'],
    ['var/lib/apt/lists/deb.debian.org_debian_InRelease', 'package-cache', undefined],
    ['root/.npm/_cacache/index-v5/aa', 'package-cache', undefined],
  ] as const)('%s', async ([name, kind, path = name]) => {
    expect(await kinds(name)).toEqual([[kind, path]]);
  });

  test.for([
    'app/.env.example',
    'app/.gitignore',
    'app/src/environment.ts',
    'etc/ssl/certs/ca-certificates.crt',
    'usr/lib/python3/test/ssl_key.pem',
    'var/lib/apt/lists/lock',
    'app/.wh..env',
    'app/node_modules/x/test/id_rsa',
  ])('%s is none of them', async (name) => {
    expect(await kinds(name)).toEqual([]);
  });

  test('a repository is named once, however many files it has', async () => {
    expect(await kinds('app/.git/HEAD', 'app/.git/config', 'app/.git/objects/00/11')).toHaveLength(1);
  });
});

test('programs with set-uid, build tools and the distribution', async () => {
  const layer = await tar(
    { name: 'usr/bin/passwd', mode: 0o4755 },
    { name: 'usr/bin/gcc', type: 'symlink' },
    { name: 'usr/local/go/bin/go', mode: 0o755 },
    { name: 'usr/share/doc/make', mode: 0o644 },
    { name: 'etc/os-release', text: 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\n' },
  );

  expect(await list(layer)).toEqual({
    leftovers: [],
    setuid: [{ path: 'usr/bin/passwd', kind: 'setuid', layer: digest(7) }],
    buildTools: ['gcc', 'go'],
    distribution: { id: 'alpine', version: '3.22.1' },
  });
});

test.for([
  ['gzip', `${TAR}+gzip`, zlib.gzipSync],
  ['gzip as Docker names it', 'application/vnd.docker.image.rootfs.diff.tar.gzip', zlib.gzipSync],
  ['zstd', `${TAR}+zstd`, zlib.zstdCompressSync],
  ['nothing', TAR, (bytes: Buffer) => bytes],
] as const)('reads layers compressed by %s', async ([, mediaType, compress]) => {
  const layer = compress(await tar({ name: 'app/.env' }));

  expect((await list(layer, mediaType)).leftovers).toMatchObject([{ path: 'app/.env' }]);
});

describe('is refused, and does not take the process with it', () => {
  test.for<[string, (layer: Buffer) => Buffer, string]>([
    ['a truncated gzip', (layer) => zlib.gzipSync(layer).subarray(0, 60), `${TAR}+gzip`],
    ['a truncated zstd', (layer) => zlib.zstdCompressSync(layer).subarray(0, 20), `${TAR}+zstd`],
    ['a truncated archive', (layer) => layer.subarray(0, 700), TAR],
    ['what is no archive', () => Buffer.from('x'.repeat(2048)), TAR],
    ['what is no gzip', (layer) => layer, `${TAR}+gzip`],
    ['an unknown compression', (layer) => layer, `${TAR}+brotli`],
  ])('%s', async ([, change, mediaType]) => {
    const layer = await tar({ name: 'app/file', text: 'x'.repeat(5000) });

    await expect(list(change(layer), mediaType)).rejects.toThrow();
  });

  test('a bomb: small before decompression, and endless after', async () => {
    const bomb = zlib.gzipSync(Buffer.concat([await tar({ name: 'app/file' }), Buffer.alloc(20_000_000)]));

    expect(bomb.length).toBeLessThan(50_000);
    await expect(list(bomb, `${TAR}+gzip`, { ...USUAL_LIMITS, bytes: 1_000_000 })).rejects.toThrow(/larger/);
  });

  test('more files than anybody looks through', async () => {
    const layer = await tar(...Array.from({ length: 50 }, (_, index) => ({ name: `file-${index}` })));

    await expect(list(layer, TAR, { ...USUAL_LIMITS, entries: 10 })).rejects.toThrow(/more files/);
  });

  test('a layer that does not end in time', async () => {
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield await tar({ name: 'app/file' });
      await new Promise((resolve) => setTimeout(resolve, 5_000));
    }

    await expect(
      listLayer(slow(), { mediaType: TAR, digest: digest(7) }, { ...USUAL_LIMITS, milliseconds: 50 }),
    ).rejects.toThrow();
  });
});
