/**
 * Runs the end-to-end tests against moto, an independent implementation of the AWS APIs. Installs it, pinned and
 * hashed, into a virtual environment of the project's own. Where Python or its registry cannot be reached the tests
 * are skipped, saying so; under CI that is a failure.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('../../', import.meta.url).pathname;
const requirements = join(root, 'test/e2e/requirements.txt');
const venv = join(root, '.venv');
const stamp = join(venv, 'requirements.sha256');

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): boolean {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', env }).status === 0;
}

function installMoto(): string | undefined {
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined;
  rmSync(venv, { recursive: true, force: true });
  if (!run('python3', ['-m', 'venv', venv])) return 'python3 with its venv module is not installed';
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--require-hashes',
    '-r',
    requirements,
  ];
  if (!run(join(venv, 'bin/python'), pip)) return 'the packages of test/e2e/requirements.txt could not be installed';
  writeFileSync(stamp, wanted);
  return undefined;
}

const problem = installMoto();
if (problem === undefined) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const passed = run(process.execPath, [vitest, 'run', '--config', 'test/e2e/vitest.config.ts'], {
    ...process.env,
    HULLCHECK_MOTO: join(venv, 'bin'),
  });
  process.exitCode = passed ? 0 : 1;
} else if (process.env.CI === 'true') {
  process.stderr.write(`The end-to-end tests cannot run: ${problem}.\n`);
  process.exitCode = 1;
} else {
  process.stderr.write(`The end-to-end tests are skipped: ${problem}.\n`);
}
