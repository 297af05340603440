import { Readable, Writable } from 'node:stream';
import { reportError } from '#functions/cli/errors.ts';
import type { CliIo } from '#functions/cli/io.ts';
import { createProgram, type Outcome } from '#functions/cli/program.ts';
import type { CliRun } from './cli.ts';

/**
 * Runs the command line inside the test's own process, which saves the start of another one. For what a command says
 * and does; how the published file behaves as a process is for `runCli`. One run at a time: it takes over the
 * environment and the working directory, and gives them back.
 *
 * @param env all there is of AWS settings
 */
export async function runCliHere(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { cwd, input }: { readonly cwd?: string; readonly input?: string } = {},
): Promise<CliRun> {
  const [stdout, stderr] = [new Kept(), new Kept()];
  const before = { env: process.env, cwd: process.cwd() };
  process.env = {
    PATH: before.env.PATH ?? '',
    HOME: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...env,
  };
  if (cwd !== undefined) process.chdir(cwd);
  const io: CliIo = {
    env: process.env,
    stdin: Readable.from([input ?? '']),
    stdout,
    stderr,
    now: () => new Date(),
  };
  const outcome: Outcome = { exitCode: 0 };
  try {
    await createProgram(io, outcome).parseAsync(['node', 'hullcheck', ...args]);
  } catch (error) {
    outcome.exitCode = reportError(error, io);
  } finally {
    process.env = before.env;
    process.chdir(before.cwd);
  }
  return { exitCode: outcome.exitCode, stdout: stdout.text, stderr: stderr.text };
}

class Kept extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}
