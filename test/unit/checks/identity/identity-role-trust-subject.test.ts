import { describe, expect, test } from 'vitest';
import { identityRoleTrustSubject as check } from '#shared/checks/identity/identity-role-trust-subject.ts';
import {
  GOOD_CONDITION,
  ISSUER,
  iamRole,
  OIDC_PROVIDER_ARN,
  roleTrusting,
  SUBJECT,
  trustStatement,
} from '#test/factories/iam.ts';
import { denied, judge } from '#test/support/judge.ts';

const sub = `${ISSUER}:sub`;
const judgeCondition = (condition: object | null) => judge(check, roleTrusting(trustStatement(condition)));
const OTHER = 'oidc.eks.eu-west-1.amazonaws.com/id/FFFFD539D4633E53DE1B71EXAMPLE';

test('PASSED when one service account is named', () => {
  expect(judge(check, iamRole()).status).toBe('PASSED');
});

describe('without a condition on the subject (T47)', () => {
  test.for([
    ['there is no condition at all', null],
    ['only the audience is asked for', { StringEquals: { [`${ISSUER}:aud`]: 'sts.amazonaws.com' } }],
  ] as const)('FAILED when %s', ([, condition]) => {
    expect(judgeCondition(condition)).toMatchObject({
      status: 'FAILED',
      severity: 'CRITICAL',
      reason: 'every service account of the cluster can assume the role',
      evidence: [{ path: 'trustPolicy.Statement[0].Condition', observed: 'no condition on the subject' }],
    });
  });
});

describe('wildcards (T48)', () => {
  test('PASSED when StringLike has none: it equals StringEquals', () => {
    expect(judgeCondition({ StringLike: { [sub]: SUBJECT } }).status).toBe('PASSED');
  });

  test.for([
    'system:serviceaccount:*:*',
    'system:serviceaccount:*:shop',
    'system:serviceaccount:prod-*:shop',
    'system:serviceaccount:sho?:shop',
    'system:*',
    '*',
  ])('FAILED when StringLike lets every namespace in: %s', (pattern) => {
    expect(judgeCondition({ StringLike: { [sub]: pattern } })).toMatchObject({
      status: 'FAILED',
      severity: 'CRITICAL',
      reason: 'service accounts of every namespace can assume the role',
    });
  });

  test.for(['system:serviceaccount:shop:*', 'system:serviceaccount:shop:app-*'])('FAILED at LOW for %s', (pattern) => {
    expect(judgeCondition({ StringLike: { [sub]: pattern } })).toMatchObject({ status: 'FAILED', severity: 'LOW' });
  });

  test('FAILED at LOW as broken under StringEquals, where an asterisk is an asterisk', () => {
    expect(judgeCondition({ StringEquals: { [sub]: 'system:serviceaccount:shop:*' } })).toMatchObject({
      status: 'FAILED',
      severity: 'LOW',
      reason: 'no service account can assume the role',
    });
  });

  test.for([
    [`\${${sub}}`, 'CRITICAL'],
    ['system:serviceaccount:${aws:PrincipalTag/namespace}:shop', 'CRITICAL'],
    ['system:serviceaccount:shop:${aws:PrincipalTag/name}', 'LOW'],
  ] as const)('a variable stands for whatever the request says: %s', ([value, severity]) => {
    const finding = judgeCondition({ StringEquals: { [sub]: value } });

    expect(finding).toMatchObject({ status: 'FAILED', severity, reason: expect.stringContaining('can assume') });
    expect(finding.reason).not.toContain('no service account');
  });

  test('but an escaped asterisk is an asterisk', () => {
    expect(judgeCondition({ StringLike: { [sub]: 'system:serviceaccount:shop:${*}' } }).reason).toBe(
      'no service account can assume the role',
    );
  });

  test('the widest value of a list counts', () => {
    expect(judgeCondition({ StringLike: { [sub]: [SUBJECT, 'system:serviceaccount:*:shop'] } }).severity).toBe(
      'CRITICAL',
    );
  });
});

describe('what lets a missing subject through (T49)', () => {
  test.for([
    ['ForAllValues', { 'ForAllValues:StringEquals': { [sub]: SUBJECT } }],
    ['IfExists', { StringEqualsIfExists: { [sub]: SUBJECT } }],
    ['Null', { Null: { [sub]: 'true' } }],
    ['a negation', { StringNotEquals: { [sub]: 'system:serviceaccount:shop:other' } }],
  ] as const)('FAILED with %s, as if there were no condition', ([, condition]) => {
    expect(judgeCondition(condition)).toMatchObject({
      status: 'FAILED',
      severity: 'CRITICAL',
      reason: 'every service account of the cluster can assume the role',
    });
  });

  test('PASSED with ForAnyValue, which needs the subject', () => {
    expect(judgeCondition({ 'ForAnyValue:StringEquals': { [sub]: SUBJECT } }).status).toBe('PASSED');
  });
});

