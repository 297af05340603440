import { reportError } from './errors.ts';
import type { CliIo } from './io.ts';
import { createProgram, type Outcome } from './program.ts';
import { standardError, standardOutput } from './standard-streams.ts';

// The SDK is bundled: its advice for updating Node concerns those who build Hullcheck, not those who run it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const io: CliIo = {
  env: process.env,
  stdin: process.stdin,
  stdout: standardOutput(process.stdout, process.stderr),
  stderr: standardError(process.stderr),
  now: () => new Date(),
};

try {
  const outcome: Outcome = { exitCode: 0 };
  await createProgram(io, outcome).parseAsync(process.argv);
  process.exitCode = outcome.exitCode;
} catch (error) {
  process.exitCode = reportError(error, io);
}
