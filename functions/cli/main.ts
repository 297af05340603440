import { reportError } from './errors.ts';
import type { CliIo } from './io.ts';
import { createProgram, type Outcome } from './program.ts';

const io: CliIo = {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => new Date(),
};

// A reader that has seen enough (`| head`) closes the pipe; that is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  const outcome: Outcome = { exitCode: 0 };
  await createProgram(io, outcome).parseAsync(process.argv);
  process.exitCode = outcome.exitCode;
} catch (error) {
  process.exitCode = reportError(error, io);
}
