import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { goodConfig, type ImageContents, imageContents } from '#demo/world/image-contents.ts';
import { layerOf } from '#demo/world/layers.ts';
import { regionOf } from '#demo/world/world.ts';
import { runCli } from '#test/support/cli.ts';

/** A token of a hosting service that no other place has. */
const token = (place: string) => ['ghp', `${place}Zk4mQ9xT2vLp7RwYc1NdBs8JfHgU3eXaVo5i`.slice(0, 36)].join('_');

/** What is planted in images, by its place. */
const IMAGE_SECRETS = {
  variable: token('Env'),
  bareVariable: token('Bare'),
  variableName: token('Name'),
  label: token('Label'),
  labelName: token('LabelName'),
  step: token('Step'),
  argument: token('Arg'),
  user: token('User'),
  port: token('Port'),
  architecture: token('Arch'),
  base: token('Base'),
  file: token('File'),
  program: token('Setuid'),
  distribution: token('Os'),
};

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
  ...Object.fromEntries(Object.entries(IMAGE_SECRETS).map(([place, secret]) => [`${place} of an image`, secret])),
};

/** An image that has one in every place where a build may leave it. */
async function imageOfSecrets(): Promise<ImageContents> {
  const good = goodConfig(new Date('2026-11-01T00:00:00Z'));
  const config = {
    ...good,
    architecture: IMAGE_SECRETS.architecture,
    config: {
      User: `root:${IMAGE_SECRETS.user}`,
      ExposedPorts: { [IMAGE_SECRETS.port]: {} },
      Env: [`GITHUB_TOKEN=${IMAGE_SECRETS.variable}`, IMAGE_SECRETS.bareVariable, `${IMAGE_SECRETS.variableName}=x`],
      Labels: { token: IMAGE_SECRETS.label, [IMAGE_SECRETS.labelName]: 'x' },
      Cmd: ['/bin/app'],
    },
    history: [
      { created_by: `RUN /bin/sh -c curl -H 'X-Token: ${IMAGE_SECRETS.step}' example.com # buildkit` },
      { created_by: `RUN |1 NPM_TOKEN=${IMAGE_SECRETS.argument} /bin/sh -c npm ci # buildkit` },
    ],
  };
  return imageContents(config, {
    annotations: { 'org.opencontainers.image.base.name': `https://app:${IMAGE_SECRETS.base}@registry.example/base:1` },
    layers: [
      await layerOf(
        { name: `app/${IMAGE_SECRETS.file}/.env` },
        { name: `app/${IMAGE_SECRETS.program}`, mode: 0o4755 },
        { name: 'etc/os-release', text: `ID=alpine\nVERSION_ID=${IMAGE_SECRETS.distribution}\n` },
      ),
    ],
  });
}

let demo: DemoAccount;
let output: string;
let everything: string;
let failedChecks: ReadonlySet<string>;

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
  const image = await imageOfSecrets();
  for (const repository of region.ecr.repositories) {
    repository.contents = new Map(repository.images.slice(0).map(({ imageDigest = '' }) => [imageDigest, image]));
    repository.lifecyclePolicy = repository.lifecyclePolicy?.replace(
      /"description":"[^"]*"/g,
      `"description":"${SECRETS.lifecycle}"`,
    );
  }
  output = await mkdtemp(join(tmpdir(), 'hullcheck-planted-'));
  await writeFile(join(output, 'hullcheck.yaml'), 'version: 1\nimages: { layers: true }\n');
  const settings = ['--config', join(output, 'hullcheck.yaml')];
  const env = { ...demo.env, HULLCHECK_DEBUG: '1' };
  const runs = [
    await runCli(['scan', ...settings, '--output', output, '--publish', 'security-hub'], env),
    await runCli(['scan', ...settings, '--format', 'json'], env),
    await runCli(['collect', ...settings, '--output', join(output, 'collected.jsonl')], env),
  ];
  const { findings } = JSON.parse(runs[1]?.stdout ?? '') as { findings: { checkId: string; status: string }[] };
  failedChecks = new Set(findings.flatMap(({ checkId, status }) => (status === 'FAILED' ? [checkId] : [])));
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

test.for([
  ['in the environment and labels', 'image-no-secrets-in-config'],
  ['in the history', 'image-no-secrets-in-history'],
  ['beside files in layers', 'image-layers-clean'],
  ['beside programs in layers', 'image-no-setuid'],
])('those of images are found %s', ([, check]) => {
  expect(failedChecks).toContain(check);
});

test('what stands in the place of one says so', () => {
  expect(everything.includes('root:(withheld: looks like a secret)')).toBe(true);
});

test.for(Object.entries(SECRETS))('T15: the secret planted as %s is in no output', ([, secret]) => {
  const parts = [secret, ...secret.split(/[/.:@_-]/).filter((part) => part.length >= 16)];

  for (const part of parts) expect(everything.includes(part)).toBe(false);
});
