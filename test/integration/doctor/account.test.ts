import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { collectors } from '#shared/collectors/index.generated.ts';
import type { Diagnosis } from '#shared/domain/diagnosis.ts';
import { diagnoseDemo } from '#test/support/diagnosis.ts';
import { useDemoAccount } from '#test/support/scan-demo.ts';

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:hullcheck-alerts';
const READ = 'arn:aws:iam::444455556666:role/HullcheckRead';
const PUBLISH = 'arn:aws:iam::444455556666:role/HullcheckPublish';
const EXTERNAL_ID = 'tidewater-audit-7f3a';

let demo: DemoAccount;

beforeAll(async () => {
  demo = await useDemoAccount();
});
afterEach(() => {
  demo.faults.clear();
});
afterAll(() => demo?.close());

/** All that is not in order, of one group. */
const troubles = ({ results }: Diagnosis, group: string) =>
  results.filter((result) => result.group === group && result.status !== 'ok');
const few = collectors.filter(({ service }) => service === 'inspector');

describe('credentials', () => {
  test.for([
    ['an expired session', { kind: 'expired-token' }, 'The credentials have expired.', 'aws sso login'],
  ] as const)('%s is called by its name', async ([, fault, message, command]) => {
    demo.faults.add('sts:GetCallerIdentity', fault);
    const { results } = await diagnoseDemo();

    expect(results).toEqual([
      expect.objectContaining({
        group: 'credentials',
        status: 'problem',
        message,
        fix: { text: 'Sign in again.', command },
      }),
      expect.objectContaining({ group: 'permissions', status: 'skipped' }),
    ]);
  });

  test('keys that AWS does not know are not called expired', async () => {
    const { AWS_ACCESS_KEY_ID: key } = process.env;
    process.env.AWS_ACCESS_KEY_ID = 'AKIAUNKNOWN000000000';
    const diagnosis = await diagnoseDemo();
    process.env.AWS_ACCESS_KEY_ID = key;

    expect(troubles(diagnosis, 'credentials')).toEqual([
      expect.objectContaining({
        status: 'problem',
        message: expect.stringContaining('AWS does not know the access key'),
      }),
    ]);
  });

  test('a profile that does not exist is named, with how to find those that do', async () => {
    const diagnosis = await diagnoseDemo({ sources: [{ profile: 'nobody' }] });

    expect(troubles(diagnosis, 'credentials')).toEqual([
      expect.objectContaining({
        status: 'problem',
        subject: 'profile nobody',
        message: expect.stringContaining('The profile "nobody" gives no credentials'),
        fix: expect.objectContaining({ command: 'aws configure list-profiles' }),
      }),
    ]);
  });

  test('no answer at all is no problem of the credentials: it could not be looked at', async () => {
    demo.faults.add('sts:*', { kind: 'reset' });
    const diagnosis = await diagnoseDemo();

    expect(diagnosis.counts).toMatchObject({ problem: 0, unknown: 1 });
  });
});

describe('roles', () => {
  test('one that can be assumed is looked at as itself', async () => {
    demo.faults.add('inspector2:BatchGetAccountStatus', { kind: 'deny', because: 'no-identity-policy' });
    const { results } = await diagnoseDemo({ sources: [{ roleArn: READ, externalId: EXTERNAL_ID }], collectors: few });

    expect(results).toContainEqual(expect.objectContaining({ group: 'accounts', status: 'ok', subject: READ }));
    expect(results).toContainEqual(
      expect.objectContaining({
        status: 'problem',
        message: expect.stringContaining('denied to the role HullcheckRead'),
      }),
    );
  });

  test('a wrong external id is one of three reasons, and the trust policy that would do is given', async () => {
    const diagnosis = await diagnoseDemo({ sources: [{ roleArn: READ, externalId: 'guess' }], collectors: few });

    expect(troubles(diagnosis, 'accounts')).toEqual([
      expect.objectContaining({
        status: 'problem',
        message:
          'The role HullcheckRead of 444455556666 cannot be assumed: it does not exist, its trust policy does not let the user hullcheck-demo in, or it demands another external id (the one that is configured is "guess").',
        fix: expect.objectContaining({
          command: 'aws iam get-role --role-name HullcheckRead --query Role.AssumeRolePolicyDocument',
          policy: {
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::111122223333:user/hullcheck-demo' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'sts:ExternalId': 'guess' } },
          },
        }),
      }),
    ]);
  });

  test('one account that cannot be reached leaves the others looked at', async () => {
    const sources = [{}, { roleArn: READ }];
    const { counts, results } = await diagnoseDemo({ sources, collectors: few });

    expect(counts.problem).toBe(1);
    expect(results).toContainEqual(
      expect.objectContaining({ group: 'regions', status: 'ok', accountId: '111122223333' }),
    );
  });

  test('the role that publishes is taken for what is published, and for nothing else', async () => {
    const sources = [{ roleArn: READ, publishRoleArn: PUBLISH, externalId: EXTERNAL_ID }];
    const diagnosis = await diagnoseDemo({ sources, collectors: few, destinations: ['security-hub'] });
    const callers = (service: string) =>
      new Set(
        demo.recorder
          .calls({ accountId: '444455556666' })
          .filter(({ operation, outcome }) => operation.startsWith(service) && outcome !== 'AccessDenied')
          .map(({ caller }) => caller.split('/')[1]),
      );

    expect(diagnosis.counts.problem).toBe(0);
    expect(callers('securityhub:')).toEqual(new Set(['HullcheckPublish']));
    expect(callers('inspector2:')).toEqual(new Set(['HullcheckRead']));
  });

  test('a role that publishes and cannot be assumed leaves reading as it is', async () => {
    const sources = [{ roleArn: READ, publishRoleArn: `${PUBLISH}er`, externalId: EXTERNAL_ID }];
    const diagnosis = await diagnoseDemo({ sources, collectors: few, destinations: ['security-hub'] });

    expect(troubles(diagnosis, 'accounts')).toEqual([expect.objectContaining({ subject: `${PUBLISH}er` })]);
    expect(troubles(diagnosis, 'security-hub')).toEqual([expect.objectContaining({ status: 'skipped' })]);
    expect(troubles(diagnosis, 'permissions')).toEqual([]);
  });
});

