import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import * as zlib from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { listLayer, USUAL_LIMITS } from '#shared/collectors/images/list-layer.ts';

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

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const list = (bytes: Buffer, mediaType = TAR, limits = USUAL_LIMITS) =>
  listLayer(inPieces(bytes), { mediaType, digest: digestOf(bytes) }, limits);
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
    setuid: [{ path: 'usr/bin/passwd', kind: 'setuid', layer: digestOf(layer) }],
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

describe('zstd of more than one frame is read to its end', () => {
  const files = Array.from({ length: 60 }, (_, index) => ({ name: `app/file-${index}`, text: 'x'.repeat(3000) }));
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);

  test.for<[string, (first: Buffer, second: Buffer) => readonly Buffer[]]>([
    ['as pzstd writes it', (first, second) => [first, second]],
    ['with frames between that are to be skipped', (first, second) => [skippable, first, skippable, second, skippable]],
    ['with empty frames', (first, second) => [zlib.zstdCompressSync(''), first, zlib.zstdCompressSync(''), second]],
  ])('%s', async ([, frames]) => {
    const layer = await tar(...files, { name: 'app/.env' });
    const [first, second] = [layer.subarray(0, 100_000), layer.subarray(100_000)].map((part) =>
      zlib.zstdCompressSync(part),
    );
    const compressed = Buffer.concat(frames(first as Buffer, second as Buffer));

    expect((await list(compressed, `${TAR}+zstd`)).leftovers).toMatchObject([{ path: 'app/.env' }]);
  });

  test('each block as a frame, as zstd:chunked has it', async () => {
    const layer = await tar(...files, { name: 'app/.env' });
    const blocks = Array.from({ length: layer.length / 512 }, (_, at) => layer.subarray(at * 512, (at + 1) * 512));
    const compressed = Buffer.concat(blocks.map((block) => zlib.zstdCompressSync(block)));

    expect((await list(compressed, `${TAR}+zstd`)).leftovers).toMatchObject([{ path: 'app/.env' }]);
  });

  test('and refused where a later frame is broken', async () => {
    const layer = zlib.zstdCompressSync(await tar({ name: 'app/file' }));

    await expect(list(Buffer.concat([layer, layer.subarray(0, 15)]), `${TAR}+zstd`)).rejects.toThrow();
    await expect(list(Buffer.concat([layer, Buffer.from('no frame')]), `${TAR}+zstd`)).rejects.toThrow();
  });

  test('a bomb of frames is no larger than another', async () => {
    const frame = zlib.zstdCompressSync(Buffer.alloc(5_000_000));

    await expect(
      list(Buffer.concat(Array(100).fill(frame)), `${TAR}+zstd`, { ...USUAL_LIMITS, bytes: 20_000_000 }),
    ).rejects.toThrow(/larger/);
  });
});

test('gzip of more than one member is read to its end', async () => {
  const layer = await tar({ name: 'app/file', text: 'x'.repeat(5000) }, { name: 'app/.env' });
  const compressed = Buffer.concat([zlib.gzipSync(layer.subarray(0, 1000)), zlib.gzipSync(layer.subarray(1000))]);

  expect((await list(compressed, `${TAR}+gzip`)).leftovers).toMatchObject([{ path: 'app/.env' }]);
});

test('many files of one kind hide none of another, and the worst come first', async () => {
  const caches = Array.from({ length: 25 }, (_, index) => ({ name: `var/cache/apk/${index}` }));
  const usual = Array.from({ length: 25 }, (_, index) => ({ name: `usr/lib/${index}/su`, mode: 0o4755 }));
  const { leftovers, setuid } = await list(
    await tar(...caches, ...usual, { name: 'a/.git/x' }, { name: 'a/id_rsa' }, { name: 'a/evil', mode: 0o4755 }),
  );

  expect(leftovers).toHaveLength(22);
  expect(leftovers.slice(0, 3).map(({ path }) => path)).toEqual(['a/id_rsa', 'a/.git', 'var/cache/apk/0']);
  expect(setuid.slice(0, 2).map(({ path }) => path)).toEqual(['a/evil', 'usr/lib/0/su']);
});

describe('is refused, and does not take the process with it', () => {
  test.for<[string, (layer: Buffer) => Buffer, string]>([
    ['a truncated gzip', (layer) => zlib.gzipSync(layer).subarray(0, 60), `${TAR}+gzip`],
    ['a truncated zstd', (layer) => zlib.zstdCompressSync(layer).subarray(0, 20), `${TAR}+zstd`],
    ['a truncated archive', (layer) => layer.subarray(0, 700), TAR],
    ['what is no archive', () => Buffer.from('x'.repeat(2048)), TAR],
    ['what is no gzip', (layer) => layer, `${TAR}+gzip`],
    ['an unknown compression', (layer) => layer, `${TAR}+brotli`],
    ['an archive that stops between two files', (layer) => layer.subarray(0, -1024), TAR],
    ['nothing at all', () => Buffer.of(), TAR],
  ])('%s', async ([, change, mediaType]) => {
    const layer = await tar({ name: 'app/file', text: 'x'.repeat(5000) });

    await expect(list(change(layer), mediaType)).rejects.toThrow();
  });

  test('a bomb: small before decompression, and endless after', async () => {
    const bomb = zlib.gzipSync(Buffer.concat([await tar({ name: 'app/file' }), Buffer.alloc(20_000_000)]));

    expect(bomb.length).toBeLessThan(50_000);
    await expect(list(bomb, `${TAR}+gzip`, { ...USUAL_LIMITS, bytes: 1_000_000 })).rejects.toThrow(/larger/);
  });

  test('bytes that the digest does not name, because what they hold is kept for good', async () => {
    const layer = await tar({ name: 'app/file' });
    const other = { mediaType: TAR, digest: digestOf(Buffer.from('another')) };

    await expect(listLayer(inPieces(layer), other)).rejects.toThrow('other bytes than the digest names');
  });

  test.for(['_', '/', 'a_', '/a', '.key', 'private', '.git'])('a name of a megabyte, at once: %s', async (piece) => {
    const path = `var/lib/apt/lists/${piece.repeat(Math.floor(1_000_000 / piece.length))}/x`;
    const archive = pack();
    archive.entry({ name: 'x', pax: { path } }, '');
    archive.finalize();
    const layer = zlib.gzipSync(await buffer(archive as never));
    const start = performance.now();

    await expect(list(layer, `${TAR}+gzip`)).rejects.toThrow('a name is longer than any file may have');
    expect(performance.now() - start).toBeLessThan(2000);
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
      listLayer(slow(), { mediaType: TAR, digest: digestOf(Buffer.of()) }, { ...USUAL_LIMITS, milliseconds: 50 }),
    ).rejects.toThrow(/longer than anybody waits/);
  });
});
