import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { externalId, readRole, supplierAccount } from '#demo/seed/tidewater.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

/** An account in which nobody has created the role. */
const CLOSED = '777788889999';
let deployment: Deployment;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const role = (account: string) => `arn:aws:iam::${account}:role/${readRole}`;
  const roles = [{ arn: role(supplierAccount), externalId }, { arn: role(CLOSED) }];
  deployment = await deploy({
    setTime: (now) => vi.setSystemTime(now),
    config: { scope: { regions: ['us-east-1'], services: ['ecr', 'ecs'], roles } },
  });
});

afterEach(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

test('PE-6: an account whose role cannot be assumed is expected, missed and told, and stops no other', async () => {
  await deployment.run();

  const last = await deployment.ledger.lastFinishedRun();
  expect(last?.complete).toBe(false);
  expect(await deployment.ledger.readAccount(supplierAccount)).toMatchObject({ lastCompleteAt: expect.any(String) });
  expect((await deployment.ledger.readAccount(CLOSED))?.lastCompleteAt).toBeUndefined();
  const { problems } = await deployment.watch();
  expect(problems).toContain(`The account ${CLOSED} was last read completely never; it is overdue.`);
});
