import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { runCli } from '#test/support/cli.ts';

const ALERTS = 'arn:aws:sns:us-east-1:111122223333:hullcheck-alerts';

let demo: DemoAccount;
let directory: string;

beforeAll(async () => {
  demo = await startDemoAccount();
  directory = await mkdtemp(join(tmpdir(), 'hullcheck-'));
  await writeFile(
    join(directory, 'hullcheck.yaml'),
    `version: 1\nscope: { regions: [us-east-1, eu-west-1] }\npublish: { sns: { topics: { human: "${ALERTS}" } } }\n`,
  );
  await writeFile(join(directory, 'broken.yaml'), 'version: 1\nfailOn: SOMETIMES\nscope: { regions: [here] }\n');
  await writeFile(join(directory, 'waivers.yaml'), 'waivers: none\n');
});
afterEach(() => demo.faults.clear());
afterAll(() => demo?.close());

const doctor = (...args: readonly string[]) => runCli(['doctor', ...args], demo.env, { cwd: directory });

describe('hullcheck doctor', () => {
  test('ends with 0 where a scan would work, and says so first', async () => {
    const run = await doctor('--config', 'hullcheck.yaml', '--publish', 'security-hub,sns');

    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(/^A scan with these options would work\. /);
    expect(run.stdout).toContain('The topic of human messages (publish.sns.topics) has a confirmed subscription.');
  });

  test('ends with 1 where something is in the way, and prints what to allow', async () => {
    demo.faults.add('ecr:GetLifecyclePolicy', { kind: 'deny', because: 'no-identity-policy' });
    const run = await doctor('--format', 'json', '--service', 'ecr');
    const { counts, results, ...report } = JSON.parse(run.stdout);

    expect(run).toMatchObject({ exitCode: 1, stderr: '' });
    expect(report).toMatchObject({ schemaVersion: 1, tool: { name: 'hullcheck' }, startedAt: expect.any(String) });
    expect(counts).toMatchObject({ problem: 1, unknown: 0 });
    expect(results.filter(({ status }: { status: string }) => status === 'problem')).toEqual([
      {
        group: 'permissions',
        status: 'problem',
        subject: 'ecr:GetLifecyclePolicy',
        accountId: '111122223333',
        region: 'us-east-1',
        message: 'ecr:GetLifecyclePolicy (for ecr) is denied to the user hullcheck-demo: no policy allows it.',
        fix: {
          text: 'Allow it in a policy of the user hullcheck-demo.',
          policy: {
            Effect: 'Allow',
            Action: 'ecr:GetLifecyclePolicy',
            Resource: 'arn:aws:ecr:*:111122223333:repository/*',
          },
        },
      },
    ]);
  });

  test('tries only what the services need that are scanned', async () => {
    const run = await doctor('--format', 'json', '--service', 'guardduty');
    const { results } = JSON.parse(run.stdout);
    const tried = results.filter(({ group }: { group: string }) => group === 'permissions');

    expect(tried.map(({ subject }: { subject: string }) => subject.split(':')[0])).toEqual(
      expect.arrayContaining(['guardduty', 'ec2']),
    );
    expect(tried.length).toBeLessThan(10);
  });

  test('ends with 3 where nobody answers', async () => {
    const run = await runCli(
      ['doctor', '--region', 'us-east-1'],
      { ...demo.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
      {},
    );

    expect(run).toMatchObject({ exitCode: 3, stderr: '' });
    expect(run.stdout).toMatch(/^Not everything could be looked at\./);
  });

  test('ends with 2 for a wrong flag', async () => {
    const run = await doctor('--publish', 'pigeons');

    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain('"pigeons" is none of security-hub, sns');
  });

  test.for([
    ['that is wrong, with every problem', ['--config', 'broken.yaml'], ['failOn', 'scope.regions.0']],
    ['that does not exist', ['--config', 'none.yaml'], ['cannot be read: it does not exist']],
  ] as const)('names a configuration %s, and looks no further', async ([, args, parts]) => {
    const before = demo.recorder.calls().length;
    const run = await doctor(...args);

    expect(run.exitCode).toBe(1);
    for (const part of parts) expect(run.stdout).toContain(part);
    expect(demo.recorder.calls()).toHaveLength(before);
  });

  test('names waivers that cannot be used, and goes on', async () => {
    const run = await doctor('--waivers', 'waivers.yaml', '--service', 'inspector');

    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain('waivers.yaml');
    expect(run.stdout).toContain('us-east-1 is enabled and answers.');
  });

  test('says that there are no credentials, and how to get some', async () => {
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _secret, ...env } = demo.env;
    const run = await runCli(['doctor'], env, {});

    expect(run).toMatchObject({ exitCode: 1, stderr: '' });
    expect(run.stdout).toContain('There are no credentials');
    expect(run.stdout).toContain('aws sso login');
  });
});
