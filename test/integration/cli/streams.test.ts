import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, open, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { runCli } from '#test/support/cli.ts';

let demo: DemoAccount;
let directory: string;

beforeAll(async () => {
  demo = await startDemoAccount();
  directory = await mkdtemp(join(tmpdir(), 'hullcheck-'));
});

afterAll(async () => {
  await demo?.close();
});

const BIN = new URL('../../../dist/cli.js', import.meta.url).pathname;

test('a reader that leaves early (| head) takes neither the files nor the exit code with it', async () => {
  const output = join(directory, 'piped');
  const child = spawn(process.execPath, [BIN, 'scan', '--format', 'json', '--output', output], {
    env: { ...demo.env, PATH: process.env.PATH ?? '' },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout.once('data', () => child.stdout.destroy());

  const [exitCode] = await once(child, 'close');

  expect(exitCode).toBe(1);
  await access(join(output, 'inventory.jsonl'));
  expect(stderr).not.toMatch(/EPIPE|\n\s+at /);
});

test('an inventory that is piped in is judged like a file, also from a named pipe of the shell', async () => {
  const { stdout: inventory } = await runCli(['collect', '--output', '-', '--quiet'], demo.env);
  const file = join(directory, 'piped.jsonl');
  await writeFile(file, inventory);
  const fromFile = await runCli(['scan', '--inventory', file, '--format', 'json']);

  const fromInput = await runCli(['scan', '--inventory', '-', '--format', 'json'], {}, { input: inventory });
  const fromPipe = await promisify(execFile)('bash', [
    '-c',
    `"${process.execPath}" "${BIN}" scan --format json --fail-on CRITICAL --inventory <(cat "${file}") || true`,
  ]);

  expect(fromInput.stdout).toBe(fromFile.stdout);
  expect(fromPipe.stdout).toBe(fromFile.stdout);
});

test('a full disk is one sentence and exit code 2', async () => {
  const full = await open('/dev/full', 'w');
  const child = spawn(process.execPath, [BIN, 'checks', 'list'], { stdio: ['ignore', full.fd, 'pipe'] });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk;
  });

  const [exitCode] = await once(child, 'close');
  await full.close();

  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'hullcheck: standard output cannot be written: there is no space left.\n',
  });
});

test('--quiet leaves nothing on standard error where nothing went wrong', async () => {
  const args = ['scan', '--publish', 'security-hub', '--output', join(directory, 'quiet'), '--format', 'json'];

  expect((await runCli(args, demo.env)).stderr).toMatch(/security-hub: \d+ published/);
  expect((await runCli([...args, '--quiet'], demo.env)).stderr).toBe('');
});

test('remarks that nobody reads stop nothing', async () => {
  const child = spawn(process.execPath, [BIN, 'collect', '--output', join(directory, 'unread.jsonl')], {
    env: { ...demo.env, PATH: process.env.PATH ?? '' },
  });
  child.stderr.destroy();

  const [exitCode] = await once(child, 'close');

  expect(exitCode).toBe(0);
  expect(await readFile(join(directory, 'unread.jsonl'), 'utf8')).toMatch(/"record":"footer"/);
});

test('the demo stays on this machine, whatever profile and endpoints the environment names', async () => {
  const { exitCode, stderr } = await runCli(['demo', '--output', join(directory, 'demo')], {
    AWS_PROFILE: 'production',
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL_ECR: 'http://127.0.0.1:9',
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
  });

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});
