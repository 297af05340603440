import { expect, test } from 'vitest';
import { identityAnnotationResolves as check } from '#shared/checks/identity/identity-annotation-resolves.ts';
import { known } from '#shared/domain/observed.ts';
import { ISSUER, iamRole, roleTrusting, SERVICE_ACCOUNT_USE, trustStatement } from '#test/factories/iam.ts';
import { denied, judge } from '#test/support/judge.ts';

const sub = `${ISSUER}:sub`;

test('PASSED when the role exists and trusts the account that names it', () => {
  expect(judge(check, iamRole()).status).toBe('PASSED');
});

test.for([
  ['StringLike', { StringLike: { [sub]: 'system:serviceaccount:shop:*' } }],
  ['no condition at all, which is the finding of another check', null],
] as const)('PASSED when the role trusts the account by %s', ([, condition]) => {
  expect(judge(check, roleTrusting(trustStatement(condition))).status).toBe('PASSED');
});

test('FAILED when the role does not exist, naming the account', () => {
  expect(judge(check, iamRole({ exists: known(false) }))).toMatchObject({
    status: 'FAILED',
    reason: 'a service account names a role that does not exist',
    evidence: [{ path: 'uses[shop/shop]' }],
  });
});

test.for([
  ['another subject', { StringEquals: { [sub]: 'system:serviceaccount:shop:other' } }, {}],
  ['a literal wildcard', { StringEquals: { [sub]: 'system:serviceaccount:shop:*' } }, {}],
  [
    'another issuer',
    { StringEquals: { [sub]: 'system:serviceaccount:shop:shop' } },
    { issuer: 'oidc.eks.eu-west-1.amazonaws.com/id/OTHER' },
  ],
] as const)('FAILED when the role trusts %s', ([, condition, use]) => {
  const role = { ...roleTrusting(trustStatement(condition)), uses: known([{ ...SERVICE_ACCOUNT_USE, ...use }]) };

  expect(judge(check, role)).toMatchObject({
    status: 'FAILED',
    reason: 'a service account names a role that does not trust it',
  });
});

test.for([
  ['whether the role exists', { exists: denied('iam:GetAccountAuthorizationDetails') }],
  ['its trust policy', { trustPolicy: denied('iam:GetAccountAuthorizationDetails') }],
  ['who uses it', { uses: denied('kubernetes:list serviceaccounts') }],
] as const)('UNKNOWN when %s could not be read', ([, change]) => {
  expect(judge(check, iamRole(change)).status).toBe('UNKNOWN');
});

test('UNKNOWN when it is not known whose tokens its cluster gives out', () => {
  const { issuer: _, ...use } = SERVICE_ACCOUNT_USE;

  expect(judge(check, iamRole({ uses: known([use]) })).unknown?.kind).toBe('undecidable');
});

test('NOT_APPLICABLE when no service account names the role', () => {
  expect(judge(check, iamRole({ uses: known([]) })).status).toBe('NOT_APPLICABLE');
});
