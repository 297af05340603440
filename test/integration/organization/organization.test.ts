import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sdkConfig } from '#demo/deployment.ts';
import { partnersUnit, sandboxAccount, suspendedAccount } from '#demo/seed/organization.ts';
import { externalId, homeAccount, publishRole, readRole, supplierAccount } from '#demo/seed/tidewater.ts';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { accountOf, regionOf } from '#demo/world/world.ts';
import type { ReportIndex } from '#shared/reports/report-index.ts';
import { runCli, SOURCE } from '#test/support/cli.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

const REGIONS = ['us-east-1', 'eu-west-1'] as const;
const SCOPE = {
  regions: REGIONS,
  organization: {},
  memberRoles: { read: readRole, publish: publishRole, externalId },
};
const CLOSED = { because: 'service-control-policy', kind: 'deny' } as const;

describe('the functions in an organization', () => {
  const PARTNERS = `arn:aws:sns:us-east-1:${homeAccount}:partner-alerts`;
  const MACHINE = `arn:aws:sns:us-east-1:${homeAccount}:hullcheck-demo-machine`;
  let deployment: Deployment;

  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const route = {
      name: 'partners',
      match: { organizationalUnits: [partnersUnit] },
      topics: { machine: PARTNERS },
    };
    const sns = { topics: { machine: MACHINE }, routes: [route] };
    deployment = await deploy({
      setTime: (now) => vi.setSystemTime(now),
      config: { scope: { ...SCOPE, services: ['ecr', 'ecs'] }, publish: { sns } },
    });
    home().topics.push({ arn: PARTNERS, name: 'partner-alerts', attributes: {}, messages: [] });
    await deployment.run();
  });

  afterAll(async () => {
    await deployment?.close();
    vi.useRealTimers();
  });

  function regionIn(account: string, name: string) {
    const region = regionOf(accountOf(deployment.demo.world, account), name);
    if (region === undefined) throw new Error(`${account} has no region ${name}`);
    return region;
  }
  const home = () => regionIn(homeAccount, 'us-east-1');
  /** What a hub shows as open. */
  const open = (account: string, region: string) =>
    [...regionIn(account, region).security.findings.values()]
      .filter(({ RecordState }) => RecordState === 'ACTIVE')
      .map(({ Id }) => Id)
      .sort();
  const messagesOf = (arn: string): readonly Record<string, unknown>[] =>
    (
      home()
        .topics.find((one) => one.arn === arn)
        ?.messages.splice(0) ?? []
    ).map(({ message }) => JSON.parse(message));
  const callsSince = (start: number) => deployment.demo.recorder.calls().slice(start);

  test('PE-5: accounts come from Organizations; what has no role and what is suspended is named, all others are read', async () => {
    const last = await deployment.ledger.lastFinishedRun();

    expect(new Set(last?.scopes.map((scope) => scope.split(' ').slice(0, 2).join(' ')))).toEqual(
      new Set([homeAccount, supplierAccount].flatMap((account) => REGIONS.map((region) => `${account} ${region}`))),
    );
    expect(last?.notCovered).toEqual([
      {
        accountId: sandboxAccount,
        status: 'failed',
        regions: ['eu-west-1', 'us-east-1'],
        reason: `The role arn:aws:iam::${sandboxAccount}:role/${readRole} could not be assumed: create it, let it trust these credentials, and pass its external id.`,
      },
      {
        accountId: suspendedAccount,
        status: 'excluded',
        regions: ['eu-west-1', 'us-east-1'],
        reason: 'The account is suspended in its organization.',
      },
    ]);
    expect(last?.complete).toBe(false);
  });

  test('a role that cannot be assumed is tried once, and those of a suspended account never', () => {
    const refused = deployment.demo.recorder
      .calls()
      .filter(({ operation, outcome }) => operation === 'sts:AssumeRole' && outcome !== 'ok');

    // The role that reads by the plan, the one that publishes by the end of the run.
    expect(refused).toHaveLength(2);
  });

  test('PE-6: the watch names every account and region that is missing, with the reason', async () => {
    const { problems } = await deployment.watch();

    expect(problems.filter((problem) => problem.startsWith('The last run did not cover'))).toEqual([
      expect.stringMatching(`${sandboxAccount}/eu-west-1: The role .+ could not be assumed`),
      expect.stringMatching(`${sandboxAccount}/us-east-1: The role .+ could not be assumed`),
    ]);
  });

  test("SH-10: findings are imported by the member's own publishing role, into its own account and region", () => {
    const imports = deployment.demo.recorder
      .calls()
      .filter(
        ({ operation, accountId }) => operation === 'securityhub:BatchImportFindings' && accountId !== homeAccount,
      );

    expect(open(supplierAccount, 'us-east-1').length).toBeGreaterThan(0);
    expect(imports.length).toBeGreaterThan(0);
    for (const { accountId, caller } of imports) {
      expect(accountId).toBe(supplierAccount);
      expect(caller).toContain(`:assumed-role/${publishRole}/`);
    }
    for (const region of REGIONS) {
      for (const id of open(supplierAccount, region)) expect(id).toContain(`/${supplierAccount}/${region}/`);
    }
    const reads = deployment.demo.recorder
      .calls()
      .filter(({ operation, accountId }) => operation === 'ecr:DescribeRepositories' && accountId === supplierAccount);
    for (const { caller } of reads) expect(caller).toContain(`:assumed-role/${readRole}/`);
  });

  test('alerts go to the route of the organizational unit in which the account is, at whatever depth', () => {
    expect(messagesOf(PARTNERS)).toMatchObject([{ kind: 'baseline', group: 'hullcheck-scan/partners' }]);
    expect(messagesOf(MACHINE)).toMatchObject([{ kind: 'baseline', group: 'hullcheck-scan' }]);
  });

  test('AU-7: weekly reports are on everything, each unit and each account; what was not read is named only where it concerns', async () => {
    await deployment.report('weekly');

    const s3 = new S3Client(sdkConfig(deployment.demo, 'us-east-1'));
    const read = async (path: string) => {
      const Key = `reports/weekly/2026-11-23/${path}`;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: deployment.deployed.reportBucket, Key }));
      return JSON.parse((await Body?.transformToString()) ?? '');
    };
    const { reports } = (await read('index.json')) as ReportIndex;
    const sandbox = await read(`accounts/${sandboxAccount}/report.json`);
    const whole = await read('organization/report.json');
    const accounts = await Promise.all(
      [homeAccount, sandboxAccount, supplierAccount].map((id) => read(`accounts/${id}/report.json`)),
    );
    s3.destroy();
    const complete = (id: string) => reports.find(({ slice }) => slice?.id === id)?.complete;
    expect([homeAccount, supplierAccount, partnersUnit].map(complete)).toEqual([true, true, true]);
    expect([sandboxAccount, suspendedAccount].map(complete)).toEqual([false, undefined]);
    expect(reports.filter(({ slice }) => slice?.kind === 'unit').length).toBeGreaterThan(1);
    expect(reports.find(({ slice }) => slice?.id === supplierAccount)?.name).toBe('tidewater-suppliers');
    expect(sandbox.coverage.entries[0].reason).toContain('could not be assumed');
    expect(accounts.reduce((sum, { counts }) => sum + counts.FAILED, 0)).toBe(whole.counts.FAILED);
    expect(messagesOf(MACHINE)).toMatchObject([
      { kind: 'report', complete: false, notRead: [expect.stringContaining(sandboxAccount), expect.anything()] },
    ]);
  });

  test('PE-4: a region that a service control policy closes costs one denied call, and nothing in it is closed', async () => {
    const before = REGIONS.map((region) => open(supplierAccount, region));
    const restore = deployment.demo.faults.add('*', CLOSED, { accountId: supplierAccount, region: 'eu-west-1' });
    const start = deployment.demo.recorder.calls().length;
    deployment.advance(43_200);
    await deployment.run();
    restore();

    const denied = callsSince(start).filter(
      ({ accountId, region }) => accountId === supplierAccount && region === 'eu-west-1',
    );
    expect(denied.filter(({ operation }) => !operation.startsWith('securityhub:'))).toHaveLength(1);
    const last = await deployment.ledger.lastFinishedRun();
    expect(last?.notCovered).toContainEqual({
      accountId: supplierAccount,
      status: 'excluded',
      regions: ['eu-west-1'],
      reason: 'The region is denied by a service control policy of the organization.',
    });
    for (const [index, region] of REGIONS.entries()) {
      expect(open(supplierAccount, region)).toEqual(expect.arrayContaining(before[index] ?? []));
    }
  });

  test('a role that is taken away closes nothing, and the account is named until it is back', async () => {
    const before = REGIONS.map((region) => open(supplierAccount, region));
    const supplier = accountOf(deployment.demo.world, supplierAccount);
    const roles = supplier.roles.splice(0);
    // The sessions that there are would last an hour.
    deployment.advance(43_200);
    await deployment.run();
    const without = await deployment.ledger.lastFinishedRun();
    supplier.roles.push(...roles);

    expect(without?.notCovered?.map(({ accountId }) => accountId)).toContain(supplierAccount);
    expect(REGIONS.map((region) => open(supplierAccount, region))).toEqual(before);
    deployment.advance(43_200);
    await deployment.run();
    expect((await deployment.ledger.lastFinishedRun())?.notCovered?.map(({ accountId }) => accountId)).not.toContain(
      supplierAccount,
    );
  });
});

