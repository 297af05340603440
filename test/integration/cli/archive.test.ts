import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { runCliHere } from '#test/support/cli-in-process.ts';

let demo: DemoAccount;
let directory: string;
let ledger: string;

beforeEach(async () => {
  demo = await startDemoAccount();
  directory = await mkdtemp(join(tmpdir(), 'hullcheck-archive-'));
  ledger = join(directory, 'ledger.db');
  await runCliHere(['scan', '--ledger', ledger, '--publish', 'security-hub', '--region', 'us-east-1'], demo.env);
  demo.recorder.clear();
});

afterEach(async () => {
  await demo?.close();
  await rm(directory, { recursive: true });
});

const written = () => demo.recorder.calls().filter(({ operation }) => operation.startsWith('securityhub:Batch')).length;

/** What the demo's Security Hub shows as open, and what it ever took. */
function findings() {
  const all = demo.world.accounts.flatMap(({ regions }) =>
    regions.flatMap(({ security }) => [...security.findings.values()]),
  );
  return { all: all.length, active: all.filter(({ RecordState }) => RecordState === 'ACTIVE').length };
}

test('archive shows what stands open and writes nothing', async () => {
  const before = findings();

  const { exitCode, stdout } = await runCliHere(['archive', '--ledger', ledger, '--region', 'us-east-1'], demo.env);

  expect(before.active).toBeGreaterThan(0);
  expect(stdout).toContain(` us-east-1: ${before.active} open findings\n`);
  expect(stdout).toContain('Nothing was changed: add --apply');
  expect(exitCode).toBe(0);
  expect(written()).toBe(0);
  expect(findings()).toEqual(before);
});

test('archive --apply archives all of it, and a second time nothing', async () => {
  const { all, active } = findings();

  const first = await runCliHere(['archive', '--ledger', ledger, '--region', 'us-east-1', '--apply'], demo.env);

  expect(first.stdout).toContain(`security-hub: ${active} archived\n`);
  expect(first.exitCode).toBe(0);
  expect(findings()).toEqual({ all, active: 0 });

  demo.recorder.clear();
  const second = await runCliHere(['archive', '--ledger', ledger, '--region', 'us-east-1', '--apply'], demo.env);

  expect(second.stdout).toBe('Nothing that was published is open.\n');
  expect(second.exitCode).toBe(0);
  expect(written()).toBe(0);
});

test('what Security Hub refuses stays open, is named, and is archived by the next try', async () => {
  demo.faults.add('securityhub:BatchImportFindings', { kind: 'deny', because: 'no-identity-policy' });
  const { active } = findings();

  const denied = await runCliHere(['archive', '--ledger', ledger, '--region', 'us-east-1', '--apply'], demo.env);
  demo.faults.clear();
  const again = await runCliHere(['archive', '--ledger', ledger, '--region', 'us-east-1', '--apply'], demo.env);

  expect(denied.exitCode).toBe(3);
  expect(denied.stderr).toContain('BatchImportFindings');
  expect(again.stdout).toContain(`security-hub: ${active} archived\n`);
  expect(findings().active).toBe(0);
});

test('accounts without credentials are named and left alone', async () => {
  const role = 'arn:aws:iam::999988887777:role/hullcheck-read';

  const { exitCode, stdout, stderr } = await runCliHere(
    ['archive', '--ledger', ledger, '--region', 'us-east-1', '--role-arn', role, '--apply'],
    demo.env,
  );

  expect(stderr).toContain(role);
  expect(stdout).toContain('(no credentials for this account: name a role)');
  expect(exitCode).toBe(3);
  expect(written()).toBe(0);
});

test('after the archive a scan opens again what still fails: the deployment has to be stopped first', async () => {
  const { active } = findings();
  await runCliHere(['archive', '--ledger', ledger, '--region', 'us-east-1', '--apply'], demo.env);

  await runCliHere(['scan', '--ledger', ledger, '--publish', 'security-hub', '--region', 'us-east-1'], demo.env);

  expect(findings().active).toBe(active);
});
