import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { ACCOUNT_PERMISSIONS } from '#shared/aws/accounts.ts';
import { ACTIONS_WITHOUT_PERMISSION } from '#shared/aws/actions.ts';
import { collectors } from '#shared/collectors/index.generated.ts';
import { type DemoScan, scanDemo, useDemoAccount } from '#test/support/scan-demo.ts';

/** The IAM actions the collectors declare are those they really call, as the SDK middleware recorded them. */
let demo: DemoAccount;
let scan: DemoScan;

beforeAll(async () => {
  demo = await useDemoAccount();
  scan = await scanDemo({
    sources: [{}, { roleArn: 'arn:aws:iam::444455556666:role/HullcheckRead', externalId: 'tidewater-audit-7f3a' }],
  });
});

afterAll(async () => {
  await demo?.close();
});

const declared = new Set([...collectors.flatMap((collector) => collector.permissions), ...ACCOUNT_PERMISSIONS]);

test('PE-3: no action is called that is not declared', () => {
  const called = [...scan.calls.keys()].filter((action) => !ACTIONS_WITHOUT_PERMISSION.has(action));

  expect(called.filter((action) => !declared.has(action as never))).toEqual([]);
});

test('PE-3: no action is declared that is not called', () => {
  expect([...declared].filter((action) => !scan.calls.has(action))).toEqual([]);
});

test('PE-3: reading needs nothing but Get, List, Describe and BatchGet', () => {
  const writing = [...declared].filter((action) => !/:(?:Get|List|Describe|BatchGet)/.test(action));

  expect(writing).toEqual(['sts:AssumeRole']);
});
