import { describe, expect, test } from 'vitest';
import type { IamRole, RoleUse } from '#shared/collectors/iam/model.ts';
import type { Check } from '#shared/domain/check.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { iamRole, inlinePolicy, SERVICE_ACCOUNT_USE } from '#test/factories/iam.ts';
import { denied, judge } from './judge.ts';

const TASK_USE: RoleUse = { use: 'ecs-task', user: 'arn:aws:ecs:us-east-1:111122223333:task-definition/shop' };

const on = (resource: string, ...actions: readonly string[]) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resource,
});

type Case = readonly [what: string, statements: readonly object[]];

const SENSITIVE = 'iam sts kms secretsmanager ssm s3 dynamodb ec2 ecr ecs eks lambda autoscaling glue'.split(' ');

/** What a kind of check fails, and what is left to the others. */
const CASES = {
  admin: {
    severity: 'CRITICAL',
    fails: [
      ['every action on every resource', [on('*', '*')]],
      ['*:* on every resource', [on('*', '*:*')]],
      ['?* on every resource', [on('*', '?*')]],
    ],
    passes: [
      ['a whole service', [on('*', 'iam:*')]],
      ['everything on one bucket', [on('arn:aws:s3:::config', '*')]],
    ],
  },
  escalation: {
    severity: 'HIGH',
    fails: [
      ['a policy version on every policy', [on('*', 'iam:CreatePolicyVersion')]],
      [
        'attaching policies to every role of the account',
        [on('arn:aws:iam::111122223333:role/*', 'iam:AttachRolePolicy')],
      ],
      ['passing every role to what it launches', [on('*', 'iam:PassRole'), on('*', 'ec2:RunInstances')]],
      ['assuming every role', [on('*', 'sts:AssumeRole')]],
      ['a sensitive service as a whole', [on('*', 'secretsmanager:*')]],
      ['a pattern that holds such an action', [on('*', 'iam:Create*')]],
      ['everything but what is excepted', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]],
      [
        'everything but all that is sensitive',
        [{ Effect: 'Allow', NotAction: SENSITIVE.map((service) => `${service}:*`), Resource: '*' }],
      ],
    ],
    passes: [
      ['passing every role and launching nothing', [on('*', 'iam:PassRole')]],
      ['passing one role', [on('arn:aws:iam::111122223333:role/shop', 'iam:PassRole'), on('*', 'ecs:RunTask')]],
      ['everything: another check says so', [on('*', '*')]],
      [
        'reading metadata of everything',
        [on('*', 'ec2:Describe*', 'ecr:GetAuthorizationToken', 's3:ListAllMyBuckets')],
      ],
    ],
  },
  data: {
    severity: 'MEDIUM',
    fails: [
      ['every secret', [on('*', 'secretsmanager:GetSecretValue')]],
      ['every secret by ARN', [on('arn:aws:secretsmanager:*:*:secret:*', 'secretsmanager:GetSecretValue')]],
      ['every parameter', [on('arn:aws:ssm:us-east-1:111122223333:parameter/*', 'ssm:GetParameter*')]],
      ['every object of every bucket', [on('arn:aws:s3:::*/*', 's3:GetObject')]],
      ['every key', [on('*', 'kms:Decrypt')]],
    ],
    passes: [
      [
        'one secret',
        [on('arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-*', 'secretsmanager:GetSecretValue')],
      ],
      ['the parameters of one path', [on('arn:aws:ssm:us-east-1:111122223333:parameter/shop/*', 'ssm:GetParameter')]],
      ['a whole service: another check says so', [on('*', 'secretsmanager:*')]],
    ],
  },
} as const;