describe('issuers (T51, T52)', () => {
  test('FAILED at LOW as broken when the subject of another issuer is asked for', () => {
    expect(judgeCondition({ StringEquals: { [`${OTHER}:sub`]: SUBJECT } })).toMatchObject({
      severity: 'LOW',
      reason: 'no service account can assume the role',
    });
  });

  test('FAILED at LOW as broken when one block asks for two issuers: both must hold', () => {
    const condition = { StringEquals: { [sub]: SUBJECT, [`${OTHER}:sub`]: SUBJECT } };

    expect(judgeCondition(condition).severity).toBe('LOW');
  });

  test('FAILED as open when the only condition is on another issuer and true without it', () => {
    expect(judgeCondition({ 'ForAllValues:StringEquals': { [`${OTHER}:sub`]: SUBJECT } }).severity).toBe('CRITICAL');
  });

  test('the condition of one statement does not help another', () => {
    const role = roleTrusting(trustStatement(GOOD_CONDITION), trustStatement(null));

    expect(judge(check, role)).toMatchObject({
      severity: 'CRITICAL',
      evidence: [{ path: 'trustPolicy.Statement[1].Condition' }],
    });
  });

  test('PASSED whatever the case of operator and key, and with a list of values', () => {
    expect(judgeCondition({ stringequals: { [sub.toUpperCase()]: [SUBJECT] } }).status).toBe('PASSED');
  });

  test('PASSED for an issuer in China', () => {
    const issuer = 'oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLED539D4633E53DE1B71EXAMPLE';
    const Principal = { Federated: `arn:aws-cn:iam::111122223333:oidc-provider/${issuer}` };
    const statement = trustStatement({ StringEquals: { [`${issuer}:sub`]: SUBJECT } }, { Principal });

    expect(judge(check, roleTrusting(statement)).status).toBe('PASSED');
  });

  test.for([
    'oidc-eks.eu-west-1.api.aws/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
    'oidc-eks.cn-north-1.api.amazonwebservices.com.cn/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
  ])('judged as others when the issuer has its dual-stack name: %s', (issuer) => {
    const Principal = { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` };
    const judgeDual = (condition: object | null) =>
      judge(check, roleTrusting(trustStatement(condition, { Principal })));

    expect(judgeDual(null)).toMatchObject({ status: 'FAILED', severity: 'CRITICAL' });
    expect(judgeDual({ StringEquals: { [`${issuer}:sub`]: SUBJECT } }).status).toBe('PASSED');
  });

  test('no trust is called stale because its issuer is of no cluster of this account: PASSED (T53)', () => {
    const Principal = { Federated: `arn:aws:iam::111122223333:oidc-provider/${OTHER}` };
    const role = roleTrusting(trustStatement({ StringEquals: { [`${OTHER}:sub`]: SUBJECT } }, { Principal }));

    expect(judge(check, role)).toMatchObject({ status: 'PASSED' });
  });

  test('FAILED when all are let in but those named', () => {
    const statement = trustStatement(null, { Principal: undefined, NotPrincipal: { AWS: '111122223333' } });

    expect(judge(check, roleTrusting(statement)).severity).toBe('CRITICAL');
  });

  test('FAILED when every provider is let in', () => {
    const statement = trustStatement({ StringEquals: { [sub]: SUBJECT } }, { Principal: '*' });

    expect(judge(check, roleTrusting(statement)).severity).toBe('CRITICAL');
  });
});

test('PASSED when a Deny keeps everybody else out', () => {
  const denial = {
    Effect: 'Deny',
    Principal: { Federated: OIDC_PROVIDER_ARN },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringNotEquals: { [sub]: SUBJECT } },
  };

  expect(judge(check, roleTrusting(trustStatement(null), denial)).status).toBe('PASSED');
});

test('UNKNOWN when the trust policy could not be read', () => {
  expect(judge(check, iamRole({ trustPolicy: denied('iam:GetRole') })).unknown).toMatchObject({
    missingPermission: 'iam:GetRole',
  });
});

test('NOT_APPLICABLE to a role of Pod Identity, whose trust has no such condition (T54)', () => {
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'pods.eks.amazonaws.com' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
  };

  expect(judge(check, roleTrusting(statement)).status).toBe('NOT_APPLICABLE');
});
