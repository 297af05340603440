import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seedWorld } from '#demo/seed/seed-world.ts';
import type { DemoAccount } from '#demo/server.ts';
import { ACCOUNT_PERMISSIONS } from '#shared/aws/accounts.ts';
import { policyResources } from '#shared/aws/action-resources.ts';
import { ACTIONS_WITHOUT_PERMISSION } from '#shared/aws/actions.ts';
import { collectors } from '#shared/collectors/index.generated.ts';
import type { Diagnosis, ProbeResult } from '#shared/domain/diagnosis.ts';
import type { IamAction } from '#shared/domain/ports.ts';
import { ledgerPermissions } from '#shared/ledger/dynamodb.ts';
import { SECURITY_HUB_PERMISSIONS } from '#shared/sinks/security-hub/sink.ts';
import { createLedgerTable, diagnoseDemo } from '#test/support/diagnosis.ts';
import { SCAN_TIME, useDemoAccount } from '#test/support/scan-demo.ts';

const ACCOUNT = { partition: 'aws', accountId: '111122223333' };
const TOPIC = 'arn:aws:sns:us-east-1:111122223333:hullcheck-alerts';
const TABLE = 'hullcheck-ledger';
const ROLE = 'arn:aws:iam::444455556666:role/HullcheckRead';

/** Everything that the deployed policies allow for reading, publishing and remembering. */
const DECLARED: readonly IamAction[] = [
  ...new Set([
    ...collectors.flatMap(({ permissions }) => permissions),
    ...ACCOUNT_PERMISSIONS.filter((action) => action !== 'sts:AssumeRole'),
    ...SECURITY_HUB_PERMISSIONS,
    'sns:Publish' as const,
    ...ledgerPermissions,
  ]),
].sort();
/** What doctor asks beside: who it is, and who is subscribed. */
const OWN: readonly string[] = ['ecr:ListPullTimeUpdateExclusions', 'sns:GetTopicAttributes'];

let demo: DemoAccount;
let healthy: Diagnosis;
let before: string;
const examine = () =>
  diagnoseDemo({
    destinations: ['security-hub', 'sns'],
    config: { publish: { sns: { topics: { human: TOPIC } } } },
    table: { name: TABLE, region: 'us-east-1' },
  });

beforeAll(async () => {
  demo = await useDemoAccount(seedWorld(SCAN_TIME));
  await createLedgerTable(TABLE, 'us-east-1');
  before = snapshot(demo);
  healthy = await examine();
});
afterEach(() => demo.faults.clear());
afterAll(() => demo?.close());

