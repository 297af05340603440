import { expect, test } from 'vitest';
import { identityTaskRoleTrustScoped as check } from '#shared/checks/identity/identity-task-role-trust-scoped.ts';
import { iamRole, roleTrusting } from '#test/factories/iam.ts';
import { denied, judge } from '#test/support/judge.ts';

const ecs = (condition?: object) =>
  judge(
    check,
    roleTrusting({
      Effect: 'Allow',
      Principal: { Service: 'ecs-tasks.amazonaws.com' },
      Action: 'sts:AssumeRole',
      ...(condition === undefined ? {} : { Condition: condition }),
    }),
  );

test.for([
  { StringEquals: { 'aws:SourceAccount': '111122223333' } },
  { ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:us-east-1:111122223333:*' } },
])('PASSED when the trust names the source: %o', (condition) => {
  expect(ecs(condition).status).toBe('PASSED');
});

test.for([
  ['there is no condition', undefined],
  ['the condition is true without a source', { StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' } }],
  ['every account matches', { StringLike: { 'aws:SourceAccount': '*' } }],
  ['sources of every account match', { ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:*:*:*' } }],
  ['the condition is about something else', { Bool: { 'aws:SecureTransport': 'true' } }],
] as const)('FAILED when %s', ([, condition]) => {
  expect(ecs(condition)).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    evidence: [{ path: 'trustPolicy.Statement[0].Condition' }],
  });
});

test('UNKNOWN when the trust policy could not be read', () => {
  const trustPolicy = denied('iam:GetAccountAuthorizationDetails');

  expect(judge(check, iamRole({ trustPolicy })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE to a role that does not trust ECS tasks', () => {
  expect(judge(check, iamRole()).status).toBe('NOT_APPLICABLE');
});
