import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { runCli } from '#test/support/cli.ts';
import { runCliHere } from '#test/support/cli-in-process.ts';

let demo: DemoAccount;
let directory: string;

beforeAll(async () => {
  demo = await startDemoAccount();
  directory = await mkdtemp(join(tmpdir(), 'hullcheck-'));
  await mkdir(join(directory, 'bad-place'));
  await writeFile(join(directory, 'bad-place', 'file'), '');
  await writeFile(join(directory, 'only-eks.yaml'), 'version: 1\nchecks: { only: [eks-*] }\n');
  await writeFile(join(directory, 'unknown-check.yaml'), 'version: 1\nchecks: { except: [rds-*] }\n');
});

afterAll(async () => {
  await demo?.close();
});

const DEAD_ENDPOINT = 'http://127.0.0.1:9';

/** One sentence (one a problem), no stack trace, the right exit code, nothing on standard output. */
async function expectSentence(
  args: readonly string[],
  exitCode: number,
  sentence: RegExp,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const run = await runCli(args, { ...demo.env, ...env }, { cwd: directory });

  expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({ exitCode, stdout: '' });
  expect(run.stderr).toMatch(sentence);
  expect(run.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  expect(run.stderr).not.toMatch(/\n\s+at |Error:/);
}

test.for([
  ['an unknown flag', ['scan', '--regoin', 'us-east-1'], /unknown option '--regoin'/],
  ['an unknown command', ['scna'], /unknown command 'scna'/],
  ['an unknown format', ['scan', '--format', 'xml'], /--format.*xml/],
  ['an unknown severity', ['scan', '--fail-on', 'BAD'], /--fail-on.*BAD/],
  ['an unknown service', ['scan', '--service', 'lambda'], /lambda.*none of ecr/],
  ['an unknown check', ['scan', '--check', 'ecr-nothing'], /no check "ecr-nothing"/],
  [
    'a check that the configuration switches off',
    ['scan', '--check', 'ecr-repository-not-public', '--config', 'only-eks.yaml'],
    /switches the check ecr-repository-not-public off/,
  ],
  [
    'a configuration with a check that does not exist',
    ['scan', '--config', 'unknown-check.yaml'],
    /checks\.except\.0: no check has an id like rds-\*/,
  ],
  ['an unknown status', ['scan', '--status', 'OK'], /OK.*none of/],
  ['something that is no region', ['scan', '--region', 'mars'], /"mars" is not a region/],
  ['a region AWS does not have', ['scan', '--region', 'eu-mars-1'], /no region "eu-mars-1"/],
  ['a role that is no role', ['scan', '--role-arn', 'admin'], /"admin" is not the ARN of an IAM role/],
  ['an external id without a role', ['scan', '--external-id', 'xyz'], /--external-id needs --role-arn/],
  [
    'a configuration that is not there',
    ['scan', '--config', 'nowhere.yaml'],
    /nowhere\.yaml cannot be read: it does not exist/,
  ],
  [
    'an inventory that is not there',
    ['scan', '--inventory', 'nowhere.jsonl'],
    /nowhere\.jsonl cannot be read: it does not exist/,
  ],
  ['an inventory that is a directory', ['scan', '--inventory', '.'], /cannot be read: it is a directory/],
  [
    'an inventory together with live options',
    ['scan', '--inventory', 'x', '--region', 'us-east-1'],
    /--inventory.*--region/,
  ],
  ['a check to explain that does not exist', ['checks', 'explain', 'ecr-nothing'], /no check "ecr-nothing"/],
  ['a collect without output', ['collect'], /--output/],
  [
    'an output that cannot be written',
    ['collect', '--output', 'no/such/dir/x.jsonl', '--quiet'],
    /cannot be written: it does not exist/,
  ],
  [
    'an output directory that is a file, said before anything is read',
    ['scan', '--output', 'bad-place/file', '--quiet'],
    /The directory bad-place\/file cannot be made: a file is in its place/,
  ],
  ['publishing to a destination that does not exist', ['scan', '--publish', 'fax'], /fax.*none of/],
  ['publishing to SNS without a topic', ['scan', '--publish', 'sns', '--quiet'], /publish\.sns\.topics/],
] as const)('%s is one sentence and exit code 2', async ([, args, sentence]) => {
  await expectSentence(args, 2, sentence);
});

test('an output that cannot be written is said before the account is read', async () => {
  demo.recorder.clear();

  await expectSentence(['collect', '--output', 'no/such/dir/x.jsonl'], 2, /cannot be written: it does not exist/);

  expect(demo.recorder.calls()).toEqual([]);
});

test('a configuration with three mistakes is three sentences', async () => {
  await writeFile(join(directory, 'bad.yaml'), 'version: 1\nfailOn: WORST\nscope: {regions: []}\ntypo: 1\n');

  const { exitCode, stderr } = await runCli(['scan', '--config', 'bad.yaml'], demo.env, { cwd: directory });

  expect(exitCode).toBe(2);
  expect(stderr.trimEnd().split('\n')).toHaveLength(3);
});

test('half an inventory is refused', async () => {
  const { stdout } = await runCli(['collect', '--output', '-', '--quiet'], demo.env);
  await writeFile(join(directory, 'half.jsonl'), stdout.slice(0, Math.floor(stdout.length / 2)));

  await expectSentence(['scan', '--inventory', 'half.jsonl'], 2, /half\.jsonl, line \d+: .*cut off/);
});

test('a file that is no inventory is refused', async () => {
  await writeFile(join(directory, 'Dockerfile'), 'FROM node:24\n');

  await expectSentence(['scan', '--inventory', 'Dockerfile'], 2, /Dockerfile, line 1: the line is not JSON/);
});

test('no credentials are one sentence and exit code 3', async () => {
  await mkdir(join(directory, 'home'), { recursive: true });
  await expectSentence(['scan', '--quiet'], 3, /credentials/, {
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    HOME: join(directory, 'home'),
  });
});

test('an unknown profile is one sentence and exit code 3', async () => {
  await expectSentence(
    ['scan', '--profile', 'nobody', '--region', 'us-east-1', '--quiet'],
    3,
    /profile "nobody" gave no credentials/,
    {
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
    },
  );
});

test('an expired token is one sentence and exit code 3', async () => {
  demo.faults.add('*', { kind: 'expired-token' });
  await expectSentence(['scan', '--quiet'], 3, /did not accept the credentials.*ExpiredToken/);
  demo.faults.clear();
});

test('an endpoint that does not answer is one sentence and exit code 3', async () => {
  await expectSentence(['scan', '--quiet'], 3, /cannot be reached/, { AWS_ENDPOINT_URL: DEAD_ENDPOINT });
});

test('an endpoint that is no URL is one sentence and exit code 2', async () => {
  await expectSentence(['scan', '--quiet'], 2, /AWS_ENDPOINT_URL is "localhost", which is not a URL/, {
    AWS_ENDPOINT_URL: 'localhost',
  });
});

test('no region anywhere is one sentence and exit code 2', async () => {
  await expectSentence(['scan', '--quiet'], 2, /No region is given/, { AWS_REGION: '' });
});

test('a file of AWS that cannot be understood is named with its line, instead of a region that is missing', async () => {
  const config = join(directory, 'aws-config');
  await writeFile(config, '[default]\nregion eu-west-1\n');
  const { AWS_REGION: _, ...env } = demo.env;
  const run = await runCliHere(['scan', '--quiet'], { ...env, AWS_CONFIG_FILE: config });

  expect(run).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `hullcheck: No region is found: ${config} is wrong in line 2, which is neither a [section] nor "name = value".\n`,
  });
});

test('a token that expires half-way leaves a result with gaps and exit code 3 or 1', async () => {
  demo.faults.add('*', { kind: 'expired-token' }, { after: 30 });
  const { exitCode, stdout, stderr } = await runCli(['scan', '--format', 'json', '--quiet'], demo.env);
  demo.faults.clear();

  expect([1, 3]).toContain(exitCode);
  expect(JSON.parse(stdout).complete).toBe(false);
  expect(stderr).not.toMatch(/\n\s+at /);
});
