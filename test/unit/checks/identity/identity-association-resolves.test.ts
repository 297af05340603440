import { expect, test } from 'vitest';
import { identityAssociationResolves as check } from '#shared/checks/identity/identity-association-resolves.ts';
import type { IamRole, RoleUse } from '#shared/collectors/iam/model.ts';
import { known } from '#shared/domain/observed.ts';
import { iamRole, policyDocument, SERVICE_ACCOUNT_USE } from '#test/factories/iam.ts';
import { denied, judge } from '#test/support/judge.ts';

const { issuer: _, ...account } = SERVICE_ACCOUNT_USE;
const ASSOCIATION: RoleUse = { ...account, use: 'pod-identity', accountExists: true, disableSessionTags: false };
const trust = (condition?: object) =>
  known(
    policyDocument({
      Effect: 'Allow',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      ...(condition === undefined ? {} : { Condition: condition }),
    }),
  );
const associated = (use: Partial<RoleUse> = {}, role: Partial<IamRole> = {}) =>
  judge(check, iamRole({ trustPolicy: trust(), uses: known([{ ...ASSOCIATION, ...use }]), ...role }));
const tagged = trust({ StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'shop' } });

test('PASSED for an association with an account that exists; the trust needs no condition (T54)', () => {
  expect(associated().status).toBe('PASSED');
});

test.for([
  [
    'the account is default',
    { serviceAccount: 'default' },
    {},
    'an association gives the role to a default service account',
  ],
  [
    'the account does not exist',
    { accountExists: false },
    {},
    'an association names a service account that does not exist',
  ],
  ['the role does not exist', {}, { exists: known(false) }, 'an association names a role that does not exist'],
  [
    'it sends no session tags and the role asks for them',
    { disableSessionTags: true },
    { trustPolicy: tagged },
    'an association sends no session tags, and the role asks for them',
  ],
] as const)('FAILED when %s', ([, use, role, reason]) => {
  expect(associated(use, role)).toMatchObject({ status: 'FAILED', reason });
});

test('PASSED when it sends no session tags and nobody asks for them', () => {
  expect(associated({ disableSessionTags: true }).status).toBe('PASSED');
});

test('UNKNOWN when the inside of the cluster was not seen', () => {
  const { accountExists: __, ...unseen } = ASSOCIATION;

  expect(judge(check, iamRole({ trustPolicy: trust(), uses: known([unseen]) })).unknown?.kind).toBe('undecidable');
});

test('UNKNOWN without session tags when the trust could not be read', () => {
  const trustPolicy = denied('iam:GetAccountAuthorizationDetails');

  expect(associated({ disableSessionTags: true }, { trustPolicy }).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE to a role that no association names', () => {
  expect(judge(check, iamRole()).status).toBe('NOT_APPLICABLE');
});
