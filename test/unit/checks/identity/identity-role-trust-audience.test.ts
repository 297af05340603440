import { expect, test } from 'vitest';
import { identityRoleTrustAudience as check } from '#shared/checks/identity/identity-role-trust-audience.ts';
import { ISSUER, iamRole, roleTrusting, SUBJECT, trustStatement } from '#test/factories/iam.ts';
import { denied, judge } from '#test/support/judge.ts';

const aud = `${ISSUER}:aud`;
const subject = { [`${ISSUER}:sub`]: SUBJECT };
const judgeCondition = (condition: object) => judge(check, roleTrusting(trustStatement(condition)));

test('PASSED when the audience of STS is asked for', () => {
  expect(judge(check, iamRole()).status).toBe('PASSED');
});

test('FAILED at MEDIUM, not worse, without a condition on the audience: the provider limits it as well (T50)', () => {
  expect(judgeCondition({ StringEquals: subject })).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'tokens for every audience open the role',
    evidence: [{ path: 'trustPolicy.Statement[0].Condition', observed: 'no condition on the audience' }],
  });
});

test.for([
  ['the condition is true without an audience (T49)', { StringEqualsIfExists: { [aud]: 'sts.amazonaws.com' } }],
  ['another audience is accepted as well', { StringEquals: { [aud]: ['sts.amazonaws.com', 'vault'] } }],
  ['a wildcard is accepted', { StringLike: { [aud]: '*' } }],
] as const)('FAILED when %s', ([, condition]) => {
  expect(judgeCondition({ ...condition }).status).toBe('FAILED');
});

test('FAILED at LOW as broken when the audience is a literal wildcard (T48)', () => {
  expect(judgeCondition({ StringEquals: { [aud]: 'sts.*' } })).toMatchObject({ status: 'FAILED', severity: 'LOW' });
});

test('PASSED with StringLike without wildcards (T48)', () => {
  expect(judgeCondition({ StringLike: { [aud]: 'sts.amazonaws.com' } }).status).toBe('PASSED');
});

test('UNKNOWN when the trust policy could not be read', () => {
  expect(judge(check, iamRole({ trustPolicy: denied('iam:GetRole') })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE to a role that an AWS service assumes', () => {
  const statement = { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' };

  expect(judge(check, roleTrusting(statement)).status).toBe('NOT_APPLICABLE');
});
