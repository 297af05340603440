import { Writable } from 'node:stream';
import { fileProblem } from './errors.ts';
import type { CliIo } from './io.ts';

/**
 * Standard output for commands. A reader that has seen enough (`| head`) closes the pipe: what would still be printed
 * is dropped then, and the command goes on to write its files, publish, and end with its own exit code. Anything else
 * that goes wrong (a full disk) ends the process: what was asked for cannot be had.
 */
export function standardOutput(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): CliIo['stdout'] {
  let closed = false;
  const fail = (error: NodeJS.ErrnoException) => {
    closed = true;
    if (error.code === 'EPIPE') return;
    stderr.write(`hullcheck: standard output cannot be written: ${fileProblem(error)}.\n`);
    process.exit(2);
  };
  stdout.on('error', fail);
  const output = new Writable({
    decodeStrings: false,
    write(chunk, encoding, done) {
      if (closed) return done();
      stdout.write(chunk, encoding, (error) => {
        if (error) fail(error);
        done();
      });
    },
  });
  return Object.defineProperties(output, {
    isTTY: { get: () => stdout.isTTY },
    columns: { get: () => stdout.columns },
  });
}

/** Standard error holds only remarks: where nobody can read them any more, they are dropped. */
export function standardError(stderr: NodeJS.WriteStream): CliIo['stderr'] {
  stderr.on('error', () => undefined);
  return stderr;
}
