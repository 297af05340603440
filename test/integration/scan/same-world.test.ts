import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { scanDemo, useDemoAccount } from '#test/support/scan-demo.ts';

let demo: DemoAccount;

beforeAll(async () => {
  demo = await useDemoAccount();
});

afterAll(async () => {
  await demo?.close();
});

test('the same scan twice is byte-identical, also when answers come in another order', async () => {
  const first = await scanDemo();
  demo.faults.add('ecs:*', { kind: 'delay', milliseconds: 3 }, { region: 'us-east-1' });
  demo.faults.add('ecr:GetLifecyclePolicy', { kind: 'delay', milliseconds: 5 }, { times: 3 });
  const second = await scanDemo();
  demo.faults.clear();

  expect(second.json).toBe(first.json);
});

test('small pages change nothing', async () => {
  const first = await scanDemo();
  demo.faults.add('*', { kind: 'page-size', size: 2 });
  const second = await scanDemo();
  demo.faults.clear();

  expect(second.json).toBe(first.json);
});

test('throttled calls are repeated until they answer', async () => {
  const first = await scanDemo({ services: ['ecr'] });
  demo.faults.add('ecr:*', { kind: 'throttle' }, { times: 1 });
  const second = await scanDemo({ services: ['ecr'] });
  demo.faults.clear();

  expect(second.json).toBe(first.json);
});

test('every finding id occurs once', async () => {
  const { findings } = await scanDemo();

  expect(new Set(findings.map((finding) => finding.id)).size).toBe(findings.length);
});