/** What the checks of a role's permissions promise, for roles of pods and of tasks. */
export function describeRolePermissions(check: Check, kind: keyof typeof CASES, users: 'pods' | 'tasks'): void {
  const use = users === 'pods' ? SERVICE_ACCOUNT_USE : TASK_USE;
  const role = (statements: readonly object[], change: Partial<IamRole> = {}) =>
    iamRole({ uses: known([use]), policies: known([inlinePolicy(...statements)]), ...change });
  const { severity } = CASES[kind];
  const fails: readonly Case[] = CASES[kind].fails;
  const passes: readonly Case[] = CASES[kind].passes;
  const worst = fails[0]?.[1] ?? [];

  test('PASSED for a role that reads one prefix of one bucket', () => {
    expect(judge(check, iamRole({ uses: known([use]) })).status).toBe('PASSED');
  });

  test.for(fails)('FAILED when the role is allowed %s', ([, statements]) => {
    const finding = judge(check, role(statements));

    expect(finding).toMatchObject({ status: 'FAILED', severity });
    expect(finding.evidence[0]?.path).toMatch(/^policies\.app: Statement\[/);
  });

  test.for(passes)('PASSED when the role is allowed %s', ([, statements]) => {
    expect(judge(check, role(statements)).status).toBe('PASSED');
  });

  describe('what takes rights away', () => {
    test('PASSED when a Deny without conditions covers it', () => {
      const denial = { Effect: 'Deny', Action: '*', Resource: '*' };

      expect(judge(check, role([...worst, denial])).status).toBe('PASSED');
    });

    test('FAILED all the same when the Deny has conditions', () => {
      const denial = {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      };

      expect(judge(check, role([...worst, denial])).status).toBe('FAILED');
    });

    test('PASSED within a permissions boundary that does not allow it', () => {
      const boundary = inlinePolicy(on('arn:aws:s3:::my-app-config/*', 's3:GetObject'));

      expect(judge(check, role(worst, { permissionsBoundary: known(boundary) })).status).toBe('PASSED');
    });

    test.for(fails)('FAILED within a boundary that allows everything, for %s', ([, statements]) => {
      const boundary = inlinePolicy(on('*', '*'));

      expect(judge(check, role(statements, { permissionsBoundary: known(boundary) })).status).toBe('FAILED');
    });
  });

  test('UNKNOWN when only statements with conditions allow it', () => {
    const statements = worst.map((one) => ({
      ...one,
      Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    }));

    expect(judge(check, role(statements)).unknown?.kind).toBe('undecidable');
  });

  test.for([
    ['the list of policies', { policies: denied('iam:ListAttachedRolePolicies') }],
    [
      'a document',
      { policies: known([{ kind: 'managed' as const, name: 'app', document: denied('iam:GetPolicyVersion') }]) },
    ],
    ['who uses the role', { uses: undecidable('A trust policy does not say who uses the role.') }],
  ] as const)('UNKNOWN when %s could not be read', ([, change]) => {
    expect(judge(check, role(worst, change)).status).toBe('UNKNOWN');
  });

  test('UNKNOWN for a role of others when somebody who may use it as well could not be asked', () => {
    const others = known([users === 'pods' ? TASK_USE : SERVICE_ACCOUNT_USE]);
    const usesListed = denied('kubernetes:list serviceaccounts');

    expect(judge(check, role(worst, { uses: others })).status).toBe('NOT_APPLICABLE');
    expect(judge(check, role(worst, { uses: others, usesListed })).status).toBe('UNKNOWN');
    expect(judge(check, role(worst, { usesListed })).status).toBe('FAILED');
  });

  test('UNKNOWN when the boundary could not be read and matters; PASSED when it cannot', () => {
    const permissionsBoundary = denied('iam:GetPolicyVersion');

    expect(judge(check, role(worst, { permissionsBoundary })).status).toBe('UNKNOWN');
    expect(judge(check, iamRole({ uses: known([use]), permissionsBoundary })).status).toBe('PASSED');
  });

  test('NOT_APPLICABLE to a role that others use', () => {
    const other = users === 'pods' ? TASK_USE : SERVICE_ACCOUNT_USE;

    expect(judge(check, role(worst, { uses: known([other]) })).status).toBe('NOT_APPLICABLE');
  });
}
