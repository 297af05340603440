import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a person saw of one run of the command line. */
export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line as it is published. */
const BIN = new URL('../../dist/cli.js', import.meta.url).pathname;
/** The same from its sources, as `npm start` runs it. */
export const SOURCE = new URL('../../functions/cli/main.ts', import.meta.url).pathname;

/**
 * Runs the command line in a process of its own, with no AWS settings but the given ones.
 *
 * @param node the Node binary; the one that runs the tests by default
 * @param bin the published one by default
 */
export async function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  {
    cwd,
    input,
    node = process.execPath,
    bin = BIN,
  }: { cwd?: string; input?: string; node?: string; bin?: string } = {},
): Promise<CliRun> {
  const child = spawn(node, [bin, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.end(input ?? '');
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout, stderr };
}
