import { expect, test } from 'vitest';
import { identityRoleNotShared as check } from '#shared/checks/identity/identity-role-not-shared.ts';
import type { RoleUse } from '#shared/collectors/iam/model.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { iamRole, SERVICE_ACCOUNT_USE } from '#test/factories/iam.ts';
import { denied, judge } from '#test/support/judge.ts';

const sharedWith = (...others: readonly Partial<RoleUse>[]) =>
  judge(
    check,
    iamRole({ uses: known([SERVICE_ACCOUNT_USE, ...others.map((other) => ({ ...SERVICE_ACCOUNT_USE, ...other }))]) }),
  );

test('PASSED for one service account', () => {
  expect(judge(check, iamRole()).status).toBe('PASSED');
});

test('PASSED for several accounts of one namespace, by annotation or association', () => {
  expect(sharedWith({ serviceAccount: 'other', use: 'pod-identity' }).status).toBe('PASSED');
});

test.for([
  ['another namespace', { namespace: 'basket' }],
  ['another cluster', { clusterArn: 'arn:aws:eks:us-east-1:111122223333:cluster/other' }],
] as const)('FAILED when an account of %s uses it as well', ([, other]) => {
  const finding = sharedWith(other);

  expect(finding.status).toBe('FAILED');
  expect(finding.evidence[0]?.observed).toHaveLength(2);
});

test('UNKNOWN when it is not known who uses the role', () => {
  expect(judge(check, iamRole({ uses: denied('kubernetes:list serviceaccounts') })).status).toBe('UNKNOWN');
});

const task = { use: 'ecs-task' as const, user: 'arn:aws:ecs:us-east-1:111122223333:task-definition/shop' };

test('UNKNOWN when a cluster whose accounts may use it as well could not be read', () => {
  const usesListed = denied('kubernetes:list serviceaccounts');

  expect(judge(check, iamRole({ usesListed })).status).toBe('UNKNOWN');
  expect(judge(check, iamRole({ usesListed, uses: known([task]) })).status).toBe('UNKNOWN');
});

test('judged by what a scan was asked to look at', () => {
  const usesListed = undecidable('EKS was not scanned.');

  expect(judge(check, iamRole({ usesListed })).status).toBe('PASSED');
  expect(judge(check, iamRole({ usesListed, uses: known([task]) })).status).toBe('NOT_APPLICABLE');
});

test('NOT_APPLICABLE to a role that no pod uses', () => {
  expect(judge(check, iamRole({ uses: known([task]) })).status).toBe('NOT_APPLICABLE');
});
