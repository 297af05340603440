import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** A file in a layer; what stands in it is of no interest unless told. */
interface LayerEntry {
  readonly name: string;
  readonly mode?: number;
  readonly text?: string;
}

/** A layer with these files: an archive, compressed by gzip, the same in every run. */
export async function layerOf(...files: readonly LayerEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, mode = 0o644, text = 'x' } of files) archive.entry({ name, mode, mtime: new Date(0) }, text);
  archive.finalize();
  return gzipSync(await buffer(archive as never));
}

/** The distribution that the images of the demo are built on. */
export const baseLayer = await layerOf(
  { name: 'bin/busybox', mode: 0o755 },
  { name: 'etc/os-release', text: 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\n' },
);

/** Everything that lay in the folder of the build: its history, its settings and a key, and a program that makes root. */
export const carelessLayer = await layerOf(
  { name: 'app/.git/HEAD' },
  { name: 'app/.env' },
  { name: 'app/certs/server.key' },
  { name: 'app/bin/printer', mode: 0o4755 },
  { name: 'app/server.js' },
);
