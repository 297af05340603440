import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { generateWorld } from '#demo/generate.ts';
import { seedWorld } from '#demo/seed/seed-world.ts';
import type { DemoAccount } from '#demo/server.ts';
import { runCli } from '#test/support/cli.ts';
import { SCAN_TIME, scanDemo, useDemoAccount } from '#test/support/scan-demo.ts';

const CONTENTS = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const OF_SINGLE_IMAGES = [...CONTENTS, 'ecr:DescribeImageScanFindings', 'ecr:ListImageReferrers'];

let demo: DemoAccount | undefined;

afterEach(async () => {
  await demo?.close();
  demo = undefined;
});

const called = (operations: readonly string[]) =>
  operations.reduce((sum, operation) => sum + (demo?.recorder.count(operation) ?? 0), 0);

test('an image that runs, with a critical vulnerability that has a fix, is the first row and names the service', async () => {
  demo = await useDemoAccount();
  const { stdout } = await runCli(['scan', '--region', 'us-east-1'], demo.env);

  const [first = ''] = stdout.split('\n').filter((line) => line.startsWith('CRITICAL'));
  expect(first).toMatch(/^CRITICAL {2}image-no-critical-vulnerabilities +tidewater\/storefront /);
  expect(first).toMatch(/that has a fix \(runs in harbor-fargate\/storefront\)$/);
});

test('a second scan of an unchanged account fetches no manifest, no configuration and no layer', async () => {
  demo = await useDemoAccount(seedWorld(SCAN_TIME));
  const directory = await mkdtemp(join(tmpdir(), 'hullcheck-images-'));
  const scan = () =>
    runCli(['scan', '--region', 'us-east-1', '--ledger', join(directory, 'ledger.db'), '--format', 'json'], demo?.env);
  const first = await scan();
  expect(called(CONTENTS)).toBeGreaterThan(20);
  expect(demo.recorder.blobs).toBeGreaterThan(10);

  demo.recorder.clear();
  const second = await scan();

  expect([called(CONTENTS), demo.recorder.blobs]).toEqual([0, 0]);
  const verdicts = (text: string) => JSON.parse(text).findings;
  expect(verdicts(second.stdout)).toEqual(verdicts(first.stdout));
});

test('where layers are looked into, what a careless build leaves is found in the image that has it', async () => {
  demo = await useDemoAccount();
  const config = 'images: { layers: true }';
  const { findings } = await scanDemo({
    regions: ['us-east-1'],
    config,
    checkIds: ['image-layers-clean', 'image-no-setuid'],
  });
  const [ofRepository, ofProgram] = ['image-layers-clean', 'image-no-setuid'].map((id) =>
    findings.filter(({ checkId, status }) => checkId === id && status === 'FAILED'),
  );

  expect(ofRepository).toMatchObject([
    {
      resource: { name: 'tidewater/storefront' },
      severity: 'HIGH',
      evidence: [
        { observed: { file: 'app/certs/server.key' } },
        { observed: { file: 'app/.env' } },
        { observed: { file: 'app/.git' } },
      ],
    },
  ]);
  expect(ofProgram).toMatchObject([
    { resource: { name: 'tidewater/storefront' }, evidence: [{ observed: 'app/bin/printer' }] },
  ]);
  expect(findings.filter(({ status }) => status === 'PASSED').length).toBeGreaterThan(10);
});

test('PE-10: 200 repositories of 1,000 images with 300 in use take as many calls for images as 200 of 10', async () => {
  const calls: number[] = [];
  for (const imagesPerRepository of [10, 1000]) {
    const size = { repositories: 200, taskDefinitionFamilies: 600, eksClusters: 0, now: SCAN_TIME };
    demo = await useDemoAccount(generateWorld({ ...size, imagesPerRepository }));
    const { header } = await scanDemo({ regions: ['us-east-1'] });
    expect(header.complete).toBe(true);
    calls.push(called(OF_SINGLE_IMAGES));
    await demo.close();
    demo = undefined;
  }

  // 300 images in a hundred repositories, and the newest of the other hundred: a batch a repository, two calls an image.
  expect(calls[0]).toBeLessThanOrEqual(200 + 2 * 400 + 400);
  expect(calls[1]).toBe(calls[0]);
}, 240_000);
