import { Writable } from 'node:stream';
import type { CliIo } from './io.ts';

/**
 * Standard output for commands. A reader that has seen enough (`| head`) closes the pipe: what would still be printed
 * is dropped then, and the command goes on to write its files, publish, and end with its own exit code.
 */
export function standardOutput(stdout: NodeJS.WriteStream): CliIo['stdout'] {
  let closed = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed = true;
  });
  const output = new Writable({
    decodeStrings: false,
    write(chunk, encoding, done) {
      if (closed) done();
      else stdout.write(chunk, encoding, (error) => done(closed ? null : error));
    },
  });
  return Object.defineProperties(output, {
    isTTY: { get: () => stdout.isTTY },
    columns: { get: () => stdout.columns },
  });
}

/** Standard error is only remarks: where nobody reads them any more, they are dropped. */
export function standardError(stderr: NodeJS.WriteStream): CliIo['stderr'] {
  stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return stderr;
}
