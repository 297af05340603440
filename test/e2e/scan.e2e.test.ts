import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliRun, runCli } from '../support/cli.ts';
import { type Moto, startMoto } from '../support/moto.ts';

interface ResultFinding {
  readonly id: string;
  readonly checkId: string;
  readonly status: string;
  readonly reason: string;
  readonly inUse: string;
  readonly resource: { readonly name: string; readonly region: string };
}

interface Result {
  readonly complete: boolean;
  readonly coverage: readonly {
    readonly service: string;
    readonly status: string;
    readonly gaps: readonly { readonly operation: string; readonly reason: string }[];
  }[];
  readonly findings: readonly ResultFinding[];
}

let moto: Moto;
let seeded: { account: string; planted: string };
let run: CliRun;
let result: Result;

beforeAll(async () => {
  moto = await startMoto();
  seeded = moto.seed('seed_containers.py') as typeof seeded;
  run = await runCli(['scan', '--region', 'us-east-1', '--format', 'json'], moto.env);
  result = JSON.parse(run.stdout);
});

afterAll(async () => {
  await moto?.close();
});

const statusOf = (checkId: string, name: string) =>
  result.findings.find((finding) => finding.checkId === checkId && finding.resource.name === name)?.status;

test('the scan ends with 1, because something failed, and says nothing like a stack trace', () => {
  expect(run.exitCode).toBe(1);
  expect(run.stderr).not.toMatch(/\n\s+at /);
});

test.for([
  ['ecr-repository-tags-immutable', 'my-application', 'PASSED'],
  ['ecr-repository-tags-immutable', 'legacy', 'FAILED'],
  ['ecr-repository-lifecycle-policy', 'my-application', 'PASSED'],
  ['ecr-repository-lifecycle-policy', 'legacy', 'FAILED'],
  ['ecr-repository-customer-key', 'my-application', 'PASSED'],
  ['ecr-repository-customer-key', 'legacy', 'FAILED'],
  ['ecr-repository-not-public', 'my-application', 'PASSED'],
  ['ecr-repository-not-public', 'legacy', 'FAILED'],
  ['ecr-repository-untagged-expire', 'my-application', 'PASSED'],
  ['ecs-task-user-nonroot', 'secure-app', 'PASSED'],
  ['ecs-task-user-nonroot', 'bad-app', 'FAILED'],
  ['ecs-task-not-privileged', 'secure-app', 'NOT_APPLICABLE'],
  ['ecs-task-not-privileged', 'bad-app', 'FAILED'],
  ['ecs-task-root-filesystem-readonly', 'secure-app', 'PASSED'],
  ['ecs-task-root-filesystem-readonly', 'bad-app', 'FAILED'],
  ['ecs-task-no-host-network', 'bad-app', 'FAILED'],
  ['ecs-task-no-host-namespaces', 'bad-app', 'FAILED'],
  ['ecs-task-no-container-socket', 'bad-app', 'FAILED'],
  ['ecs-task-no-plaintext-secrets', 'secure-app', 'PASSED'],
  ['ecs-task-no-plaintext-secrets', 'bad-app', 'FAILED'],
  ['ecs-task-logging-configured', 'secure-app', 'PASSED'],
  ['ecs-task-logging-configured', 'bad-app', 'FAILED'],
  ['ecs-task-image-pinned', 'secure-app', 'PASSED'],
  ['ecs-task-image-pinned', 'bad-app', 'FAILED'],
  ['ecs-task-capabilities-dropped', 'secure-app', 'PASSED'],
  ['ecs-task-init-process-enabled', 'secure-app', 'PASSED'],
  ['ecs-task-health-check-present', 'secure-app', 'PASSED'],
  ['ecs-task-roles-separate', 'secure-app', 'PASSED'],
  ['ecs-service-no-public-ip', 'secure', 'PASSED'],
  ['ecs-service-no-public-ip', 'open', 'FAILED'],
  ['ecs-service-security-group-restricted', 'open', 'FAILED'],
  ['ecs-cluster-container-insights-enabled', 'prod', 'PASSED'],
  ['eks-cluster-secrets-customer-key', 'blue', 'FAILED'],
] as const)('%s on %s is %s', ([checkId, name, status]) => {
  expect(statusOf(checkId, name)).toBe(status);
});

test('what moto cannot answer is a named gap and makes the result incomplete', () => {
  const gaps = result.coverage.flatMap((entry) => entry.gaps);

  expect(result.complete).toBe(false);
  expect(gaps.map((gap) => gap.operation)).toEqual(expect.arrayContaining(['eks:ListAccessEntries']));
  for (const gap of gaps) expect(gap.reason).toContain(gap.operation);
});

test('no verdict comes out of an HTML page in place of an answer', () => {
  const verdicts = result.findings.filter((finding) => finding.checkId === 'eks-cluster-admins-bounded');

  expect(verdicts.map((finding) => finding.status)).toEqual(['UNKNOWN']);
});

test('the planted key is in no output', () => {
  expect(run.stdout + run.stderr).not.toContain(seeded.planted);
});

test('the same scan twice gives the same result but for times', async () => {
  const again: Result = JSON.parse(
    (await runCli(['scan', '--region', 'us-east-1', '--format', 'json'], moto.env)).stdout,
  );

  expect(again.findings).toEqual(result.findings);
  expect(again.coverage).toEqual(result.coverage);
});

test('with nothing at or above the threshold failed, the exit code says that the scan was incomplete', async () => {
  const { exitCode } = await runCli(
    ['scan', '--region', 'us-east-1', '--check', 'eks-cluster-admins-bounded', '--format', 'json'],
    moto.env,
  );

  expect(exitCode).toBe(3);
});

test('a replay of the collected inventory gives the live verdicts', async () => {
  const collected = await runCli(['collect', '--region', 'us-east-1', '--output', '-', '--quiet'], moto.env);
  const { mkdtemp, writeFile } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const directory = await mkdtemp(`${tmpdir()}/hullcheck-`);
  await writeFile(`${directory}/inventory.jsonl`, collected.stdout);

  const replayed = await runCli(['scan', '--inventory', `${directory}/inventory.jsonl`, '--format', 'json']);

  expect(JSON.parse(replayed.stdout).findings).toEqual(result.findings);
  expect(collected.stdout).not.toContain(seeded.planted);
});
