import { createHash } from 'node:crypto';
import { type Duplex, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { byWeight, isUsualSetuid, type LayerFile, type LayerFindings } from '../../domain/image-layers.ts';
import { buildToolAt, distributionIn, leftoverKind, leftoverName } from './layer-files.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** What one layer has, without the name of the layer: it is kept under its digest. */
export type LayerContent = Omit<LayerFindings, 'complete'>;

/** Raised for a layer that is larger than anybody looks through, or that nobody can unpack. */
export class LayerError extends Error {
  override readonly name = 'LayerError';
}

export interface LayerLimits {
  /** Bytes after decompression: a bomb is small before it. */
  readonly bytes: number;
  readonly entries: number;
  readonly milliseconds: number;
}

export const USUAL_LIMITS: LayerLimits = { bytes: 4_000_000_000, entries: 500_000, milliseconds: 180_000 };
const KEPT_OF_A_KIND = 20;
const OS_RELEASE = /^(?:etc|usr\/lib)\/os-release$/;
const MOST_OF_OS_RELEASE = 65_536;
const SETUID_OR_SETGID = 0o6000;
/** PATH_MAX of Linux: nobody can unpack a longer name. */
const LONGEST_NAME = 4096;
/** Two empty blocks end an archive. */
const END_OF_ARCHIVE = 1024;

/**
 * Goes through the entries of a layer while it streams by. Nothing is written to disk, and of contents only
 * `/etc/os-release` is looked at. What this returns is kept for good under the digest, so it is held against the bytes.
 *
 * @throws LayerError beyond the limits, for bytes that the digest does not name and for an archive without its end; and
 *   what zlib and the tar reader throw for a broken layer
 * @see https://github.com/opencontainers/image-spec/blob/main/layer.md
 */
export async function listLayer(
  bytes: AsyncIterable<Uint8Array>,
  { mediaType, digest }: { readonly mediaType: string; readonly digest: string },
  limits: LayerLimits = USUAL_LIMITS,
): Promise<LayerContent> {
  const fold = new LayerFold(digest, limits.entries);
  const entries = extract();
  entries.on('entry', (header, stream, next) => {
    // An archive that breaks off ends the entry that is being read; unheard it would end the process.
    stream.on('error', next);
    fold.add(header, stream).then(
      () => next(),
      (error: Error) => next(error),
    );
  });
  const decompression = decompressionFor(mediaType);
  const steps = [
    Readable.from(bytes),
    named(digest),
    ...(decompression === undefined ? [] : [decompression]),
    limited(limits.bytes),
    ended(),
    entries,
  ];
  const signal = AbortSignal.timeout(limits.milliseconds);
  await pipeline(steps as never, { signal }).catch((error: unknown) => {
    // Told apart from a storage that gives no answer.
    throw signal.aborted ? new LayerError('takes longer than anybody waits') : error;
  });
  return fold.content();
}

function decompressionFor(mediaType: string): Duplex | undefined {
  if (/gzip$/.test(mediaType)) return zlib.createGunzip();
  if (/tar$/.test(mediaType)) return undefined;
  if (/zstd$/.test(mediaType)) {
    // Node has it since 22.15.
    if (typeof zlib.createZstdDecompress === 'function') return new ZstdFrames();
    throw new LayerError('this version of Node has no zstd');
  }
  throw new LayerError('the compression is not known');
}

/** Passes on what is named by the digest, which is only known at the end. */
function named(digest: string): Transform {
  const hash = createHash('sha256');
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const isNamed = `sha256:${hash.digest('hex')}` === digest;
      done(isNamed ? null : new LayerError('other bytes than the digest names'));
    },
  });
}

/** Passes an archive on that has its end: the tar reader takes one that stops between two files for a whole one. */
function ended(): Transform {
  let zeros = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const tail = chunk.subarray(-END_OF_ARCHIVE);
      const last = tail.findLastIndex((byte) => byte !== 0);
      zeros = last === -1 ? zeros + tail.length : tail.length - 1 - last;
      done(null, chunk);
    },
    flush(done) {
      done(zeros < END_OF_ARCHIVE ? new LayerError('the archive has no end') : null);
    },
  });
}

function limited(most: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > most) done(new LayerError('larger than anybody looks through'));
      else done(null, chunk);
    },
  });
}

class LayerFold {
  readonly #layer: string;
  readonly #mostEntries: number;
  #entries = 0;
  readonly #leftovers = new Map<string, LayerFile>();
  readonly #counts = new Map<string, number>();
  readonly #setuid: Record<'usual' | 'unusual', LayerFile[]> = { unusual: [], usual: [] };
  readonly #buildTools = new Set<string>();
  #distribution: LayerContent['distribution'];

  constructor(layer: string, mostEntries: number) {
    this.#layer = layer;
    this.#mostEntries = mostEntries;
  }

  async add(
    { name, mode = 0, type, size = 0 }: Header,
    stream: AsyncIterable<unknown> & { resume(): void },
  ): Promise<void> {
    this.#entries += 1;
    if (this.#entries > this.#mostEntries) throw new LayerError('more files than anybody looks through');
    if (name.length > LONGEST_NAME) throw new LayerError('a name is longer than any file may have');
    const path = name.replace(/^(?:\.?\/)+/, '');
    const isFile = type === 'file' || type === 'contiguous-file';
    if (isFile) this.#addFile(path, mode);
    const tool = isFile || type === 'symlink' || type === 'link' ? buildToolAt(path) : undefined;
    if (tool !== undefined) this.#buildTools.add(tool);
    if (isFile && OS_RELEASE.test(path) && size <= MOST_OF_OS_RELEASE) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      this.#distribution = distributionIn(Buffer.concat(chunks).toString('utf8')) ?? this.#distribution;
    } else stream.resume();
  }

  content(): LayerContent {
    return {
      leftovers: [...this.#leftovers.values()].sort(byWeight),
      setuid: [...this.#setuid.unusual, ...this.#setuid.usual],
      buildTools: [...this.#buildTools].sort(),
      ...(this.#distribution === undefined ? {} : { distribution: this.#distribution }),
    };
  }

  #addFile(path: string, mode: number): void {
    // A mark that an earlier file is gone is no file; and the earlier layer has it still.
    if (/(?:^|\/)\.wh\./.test(path)) return;
    if ((mode & SETUID_OR_SETGID) !== 0) {
      const programs = this.#setuid[isUsualSetuid(path) ? 'usual' : 'unusual'];
      if (programs.length < KEPT_OF_A_KIND) programs.push({ path, kind: 'setuid', layer: this.#layer });
    }
    const kind = leftoverKind(path);
    if (kind === undefined) return;
    const found = leftoverName(path, kind);
    const count = this.#counts.get(kind) ?? 0;
    if (this.#leftovers.has(found) || count >= KEPT_OF_A_KIND) return;
    this.#counts.set(kind, count + 1);
    this.#leftovers.set(found, { path: found, kind, layer: this.#layer });
  }
}
