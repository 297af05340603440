import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { runCliHere } from '#test/support/cli-in-process.ts';

const REGISTRY = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
const VULNERABLE = `${REGISTRY}/tidewater/storefront:latest`;
const CLEAN = `${REGISTRY}/tidewater/secure-app:v1.2.3`;
const REPOSITORY = 'arn:aws:ecr:us-east-1:111122223333:repository/tidewater/storefront';
/** Looks real to a detector and opens nothing. */
const TOKEN = ['ghp', 'R7xQ2mV9cT4nB8kL1pW6zY3dF5hJ0sA7uE2g'].join('_');

let demo: DemoAccount;
let directory: string;

const waiver = (check: string) => ({
  id: check,
  checks: [check],
  scope: { resource: REPOSITORY },
  reason: 'The release of Thursday replaces it',
  owner: 'storefront',
  approvedBy: 'security',
  createdAt: new Date(Date.now() - 86_400_000).toISOString(),
  expiresAt: new Date(Date.now() + 20 * 86_400_000).toISOString(),
});

beforeAll(async () => {
  demo = await startDemoAccount();
  directory = await mkdtemp(join(tmpdir(), 'hullcheck-gate-'));
  const files: Readonly<Record<string, unknown>> = {
    'open.yaml': { version: 1, gate: { whenNotLooked: 'allow' } },
    'strict.yaml': { version: 1, gate: { checks: [{ ids: ['ecs-task-no-plaintext-secrets'], denyFrom: 'LOW' }] } },
    'users.yaml': {
      version: 1,
      gate: {
        denyFrom: 'NEVER',
        vulnerabilities: [],
        checks: [{ ids: ['image-user-nonroot', 'ecs-task-user-nonroot'], denyFrom: 'HIGH' }],
      },
    },
    'wrong.yaml': { version: 1, gate: { checks: [{ ids: ['no-such-check'], denyFrom: 'HIGH' }] } },
    'waivers.yaml': {
      version: 1,
      waivers: ['image-no-critical-vulnerabilities', 'image-no-exploitable-vulnerabilities'].map(waiver),
    },
    'expired.yaml': {
      version: 1,
      waivers: ['image-no-critical-vulnerabilities', 'image-no-exploitable-vulnerabilities'].map((check) => ({
        ...waiver(check),
        createdAt: new Date(Date.now() - 20 * 86_400_000).toISOString(),
        expiresAt: new Date(Date.now() - 86_400_000).toISOString(),
      })),
    },
    'task.json': taskDefinition(CLEAN, {}),
    'leaky.json': taskDefinition(CLEAN, { environment: [{ name: 'GITHUB_TOKEN', value: TOKEN }] }),
    'vulnerable.json': taskDefinition(VULNERABLE, {}),
    'nameless.json': taskDefinition('', {}),
    'as-image.json': taskDefinition(VULNERABLE, { user: undefined }),
  };
  // YAML takes JSON.
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), JSON.stringify(content));
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a' },
    spec: { containers: [{ name: 'a', image: 'a' }] },
  };
  const documents = [taskDefinition(CLEAN, {}), pod].map((document) => JSON.stringify(document));
  await writeFile(join(directory, 'mixed.yaml'), documents.join('\n---\n'));
});
afterEach(() => demo.faults.clear());
afterAll(() => demo?.close());

function taskDefinition(image: string, more: object) {
  return {
    family: 'shop',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'shop', image, user: '1000', readonlyRootFilesystem: true, ...more }],
  };
}

const gate = (...args: readonly string[]) => runCliHere(['gate', ...args], demo.env, { cwd: directory });

