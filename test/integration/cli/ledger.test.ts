import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { runCliHere } from '#test/support/cli-in-process.ts';

let demo: DemoAccount;
let directory: string;

beforeAll(async () => {
  demo = await startDemoAccount();
  directory = await mkdtemp(join(tmpdir(), 'hullcheck-'));
});

afterAll(async () => {
  await demo?.close();
});

const imports = () =>
  demo.recorder.calls().filter(({ operation }) => operation === 'securityhub:BatchImportFindings').length;

test('--ledger FILE publishes in the second run what changed, which is nothing', async () => {
  const args = ['scan', '--ledger', join(directory, 'ledger.db'), '--publish', 'security-hub', '--region', 'us-east-1'];

  const first = await runCliHere(args, demo.env);
  expect(imports()).toBeGreaterThan(0);
  expect(first.stderr).toMatch(/security-hub: [1-9]\d* published/);

  demo.recorder.clear();
  const second = await runCliHere(args, demo.env);
  expect(imports()).toBe(0);
  expect(second.exitCode).toBe(first.exitCode);
  expect(first.stderr + second.stderr).not.toContain('ExperimentalWarning');
});

test('--ledger without --publish remembers, and a later run with it publishes', async () => {
  const ledger = ['--ledger', join(directory, 'later.db'), '--service', 'inspector', '--region', 'eu-west-1'];
  demo.recorder.clear();
  await runCliHere(['scan', ...ledger], demo.env);
  expect(imports()).toBe(0);

  await runCliHere(['scan', ...ledger, '--publish', 'security-hub'], demo.env);
  expect(imports()).toBe(1);
});

test('a ledger that cannot be used is one sentence and exit code 2, before anything is read', async () => {
  demo.recorder.clear();

  const { exitCode, stderr } = await runCliHere(['scan', '--ledger', join(directory, 'nowhere', 'l.db')], demo.env);

  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^hullcheck: The ledger .+ cannot be used/);
  expect(demo.recorder.calls()).toEqual([]);
});

test('--ledger needs an account to look at', async () => {
  const { exitCode, stderr } = await runCliHere(['scan', '--inventory', 'file', '--ledger', join(directory, 'l.db')]);

  expect(exitCode).toBe(2);
  expect(stderr).toContain('--inventory judges a file; it cannot be combined with --ledger.');
});
