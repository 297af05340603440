import { afterEach, describe, expect, test, vi } from 'vitest';
import { homeAccount } from '#demo/seed/tidewater.ts';
import type { ProbeResult } from '#shared/domain/diagnosis.ts';
import { collectInside } from '#test/support/collect-inside.ts';
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

describe('in the account of the deployment', () => {
  const roleArn = (name: string) => `arn:aws:iam::${homeAccount}:role/${name}`;
  const ROLES = { SCAN: 'hullcheck-scan', RECHECK: 'hullcheck-recheck', GATE: 'hullcheck-gate' };

  /** Doctor is told the roles of the others; the account has those that are given. */
  async function deployedWithRoles(...names: readonly string[]): Promise<void> {
    await deployed();
    for (const [name, role] of Object.entries(ROLES)) process.env[`HULLCHECK_${name}_ROLE_ARN`] = roleArn(role);
    home().roles.push(...names.map((name) => ({ name })));
  }

  function home() {
    const [account] = deployment.demo.world.accounts;
    if (account === undefined) throw new Error('the demo has no account');
    return account;
  }

  const clusters = () => home().regions.flatMap((region) => region.eks.clusters);

  test('everything a scan does is tried as the role that scans, and nothing as the one that looks', async () => {
    await deployedWithRoles(ROLES.SCAN, ROLES.RECHECK);
    deployment.demo.recorder.clear();
    await examine();
    const asked = deployment.demo.recorder.calls().filter(({ caller }) => caller.includes(':user/hullcheck-demo'));

    expect(new Set(asked.map(({ operation }) => operation))).toEqual(
      new Set([
        'ecr:ListPullTimeUpdateExclusions',
        // Its own configuration.
        's3:GetObject',
        'sns:GetTopicAttributes',
        'sts:AssumeRole',
        'sts:GetCallerIdentity',
      ]),
    );
  });

  test('clusters are asked whether they let in those that scan and recheck, each by itself', async () => {
    await deployedWithRoles(ROLES.SCAN, ROLES.RECHECK);
    for (const { cluster, accessEntries } of clusters()) {
      const scanner = accessEntries.find(({ entry }) => entry.kubernetesGroups?.includes('hullcheck'));
      if (scanner === undefined) throw new Error(`${cluster.name} lets nobody in`);
      accessEntries.push({ ...scanner, entry: { ...scanner.entry, principalArn: roleArn(ROLES.SCAN) } });
    }
    const { results } = await examine();
    const refused = results.filter(({ group, subject }) => group === 'clusters' && subject !== 'tide-open');

    expect(refused.map(({ subject }) => subject).toSorted()).toEqual(['tide-auto', 'tide-prod']);
    // Its aws-auth knows neither.
    expect(results.filter(({ subject }) => subject === 'tide-open')).toHaveLength(2);
    for (const { message, fix } of refused) {
      expect(message).toContain('does not know the role hullcheck-recheck (401)');
      expect(fix?.command).toContain(`--principal-arn ${roleArn(ROLES.RECHECK)}`);
    }
  });

  test('pulls are asked about for each of the functions that pull, and not for the one that looks', async () => {
    await deployedWithRoles(ROLES.SCAN, ROLES.RECHECK);
    const excluded = home().regions.find(({ name }) => name === 'us-east-1')?.ecr.pullTimeExclusions;
    excluded?.splice(0, excluded.length, roleArn(ROLES.SCAN));
    const { results } = await examine();

    expect(
      results
        .filter(({ group, region }) => group === 'image-pulls' && region === 'us-east-1')
        .map(({ fix }) => fix?.command?.split(' ').at(-1)),
    ).toEqual([roleArn(ROLES.RECHECK), roleArn(ROLES.GATE)]);
  });

  test('a role that does not let doctor in is named, and nothing is said about another one in its place', async () => {
    await deployedWithRoles(ROLES.RECHECK);
    const { counts, results } = await examine();

    expect(results).toEqual([
      expect.objectContaining({ group: 'accounts', status: 'problem', subject: roleArn(ROLES.SCAN) }),
    ]);
    expect(counts.ok).toBeLessThan(5);
  });
});

describe('a private cluster that is judged by what was left in a bucket', () => {
  const CLUSTER = `arn:aws:eks:us-east-1:${homeAccount}:cluster/tide-prod`;
  const inventory = () => `s3://${process.env.HULLCHECK_CONFIG_BUCKET}/clusters/tide-prod.jsonl`;

  async function collectedCluster(): Promise<readonly ProbeResult[]> {
    await deployed();
    await deployment.configure({ clusters: { collected: [{ cluster: CLUSTER, inventory: inventory() }] } });
    return inBucket();
  }

  function apiOf(name: string) {
    const regions = deployment.demo.world.accounts.flatMap((account) => account.regions);
    const found = regions.flatMap(({ eks }) => eks.clusters).find(({ cluster }) => cluster.name === name);
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found.cluster as { arn: string };
  }

  const inBucket = async () => (await examine()).results.filter(({ subject }) => subject === 'tide-prod');

  test('is looked at there: whether it is there, whole, and young enough', async () => {
    const before = await collectedCluster();
    await collectInside('tide-prod', inventory());
    // Nothing answers there any more, and nobody notices.
    await deployment.demo.clusters.stop(apiOf('tide-prod'));
    const fresh = await inBucket();
    deployment.advance(25 * 3600);
    const old = await inBucket();

    expect(before).toEqual([
      expect.objectContaining({
        status: 'problem',
        message: expect.stringContaining('There is no inventory at s3://'),
      }),
    ]);
    expect(fresh).toEqual([]);
    expect(old).toEqual([
      expect.objectContaining({
        status: 'problem',
        message: expect.stringMatching(
          /^tide-prod \(us-east-1\) is not judged, because s3:.+ collected at 2026-11-23T12:\S+Z, cannot be used \(at most 24 hours old\)/,
        ),
      }),
    ]);
  });
});