describe('doctor against the demo account', () => {
  test('finds everything in order, and has tried every declared permission', () => {
    expect(healthy.results.filter(({ status }) => status !== 'ok' && status !== 'skipped')).toEqual([]);
    expect(
      healthy.results
        .filter(({ group }) => group === 'permissions')
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(DECLARED);
  });

  test('leaves no trace: nothing is stored, sent or imported, and nothing but what is declared is called', async () => {
    const called = new Set(demo.recorder.calls().map(({ operation }) => operation));
    const client = new DynamoDBClient({ region: 'us-east-1' });
    const { Items } = await client.send(new ScanCommand({ TableName: TABLE }));
    client.destroy();

    expect(Items).toEqual([]);
    expect(snapshot(demo) === before).toBe(true);
    for (const own of ['dynamodb:CreateTable', 'dynamodb:Scan']) called.delete(own);
    for (const free of ACTIONS_WITHOUT_PERMISSION) called.delete(free);
    expect([...called].sort()).toEqual([...DECLARED, ...OWN].sort());
  });

  test.for(DECLARED)('names exactly %s where it is missing, with the statement that is missing', async (action) => {
    demo.faults.add(action, { kind: 'deny', because: 'no-identity-policy' });
    const { changed, problems } = compare(healthy, await examine());

    expect(problems).toEqual([
      expect.objectContaining({
        group: 'permissions',
        status: 'problem',
        subject: action,
        message: expect.stringMatching(
          `^${action} \\(for .+\\) is denied to the user hullcheck-demo: no policy allows it\\.$`,
        ),
        fix: {
          text: 'Allow it in a policy of the user hullcheck-demo.',
          policy: { Effect: 'Allow', Action: action, Resource: resourceOf(action) },
        },
      }),
    ]);
    // What cannot be looked at without it says so, and nothing else has changed.
    expect(changed.filter(({ status, message }) => status !== 'skipped' || !message.includes(action))).toEqual(
      problems,
    );
  });

  test('names every role that cannot be assumed because the caller may not', async () => {
    demo.faults.add('sts:AssumeRole', { kind: 'deny', because: 'no-identity-policy' });
    const { results } = await diagnoseDemo({ sources: [{ roleArn: ROLE, externalId: 'tidewater-audit-7f3a' }] });

    expect(results.filter(({ status }) => status === 'problem')).toEqual([
      expect.objectContaining({
        group: 'accounts',
        subject: ROLE,
        accountId: '444455556666',
        fix: {
          text: 'Allow it to the user hullcheck-demo.',
          policy: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ROLE },
        },
      }),
    ]);
  });

  test('tells a service control policy from a missing permission', async () => {
    demo.faults.add('eks:DescribeAddon', { kind: 'deny', because: 'service-control-policy' });
    const { problems } = compare(healthy, await examine());

    expect(problems).toEqual([
      expect.objectContaining({
        subject: 'eks:DescribeAddon',
        message: expect.stringContaining('a service control policy of the organization denies it.'),
        fix: { text: expect.stringContaining('excepted from the statement that denies eks:DescribeAddon') },
      }),
    ]);
  });

  test('names the region where something is denied in one region alone', async () => {
    demo.faults.add('ecr:*', { kind: 'deny', because: 'service-control-policy' }, { region: 'eu-west-1' });
    const { problems } = compare(healthy, await examine());

    expect(problems).toEqual([
      expect.objectContaining({
        subject: 'ecr:DescribeRepositories',
        region: 'eu-west-1',
        message: expect.stringContaining(
          'ecr:DescribeRepositories (for ecr) is denied to the user hullcheck-demo in eu-west-1: ',
        ),
      }),
      expect.objectContaining({ group: 'image-pulls', region: 'eu-west-1', status: 'warning' }),
    ]);
  });

  test.for([
    ['an error of the service', { kind: 'error', status: 500 }],
    ['a broken connection', { kind: 'reset' }],
    ['throttling', { kind: 'throttle' }],
  ] as const)('does not take %s for an answer', async ([, fault]) => {
    demo.faults.add('ecr:GetLifecyclePolicy', fault);
    const { changed } = compare(healthy, await examine());

    expect(changed).toEqual([expect.objectContaining({ subject: 'ecr:GetLifecyclePolicy', status: 'unknown' })]);
  });
});

/** What is different from a diagnosis without any fault. */
function compare(before: Diagnosis, after: Diagnosis): { changed: ProbeResult[]; problems: ProbeResult[] } {
  const known = new Set(before.results.map((result) => JSON.stringify(result)));
  const changed = after.results.filter((result) => !known.has(JSON.stringify(result)));
  return { changed, problems: changed.filter(({ status }) => status !== 'ok' && status !== 'skipped') };
}

/** Everything the account holds. */
function snapshot({ world }: DemoAccount): string {
  return JSON.stringify(world.accounts, (key, value: unknown) => {
    // An API server begins to listen when it is first asked for.
    if (key === 'endpoint' || key === 'certificateAuthority') return undefined;
    return value instanceof Map || value instanceof Set ? [...value] : value;
  });
}

function resourceOf(action: IamAction): string | readonly string[] {
  if (action === 'sns:Publish') return TOPIC;
  if (action.startsWith('dynamodb:')) return `arn:aws:dynamodb:us-east-1:111122223333:table/${TABLE}`;
  const resources = policyResources(action, ACCOUNT);
  return resources.length === 1 ? (resources[0] as string) : resources;
}
