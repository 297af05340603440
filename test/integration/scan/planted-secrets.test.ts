import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { regionOf } from '#demo/world/world.ts';
import { runCli } from '#test/support/cli.ts';

/** Realistic fakes, put together here so that nothing that looks like a key stands in the repository. */
const SECRETS: Readonly<Record<string, string>> = {
  environment: ['AKIA', 'QZX7MWPLR4TY', 'V2KD'].join(''),
  secretKey: ['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYzq81TwLkVm4n9Q'].join('/'),
  entryPoint: ['ghp', 'Zk4mQ9xT2vLp7RwYc1NdBs8JfHgU3eXaVo5i'].join('_'),
  command: ['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dcQm2K'].join('_'),
  connection: ['postgres://app', ':', 'Tr0ub4dor-9xQ', '@db.internal:5432/orders'].join(''),
  label: ['xoxb', '731904825566', '918273645546', 'pLmOkNijBuHvYgcTfXrDzEsW'].join('-'),
  logOption: ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiJodWxsY2hlY2sifQ', 'Qm9vU2lnbmF0dXJlVmFsdWU5OTg4Nzc'].join('.'),
  healthCheck: ['Basic', 'aHVsbDpzM2NyM3QtaDNhbHRoLWNoM2Nr'].join(' '),
  addon: ['vault-addon', 'hvs.CAESIJ8x2Kq9ZtLmN4pQrS'].join('-'),
  lifecycle: ['description', 'pw=Sup3rS3cret-L1fecycle!'].join('-'),
};

let demo: DemoAccount;
let output: string;
let everything: string;

beforeAll(async () => {
  demo = await startDemoAccount();
  const region = regionOf(demo.world.accounts[0] ?? never('an account'), 'us-east-1') ?? never('a region');
  for (const { taskDefinition } of region.ecs.taskDefinitions) {
    const [container] = taskDefinition.containerDefinitions ?? [];
    if (container === undefined) continue;
    container.environment = [
      ...(container.environment ?? []),
      { name: 'AWS_ACCESS_KEY_ID', value: SECRETS.environment },
      { name: 'AWS_SECRET_ACCESS_KEY', value: SECRETS.secretKey },
      { name: 'DATABASE_URL', value: SECRETS.connection },
    ];
    container.entryPoint = ['/bin/app', `--token=${SECRETS.entryPoint}`];
    container.command = ['serve', '--stripe', SECRETS.command ?? ''];
    container.dockerLabels = { 'com.example.slack': SECRETS.label ?? '' };
    container.logConfiguration = { logDriver: 'splunk', options: { 'splunk-token': SECRETS.logOption ?? '' } };
    container.healthCheck = { command: ['CMD-SHELL', `curl -H 'Authorization: ${SECRETS.healthCheck}' localhost`] };
  }
  for (const cluster of region.eks.clusters) {
    for (const addon of cluster.addons) addon.configurationValues = JSON.stringify({ env: { TOKEN: SECRETS.addon } });
  }
  for (const repository of region.ecr.repositories) {
    repository.lifecyclePolicy = repository.lifecyclePolicy?.replace(
      /"description":"[^"]*"/g,
      `"description":"${SECRETS.lifecycle}"`,
    );
  }
  output = await mkdtemp(join(tmpdir(), 'hullcheck-planted-'));
  const env = { ...demo.env, HULLCHECK_DEBUG: '1' };
  const runs = [
    await runCli(['scan', '--output', output, '--publish', 'security-hub'], env),
    await runCli(['scan', '--format', 'json'], env),
    await runCli(['collect', '--output', join(output, 'collected.jsonl')], env),
  ];
  const files = await Promise.all((await readdir(output)).map((file) => readFile(join(output, file), 'utf8')));
  const hub = JSON.stringify([...region.security.findings.values()]);
  everything = [...runs.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...files, hub].join('\n');
});

afterAll(async () => {
  await demo?.close();
});

function never(what: string): never {
  throw new Error(`the demo world has no ${what}`);
}

test('the planted secrets are found', () => {
  expect(everything).toContain('ecs-task-no-plaintext-secrets');
  expect(everything).toMatch(/AWS_ACCESS_KEY_ID/);
});

test.for(Object.entries(SECRETS))('T15: the secret planted as %s is in no output', ([, secret]) => {
  const parts = [secret, ...secret.split(/[/.:@_-]/).filter((part) => part.length >= 16)];

  for (const part of parts) expect(everything.includes(part)).toBe(false);
});