describe('the command line in an organization', () => {
  let demo: DemoAccount;
  let config: string;

  beforeAll(async () => {
    demo = await startDemoAccount();
    config = join(await mkdtemp(join(tmpdir(), 'hullcheck-')), 'hullcheck.yaml');
    // YAML takes JSON.
    await writeFile(config, JSON.stringify({ version: 1, scope: SCOPE }));
  });

  afterAll(async () => {
    await demo?.close();
  });

  const scan = async (...args: string[]) => {
    const run = await runCli(['scan', '--config', config, '--format', 'json', ...args], demo.env, { bin: SOURCE });
    return { ...run, result: run.stdout === '' ? undefined : JSON.parse(run.stdout) };
  };

  test('hullcheck scan reads all accounts, and names those it could not or should not read', async () => {
    const { result, exitCode } = await scan('--service', 'ecr');
    const statuses = new Map<string, string>(
      result.coverage.map(({ accountId, region, status }: Record<string, string>) => [
        `${accountId} ${region}`,
        status,
      ]),
    );

    expect(exitCode).toBe(1);
    expect(statuses.get(`${supplierAccount} us-east-1`)).toBe('scanned');
    expect(statuses.get(`${sandboxAccount} us-east-1`)).toBe('failed');
    expect(statuses.get(`${suspendedAccount} us-east-1`)).toBe('excluded');
    const accounts = new Set(
      result.findings.map((finding: { resource: { accountId: string } }) => finding.resource.accountId),
    );
    expect(accounts).toContain(supplierAccount);
  });

  test('without the right to ask Organizations nothing is scanned by half: the way out is said', async () => {
    const restore = demo.faults.add('organizations:*', { kind: 'deny', because: 'no-identity-policy' });
    const { exitCode, stderr } = await scan();
    restore();

    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      'organizations:ListAccounts was denied: run Hullcheck in an account that is registered as a delegated administrator',
    );
  });
});
