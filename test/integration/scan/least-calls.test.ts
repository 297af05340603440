import { afterEach, expect, test } from 'vitest';
import { generateWorld } from '#demo/generate.ts';
import type { DemoAccount } from '#demo/server.ts';
import { SCAN_TIME, scanDemo, useDemoAccount } from '#test/support/scan-demo.ts';
import { leastCalls, ONCE } from '../../../bench/least-calls.ts';

let demo: DemoAccount | undefined;

afterEach(async () => {
  await demo?.close();
  demo = undefined;
});

async function scanWorld(size: Parameters<typeof generateWorld>[0]) {
  demo = await useDemoAccount(generateWorld({ ...size, now: SCAN_TIME }));
  const scan = await scanDemo({ regions: ['us-east-1'] });
  await demo.close();
  demo = undefined;
  return scan;
}

test('PE-10: 1,000 repositories of 50 images and 2,000 families take at most 1.1 times the least possible calls', async () => {
  const size = { repositories: 1000, imagesPerRepository: 50, taskDefinitionFamilies: 2000, eksClusters: 2 };
  const { calls, header } = await scanWorld(size);
  const rules = leastCalls(size);
  let [called, least] = [0, 0];
  for (const [operation, count] of calls) {
    const rule = (rules.get(operation) ?? ONCE).least;
    called += count;
    least += Number.isNaN(rule) ? count : rule;
  }

  expect(header.complete).toBe(true);
  expect(called / least).toBeLessThanOrEqual(1.1);
});

test('what is kept of a repository does not grow with the number of its images', async () => {
  const size = { repositories: 5, taskDefinitionFamilies: 4, eksClusters: 0 };
  const [few, many] = [
    await scanWorld({ ...size, imagesPerRepository: 10 }),
    await scanWorld({ ...size, imagesPerRepository: 3000 }),
  ];
  const kept = ({ inventory }: typeof few) => JSON.stringify(inventory).length;

  expect(kept(many) / kept(few)).toBeLessThan(1.05);
});
