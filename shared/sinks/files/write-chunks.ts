import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Small pieces are joined up to about this many UTF-16 units before they are handed to the stream. */
const CHUNK = 64 * 1024;

/**
 * Writes text pieces to a stream at the stream's own pace, without ever holding more than one chunk of them.
 *
 * @param end whether to end the stream afterwards: true for files, false for standard output
 * @throws the stream's error (a full disk, a closed pipe)
 */
export async function writeChunks(pieces: Iterable<string>, out: Writable, end: boolean): Promise<void> {
  await pipeline(Readable.from(joined(pieces), { objectMode: true, highWaterMark: 1 }), out, { end });
}

function* joined(pieces: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
