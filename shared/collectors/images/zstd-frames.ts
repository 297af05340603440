import { Duplex } from 'node:stream';
import * as zlib from 'node:zlib';

/**
 * Decompresses frame after frame. Node's own stream ends with the first and drops the rest without a word; but pzstd and
 * zstd:chunked write a frame for each part of a layer, and skippable ones between them. Needs a Node that has zstd.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8878#section-3
 */
export class ZstdFrames extends Duplex {
  #frame = this.#open();

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const frame = this.#frame;
    const before = frame.bytesWritten;
    frame.write(chunk, (error) => {
      if (error) return done(error);
      const rest = chunk.subarray(frame.bytesWritten - before);
      if (rest.length === 0) return done();
      whenRead(frame, () => {
        this.#frame = this.#open();
        this._write(rest, _encoding, done);
      });
    });
  }

  override _final(done: () => void): void {
    whenRead(this.#frame, () => {
      this.push(null);
      done();
    });
    this.#frame.end();
  }

  override _read(): void {
    this.#frame.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#frame.destroy();
    done(error);
  }

  #open(): zlib.ZstdDecompress {
    const frame = zlib.createZstdDecompress();
    frame.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) frame.pause();
    });
    frame.on('error', (error) => this.destroy(error));
    return frame;
  }
}

function whenRead(frame: zlib.ZstdDecompress, then: () => void): void {
  if (frame.readableEnded) then();
  else frame.once('end', then);
}
