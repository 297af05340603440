import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { ACCOUNT_PERMISSIONS } from '#shared/aws/accounts.ts';
import { ACTIONS_WITHOUT_PERMISSION } from '#shared/aws/actions.ts';
import { iamCollector } from '#shared/collectors/iam/collect.ts';
import { collectors } from '#shared/collectors/index.generated.ts';
import { recheckOne } from '#test/support/collect.ts';
import { type DemoScan, scanDemo, useDemoAccount } from '#test/support/scan-demo.ts';

/** The IAM actions the collectors declare are those they really call, as the SDK middleware recorded them. */
let demo: DemoAccount;
let scan: DemoScan;

let rechecked: ReadonlySet<string>;

beforeAll(async () => {
  demo = await useDemoAccount();
  scan = await scanDemo({
    sources: [{}, { roleArn: 'arn:aws:iam::444455556666:role/HullcheckRead', externalId: 'tidewater-audit-7f3a' }],
  });
  // A single role is read by other calls than all of them.
  demo.recorder.clear();
  const place = { accountId: '111122223333', region: 'us-east-1', observedAt: scan.inventory.startedAt };
  for (const name of ['shell-runner-task', 'price-feed']) {
    const key = `arn:aws:iam::111122223333:role/${name}`;
    await recheckOne(
      iamCollector,
      { type: 'AwsIamRole', name },
      {
        facts: [{ kind: 'role-use', key, ...place, use: 'ecs-task', user: 'a family' }],
        completeKinds: ['role-use'],
        clientFor: (clientClass, region) => new clientClass({ region } as never),
      },
    );
  }
  rechecked = new Set(demo.recorder.calls().map(({ operation }) => operation));
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
  expect([...declared].filter((action) => !scan.calls.has(action) && !rechecked.has(action))).toEqual([]);
});

test('PE-3: reading needs nothing but Get, List, Describe and BatchGet', () => {
  const writing = [...declared].filter((action) => !/:(?:Get|List|Describe|BatchGet)/.test(action));

  expect(writing).toEqual(['sts:AssumeRole']);
});
