import { type AwsSecurityFinding, paginateGetFindings, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSchedule } from '#demo/schedule.ts';
import { handler as finish } from '#functions/finish/handler.ts';
import { handler as plan } from '#functions/plan/handler.ts';
import { handler as recheck } from '#functions/recheck/handler.ts';
import { handler as scan } from '#functions/scan/handler.ts';
import { handler as watch } from '#functions/watch/handler.ts';
import { openLedger } from '#shared/composition-root.ts';
import type { Ledger } from '#shared/domain/ledger.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { MotoFunctions } from '../support/moto-functions.ts';

const HOME = 'us-east-1';
const REGIONS = [HOME, 'eu-west-1'] as const;

interface Deployed {
  readonly account: string;
  readonly organizationId: string;
  readonly table: string;
  readonly unit: string;
  readonly recheck: string;
  readonly finish: string;
  readonly configBucket: string;
  readonly reportBucket: string;
  readonly one: string;
  readonly two: string;
  readonly closed: string;
  readonly members: Readonly<
    Record<string, { roles: readonly string[]; trust: readonly object[]; rules: Readonly<Record<string, number>> }>
  >;
}

let moto: Moto;
let deployed: Deployed;
let sqs: SQSClient;
let functions: MotoFunctions;
let ledger: Ledger;
const before = { ...process.env };

beforeAll(async () => {
  moto = await startMoto();
  deployed = moto.seed('seed_organization.py', 'deploy') as Deployed;
  Object.assign(process.env, moto.env, {
    AWS_EC2_METADATA_DISABLED: 'true',
    HULLCHECK_TABLE: deployed.table,
    HULLCHECK_UNIT_QUEUE_URL: deployed.unit,
    HULLCHECK_FINISH_QUEUE_URL: deployed.finish,
    HULLCHECK_CONFIG_BUCKET: deployed.configBucket,
    HULLCHECK_REPORT_BUCKET: deployed.reportBucket,
    HULLCHECK_HASH_KEY: 'a key of the tests',
    HULLCHECK_RATE: 'unlimited',
  });
  sqs = new SQSClient({});
  functions = new MotoFunctions(sqs, deployed.account, HOME);
  ledger = await openLedger(`dynamodb:${deployed.table}`);
});

afterAll(async () => {
  sqs?.destroy();
  ledger?.close();
  process.env = before;
  await moto?.close();
});

/** What the hub of a member shows to the member itself. */
async function hub(accountId: string, region: string): Promise<readonly AwsSecurityFinding[]> {
  const sts = new STSClient({});
  const RoleArn = `arn:aws:iam::${accountId}:role/hullcheck-publish`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  sts.destroy();
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken } = Credentials ?? {};
  const credentials = { accessKeyId, secretAccessKey, ...(SessionToken ? { sessionToken: SessionToken } : {}) };
  const client = new SecurityHubClient({ region, credentials });
  const findings: AwsSecurityFinding[] = [];
  for await (const page of paginateGetFindings({ client }, { MaxResults: 100 }))
    findings.push(...(page.Findings ?? []));
  client.destroy();
  return findings;
}

test('PE-5: the member template deploys its roles once and its rules in every region, and trusts what it is told to', () => {
  for (const { roles, trust, rules } of Object.values(deployed.members)) {
    expect(roles).toEqual(expect.arrayContaining(['hullcheck-forward', 'hullcheck-publish', 'hullcheck-read']));
    expect(roles).not.toContain('hullcheck-respond');
    expect(Object.values(rules)[0]).toBeGreaterThan(5);
    expect(new Set(Object.values(rules)).size).toBe(1);
    expect(trust).toMatchObject([
      {
        Statement: [
          {
            Principal: {
              AWS: ['scan', 'recheck'].map((name) => `arn:aws:iam::${deployed.account}:role/hullcheck-e2e-${name}`),
            },
            Condition: { StringEquals: { 'aws:PrincipalOrgID': deployed.organizationId } },
          },
        ],
      },
    ]);
  }
});

test('both members are read by their roles, in both regions, and published into their own hubs', async () => {
  await runSchedule({ name: 'plan', target: functions.functionOf('plan', plan) });
  await functions.drain(deployed.unit, scan);
  await functions.drain(deployed.finish, finish);

  for (const accountId of [deployed.one, deployed.two]) {
    for (const region of REGIONS) {
      const findings = await hub(accountId, region);
      expect(findings.length, `${accountId} ${region}`).toBeGreaterThan(5);
      for (const { Id, AwsAccountId } of findings) {
        expect(Id).toContain(`/${accountId}/${region}/`);
        expect(AwsAccountId).toBe(accountId);
      }
    }
  }
});

test('the suspended account and the region that is not enabled are named, and the watch misses nothing', async () => {
  const last = await ledger.lastFinishedRun();

  expect(last?.notCovered).toEqual(
    expect.arrayContaining([
      ...[deployed.one, deployed.two].map((accountId) => ({
        accountId,
        status: 'excluded',
        regions: ['ap-east-1'],
        reason: 'The region is not enabled for the account.',
      })),
      {
        accountId: deployed.closed,
        status: 'excluded',
        regions: ['ap-east-1', 'eu-west-1', 'us-east-1'],
        reason: 'The account is suspended in its organization.',
      },
    ]),
  );
  expect(last?.notCovered).toHaveLength(3);
  const watched = await runSchedule({ name: 'watch', target: functions.functionOf('watch', watch) });
  expect(watched).toMatchObject({ scopesLost: 0 });
});

test("a change in a member is forwarded by its own region's rule to the central bus, and rechecked there", async () => {
  const [accountId, region] = [deployed.two, REGIONS[1]];
  const privileged = async () =>
    (await hub(accountId, region)).filter(
      ({ GeneratorId, RecordState }) => GeneratorId === 'ecs-task-not-privileged' && RecordState === 'ACTIVE',
    );
  expect(await privileged()).toEqual([]);
  expect(moto.seed('seed_organization.py', 'change', accountId, region)).toBe(0);

  // moto stamps a forwarded event anew; AWS leaves it as it was.
  const asSent = (body: string) => JSON.stringify({ ...JSON.parse(body), account: accountId, region });
  expect(await functions.drain(deployed.recheck, recheck, asSent)).toBe(1);

  expect(await privileged()).toMatchObject([{ AwsAccountId: accountId, Compliance: { Status: 'FAILED' } }]);
});
