import { afterEach, expect, test, vi } from 'vitest';
import type { ProbeResult } from '#shared/domain/diagnosis.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

interface Answer {
  readonly counts: Readonly<Record<string, number>>;
  readonly results: readonly ProbeResult[];
}

const setTime = (now: Date) => vi.setSystemTime(now);
let deployment: Deployment;

afterEach(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

const examine = (event: unknown = {}) => deployment.deployed.functions.doctor.invoke(event) as Promise<Answer>;
async function deployed(config: Readonly<Record<string, unknown>> = {}): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({ setTime, config, maxAttempts: 1 });
}

test('after a deployment everything is in order, which is said in a few words', async () => {
  await deployed();
  const { counts, results } = await examine();

  expect(results).toEqual([]);
  expect(counts).toMatchObject({ problem: 0, unknown: 0, warning: 0 });
  expect(counts.ok).toBeGreaterThan(80);
});

test('a permission that a function lacks is named with its statement, and one of the ledger as well', async () => {
  await deployed();
  for (const action of ['ecs:DescribeServices', 'dynamodb:UpdateItem']) {
    deployment.demo.faults.add(action, { kind: 'deny', because: 'no-identity-policy' });
  }
  const { results } = await examine();

  expect(results.map(({ subject, status }) => [subject, status])).toEqual([
    ['ecs:DescribeServices', 'problem'],
    ['dynamodb:UpdateItem', 'problem'],
  ]);
  expect(results.every(({ fix, subject }) => fix?.policy?.Action === subject)).toBe(true);
});

test('each account of the configuration is looked at by its roles', async () => {
  const externalId = 'tidewater-audit-7f3a';
  const memberRoles = { read: 'HullcheckRead', publish: 'HullcheckPublish', externalId };
  await deployed({ scope: { regions: ['us-east-1'], accounts: ['111122223333', '444455556666'], memberRoles } });
  deployment.demo.faults.add(
    'ecr:DescribeImages',
    { kind: 'deny', because: 'no-identity-policy' },
    { accountId: '444455556666' },
  );
  const { results } = await examine();

  expect(results).toEqual([
    expect.objectContaining({
      subject: 'ecr:DescribeImages',
      accountId: '444455556666',
      message: expect.stringContaining('denied to the role HullcheckRead'),
    }),
  ]);
});

test('only the accounts that the event names are looked at, and a stranger among them is a problem', async () => {
  await deployed({ scope: { regions: ['us-east-1'], accounts: ['111122223333', '444455556666'] } });
  const { results } = await examine({ accounts: ['111122223333', '999900001111'] });

  expect(results).toEqual([
    expect.objectContaining({ message: '999900001111 is none of the accounts that are scanned.' }),
  ]);
  await expect(examine({ accounts: ['mine'] })).rejects.toThrow('twelve digits');
});

test('a configuration that cannot be used is the one thing that is said', async () => {
  await deployed({ failOn: 'SOMETIMES' });
  const { counts, results } = await examine();

  expect(counts).toMatchObject({ problem: 1, ok: 0 });
  expect(results).toEqual([
    expect.objectContaining({ group: 'configuration', message: expect.stringContaining('failOn') }),
  ]);
});

test('a configuration that may not be read is told from one that is wrong', async () => {
  await deployed();
  deployment.demo.faults.add('s3:GetObject', { kind: 'deny', because: 'no-identity-policy' });
  deployment.advance(600);
  const { results } = await examine();

  expect(results).toEqual([
    expect.objectContaining({
      group: 'configuration',
      status: 'problem',
      message: expect.stringContaining('hullcheck.yaml cannot be read: s3:GetObject was denied'),
    }),
  ]);
});