describe('hullcheck gate', () => {
  test('T01: an image that starts as root denies where its task definition sets no other user, and not where it does', async () => {
    const ofImage = await gate('as-image.json', '--config', 'users.yaml');
    const ofDefinition = await gate('vulnerable.json', '--config', 'users.yaml');

    expect(ofImage).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('image-user-nonroot (HIGH)') });
    expect(ofDefinition).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Allowed: /) });
    expect(ofDefinition.stdout).not.toContain('was not looked into');
  });

  test('denies an image with critical vulnerabilities that have a fix, in one sentence', async () => {
    const { exitCode, stdout } = await gate(VULNERABLE);

    expect(exitCode).toBe(1);
    expect(stdout.split('\n')[0]).toMatch(
      /^Denied: \S+\/tidewater\/storefront:latest has 2 CRITICAL vulnerabilities with a fix \(CVE-2026-20417, CVE-2026-21001\)/,
    );
  });

  test('allows a clean one, by tag and by digest', async () => {
    const byTag = await gate(CLEAN, '--format', 'json');
    const record = JSON.parse(byTag.stdout);
    const byDigest = await gate(`${REGISTRY}/tidewater/secure-app@${record.subjects[0].digest}`);

    expect(byTag.exitCode).toBe(0);
    expect(record).toMatchObject({ version: 1, decision: 'allow', requestedBy: 'hullcheck gate', objections: [] });
    expect(byDigest).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Allowed: /) });
  });

  test('of several things denies for the one that is wrong, and keeps the evidence', async () => {
    const { exitCode } = await gate(CLEAN, VULNERABLE, '--output', 'evidence.jsonl');
    const [record, ...rest] = (await readFile(join(directory, 'evidence.jsonl'), 'utf8')).trim().split('\n');

    expect(exitCode).toBe(1);
    expect(rest).toEqual([]);
    expect(JSON.parse(record ?? '').objections[0].subject).toBe(VULNERABLE);
  });

  test('allows what waivers accept, and says which', async () => {
    const { exitCode, stdout } = await gate(VULNERABLE, '--waivers', 'waivers.yaml');

    expect(exitCode).toBe(0);
    expect(stdout).toContain('2 objections waived');
    expect(stdout).toContain('image-no-critical-vulnerabilities of storefront');
  });

  test('denies what a waiver accepted until yesterday', async () => {
    expect(await gate(VULNERABLE, '--waivers', 'expired.yaml')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^Denied: /),
    });
  });

  test('judges a task definition by its own checks and by its images', async () => {
    expect(await gate('task.json')).toMatchObject({ exitCode: 0 });
    expect((await gate('vulnerable.json')).stdout).toContain('CRITICAL vulnerabilities with a fix');
    const leaky = await gate('leaky.json', '--config', 'strict.yaml');
    expect(leaky).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('fails ecs-task-no-plaintext-secrets'),
    });
    expect(leaky.stdout).not.toContain(TOKEN);
    expect(await gate('arn:aws:ecs:us-east-1:111122223333:task-definition/storefront:31')).toMatchObject({
      exitCode: 1,
    });
  });

  test('ends with 3 where it could not look and is fail-closed, and with 0 and a warning where it is fail-open', async () => {
    demo.faults.add('ecr:DescribeImageScanFindings', { kind: 'deny', because: 'no-identity-policy' });

    const closed = await gate(CLEAN);
    const open = await gate(CLEAN, '--config', 'open.yaml');

    expect(closed).toMatchObject({
      exitCode: 3,
      stdout: expect.stringMatching(/^Denied because the gate could not look/),
    });
    expect(open).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Allowed although the gate could not look/),
    });
    expect(open.stderr).toContain('warning');
  });

  test.for([
    ['another registry', 'public.ecr.aws/nginx/nginx:1.27', 'no private registry of Amazon ECR'],
    ['another account', '999988887777.dkr.ecr.us-east-1.amazonaws.com/a:1', 'which the credentials do not open'],
    ['a tag that is not there', `${REGISTRY}/tidewater/storefront:v0`, 'has no such image'],
  ] as const)('cannot look at an image of %s, and says so', async ([, image, words]) => {
    expect(await gate(image)).toMatchObject({ exitCode: 3, stdout: expect.stringContaining(words) });
  });

  test.for([
    ['mixed.yaml', 'it holds what the gate does not look at (KubernetesNamespace, KubernetesWorkload)'],
    ['nameless.json', 'a container of it names no image'],
  ] as const)('has not looked at all of %s, and says so', async ([file, words]) => {
    expect(await gate(file)).toMatchObject({ exitCode: 3, stdout: expect.stringContaining(words) });
  });

  test('ends with 2 for what it cannot use', async () => {
    expect(await gate('nothing.json')).toMatchObject({ exitCode: 2 });
    expect(await gate('an image')).toMatchObject({ exitCode: 2 });
    expect(await gate(CLEAN, '--config', 'wrong.yaml')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('no check has an id like no-such-check'),
    });
  });
});
