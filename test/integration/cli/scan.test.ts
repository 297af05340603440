import { execFile } from 'node:child_process';
import { access, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
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

test('the JSON result keeps to the schema that is shipped', async () => {
  const schema = JSON.parse(await readFile(new URL('../../../docs/schema/result.v1.json', import.meta.url), 'utf8'));
  const ajv = new Ajv.default({ strict: true, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);

  const { stdout } = await runCli(['scan', '--format', 'json'], demo.env);

  validate(JSON.parse(stdout));
  expect(validate.errors).toBeNull();
});

test('--output writes every format, and the JSON result in it is the one that is printed', async () => {
  const output = join(directory, 'out');

  await runCli(['scan', '--output', output, '--quiet'], demo.env);

  expect((await readdir(output)).sort()).toEqual([
    'findings.asff.json',
    'findings.csv',
    'findings.sarif',
    'inventory.jsonl',
    'result.json',
  ]);
  const { findings } = JSON.parse(await readFile(join(output, 'result.json'), 'utf8'));
  const printed = JSON.parse((await runCli(['scan', '--format', 'json'], demo.env)).stdout);
  expect(findings).toEqual(printed.findings);
});

test('an inventory replays offline with the same findings', async () => {
  const file = join(directory, 'inventory.jsonl');
  const live = await runCli(['scan', '--format', 'json'], demo.env);
  await runCli(['collect', '--output', file, '--quiet'], demo.env);

  const replay = await runCli(['scan', '--inventory', file, '--format', 'json']);

  expect(JSON.parse(replay.stdout).findings).toEqual(JSON.parse(live.stdout).findings);
  expect(replay.exitCode).toBe(live.exitCode);
});

test('--status lists only those verdicts; the summary stays whole', async () => {
  const { stdout } = await runCli(['scan', '--format', 'json', '--status', 'FAILED'], demo.env);
  const { findings, summary } = JSON.parse(stdout);

  expect(new Set(findings.map((finding: { status: string }) => finding.status))).toEqual(new Set(['FAILED']));
  expect(summary.findings).toBeGreaterThan(findings.length);
});

test('the configuration switches checks off, and what only they need is not read', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hullcheck-'));
  const config = join(directory, 'hullcheck.yaml');
  await writeFile(config, 'version: 1\nchecks: { only: [inspector-*, ecr-*], except: [ecr-*] }\n');

  const { stdout } = await runCli(['scan', '--config', config, '--format', 'json'], demo.env);
  const { findings, coverage } = JSON.parse(stdout);

  expect([...new Set(findings.map(({ checkId }: { checkId: string }) => checkId))]).toEqual(['inspector-ecr-enabled']);
  expect(coverage.map(({ service }: { service: string }) => service)).not.toContain('eks');
});

test('--check reads only what the check needs', async () => {
  demo.recorder.clear();
  const { stdout } = await runCli(['scan', '--check', 'inspector-ecr-enabled', '--format', 'json'], demo.env);

  const services = new Set(demo.recorder.calls().map((call) => call.operation.split(':')[0]));
  // The call to logs asks once whether the region is open at all.
  expect([...services].sort()).toEqual(['ec2', 'inspector2', 'logs', 'sts']);
  expect(JSON.parse(stdout).findings.map((finding: { checkId: string }) => finding.checkId)).toEqual([
    'inspector-ecr-enabled',
  ]);
});

test('a second account is scanned through its role and external id', async () => {
  const { stdout } = await runCli(
    [
      'scan',
      '--role-arn',
      'arn:aws:iam::444455556666:role/HullcheckRead',
      '--external-id',
      'tidewater-audit-7f3a',
      '--format',
      'json',
    ],
    demo.env,
  );

  const accounts = new Set(
    JSON.parse(stdout).findings.map((finding: { resource: { accountId: string } }) => finding.resource.accountId),
  );
  expect([...accounts]).toEqual(['444455556666']);
});

test('an account whose role cannot be assumed is named and does not stop the other', async () => {
  const { stdout, exitCode } = await runCli(
    [
      'scan',
      '--role-arn',
      'arn:aws:iam::444455556666:role/HullcheckRead,arn:aws:iam::999999999999:role/HullcheckRead',
      '--external-id',
      'tidewater-audit-7f3a',
      '--service',
      'inspector',
      '--fail-on',
      'CRITICAL',
      '--format',
      'json',
    ],
    demo.env,
  );
  const { complete, coverage, findings } = JSON.parse(stdout);

  expect(exitCode).toBe(3);
  expect(complete).toBe(false);
  expect(findings.length).toBeGreaterThan(0);
  expect(coverage).toContainEqual(expect.objectContaining({ accountId: '999999999999', status: 'failed' }));
});

test('--fail-on decides between 1 and 0 or 3', async () => {
  const strict = await runCli(
    ['scan', '--service', 'inspector', '--fail-on', 'INFORMATIONAL', '--region', 'eu-west-1'],
    demo.env,
  );
  const lenient = await runCli(
    ['scan', '--service', 'inspector', '--fail-on', 'CRITICAL', '--region', 'eu-west-1'],
    demo.env,
  );

  expect(strict.exitCode).toBe(1);
  expect(lenient.exitCode).toBe(0);
});

test('nothing but the result goes to standard output, and no colour when it is piped', async () => {
  const { stdout, stderr } = await runCli(['scan'], demo.env);

  // biome-ignore lint/suspicious/noControlCharactersInRegex: looks for escape sequences
  expect(stdout + stderr).not.toMatch(/\u001b/);
  expect(stdout).toContain('CRITICAL');
});

test('the packed tarball, installed in an empty directory, judges an inventory', async () => {
  const run = promisify(execFile);
  const root = new URL('../../../', import.meta.url).pathname;
  const empty = await mkdtemp(join(tmpdir(), 'hullcheck-empty-'));
  const file = join(empty, 'inventory.jsonl');
  await runCli(['collect', '--output', file, '--quiet'], demo.env);
  const { stdout: packed } = await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', empty], {
    cwd: root,
  });
  await writeFile(join(empty, 'package.json'), '{"private": true}');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(empty, packed.trim())], { cwd: empty });
  await access(join(empty, 'node_modules/hullcheck/dist/cli.js'));

  const result = await run(
    join(empty, 'node_modules/.bin/hullcheck'),
    ['scan', '--inventory', file, '--format', 'json', '--fail-on', 'CRITICAL'],
    {
      cwd: empty,
      maxBuffer: 1e8,
    },
  ).catch((error: { stdout: string }) => error);

  expect(JSON.parse(result.stdout).findings.length).toBeGreaterThan(100);
});