describe('the organization', () => {
  const routes = [
    {
      name: 'payments',
      match: { organizationalUnits: ['ou-ab12-payments1'] },
      topics: { human: TOPIC },
    },
  ];

  test.for([
    ['all accounts', { scope: { organization: {} } }, ['ListAccounts']],
    [
      'the accounts of some units',
      { scope: { organization: { organizationalUnits: ['ou-ab12-payments1'] } } },
      ['ListAccountsForParent', 'ListOrganizationalUnitsForParent'],
    ],
    [
      'all accounts, and in which units they are',
      { scope: { organization: {} }, publish: { sns: { topics: { human: TOPIC }, routes } } },
      ['ListAccountsForParent', 'ListOrganizationalUnitsForParent', 'ListRoots'],
    ],
  ] as const)('is asked for %s only with what that takes', async ([, config, operations]) => {
    const actions = operations.map((operation) => `organizations:${operation}`);
    const tried = (await diagnoseDemo({ config, collectors: few })).results.filter(({ subject }) =>
      subject.startsWith('organizations:'),
    );
    demo.faults.add('organizations:*', { kind: 'deny', because: 'no-identity-policy' });
    const denied = await diagnoseDemo({ config, collectors: few });

    expect(tried.map(({ subject, status }) => `${status} ${subject}`)).toEqual(actions.map((action) => `ok ${action}`));
    expect(troubles(denied, 'permissions').map(({ fix }) => fix?.policy?.Action)).toEqual(actions);
  });
});

describe('regions', () => {
  test('one that is not enabled is left out of scans, which is worth a warning', async () => {
    const diagnosis = await diagnoseDemo({ regions: ['us-east-1', 'ap-east-1'], collectors: few });

    expect(troubles(diagnosis, 'regions')).toEqual([
      expect.objectContaining({
        status: 'warning',
        region: 'ap-east-1',
        fix: expect.objectContaining({
          command: 'aws account enable-region --account-id 111122223333 --region-name ap-east-1',
        }),
      }),
    ]);
  });

  test('one that AWS does not have is a mistake', async () => {
    const diagnosis = await diagnoseDemo({ regions: ['us-east-1', 'eu-east-9'], collectors: few });

    expect(troubles(diagnosis, 'regions')).toEqual([
      expect.objectContaining({ status: 'problem', region: 'eu-east-9' }),
    ]);
  });

  test('one that a service control policy closes is named once, whatever is denied in it (PE-4)', async () => {
    demo.faults.add('*', { kind: 'deny', because: 'service-control-policy' }, { region: 'eu-west-1' });
    const diagnosis = await diagnoseDemo({ destinations: ['security-hub'] });

    expect(diagnosis.counts).toMatchObject({ problem: 0, warning: 1 });
    expect(troubles(diagnosis, 'regions')).toEqual([
      expect.objectContaining({
        status: 'warning',
        message: expect.stringContaining('closed by a service control policy'),
      }),
    ]);
  });

  test('permissions are tried in the next region where the first is closed', async () => {
    demo.faults.add('*', { kind: 'deny', because: 'service-control-policy' }, { region: 'eu-west-1' });
    const { results } = await diagnoseDemo({ regions: ['eu-west-1', 'us-east-1'], collectors: few });
    const tried = results.filter(({ group }) => group === 'permissions');

    expect(tried.map(({ status, region: where }) => `${status} ${where}`)).toEqual(['ok us-east-1', 'ok us-east-1']);
  });

  test('one that is not enabled is recognized also where the regions may not be listed', async () => {
    demo.faults.add('ec2:DescribeRegions', { kind: 'deny', because: 'no-identity-policy' });
    const diagnosis = await diagnoseDemo({ regions: ['us-east-1', 'ap-east-1'], collectors: few });

    expect(troubles(diagnosis, 'regions')).toEqual([
      expect.objectContaining({
        status: 'warning',
        region: 'ap-east-1',
        message: expect.stringContaining('not enabled'),
      }),
    ]);
  });
});
