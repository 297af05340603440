import { expect, test } from 'vitest';
import { ecrRepositoryNotPublic as check } from '#shared/checks/ecr/ecr-repository-not-public.ts';
import { policy, REPOSITORY_ARN, repository } from '#test/factories/ecr.ts';
import { denied, judge } from '#test/support/judge.ts';

const EVERYBODY = { Sid: 'Open', Effect: 'Allow', Principal: '*', Action: ['ecr:BatchGetImage'] };

test('PASSED when the repository has no policy: it is private by default (T32)', () => {
  expect(judge(check, repository()).status).toBe('PASSED');
});

test('FAILED when the repository policy lets everybody in', () => {
  expect(judge(check, repository({ policy: policy(EVERYBODY) }))).toMatchObject({
    status: 'FAILED',
    severity: 'CRITICAL',
    reason: 'the repository policy lets everybody in',
    evidence: [{ path: 'policy.Statement[Open]', observed: { principal: '*', actions: ['ecr:BatchGetImage'] } }],
  });
});

test('FAILED as CRITICAL also when nothing runs from the repository: images leak all the same', () => {
  expect(judge(check, repository({ policy: policy(EVERYBODY), inUse: 'no' })).severity).toBe('CRITICAL');
});

test('FAILED when the registry policy lets everybody in (T33), rated like the registry finding it points to', () => {
  const registryPolicy = policy({ ...EVERYBODY, Resource: '*' });

  const finding = judge(check, repository({ registryPolicy }));

  expect(finding).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'the registry policy lets everybody in',
    evidence: [{ path: 'registryPolicy.Statement[Open]' }],
  });
  expect(finding.severityReason).toContain('ecr-registry-policy-not-public');
});

test('PASSED when the public statement of the registry is about other repositories', () => {
  const registryPolicy = policy({ ...EVERYBODY, Resource: `${REPOSITORY_ARN}-other` });

  expect(judge(check, repository({ registryPolicy })).status).toBe('PASSED');
});

test('PASSED when the registry policy denies what the repository policy allows (T33)', () => {
  const registryPolicy = policy({ Effect: 'Deny', Principal: '*', Action: 'ecr:*', Resource: '*' });

  expect(judge(check, repository({ policy: policy(EVERYBODY), registryPolicy })).status).toBe('PASSED');
});

test.for([
  ['exact organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }, 'PASSED'],
  ['endpoint', { StringEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } }, 'PASSED'],
  ['organization with a wildcard', { StringLike: { 'aws:PrincipalOrgID': 'o-*' } }, 'FAILED'],
  ['IfExists', { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }, 'FAILED'],
  ['empty', {}, 'FAILED'],
] as const)('T33: everybody with the condition "%s"', ([, Condition, expected]) => {
  expect(judge(check, repository({ policy: policy({ ...EVERYBODY, Condition }) })).status).toBe(expected);
});

test('FAILED although the registry policy could not be read', () => {
  const registryPolicy = denied('ecr:GetRegistryPolicy');

  expect(judge(check, repository({ policy: policy(EVERYBODY), registryPolicy })).status).toBe('FAILED');
});

test.for([
  ['repository policy', { policy: denied('ecr:GetRepositoryPolicy') }],
  ['registry policy', { registryPolicy: denied('ecr:GetRegistryPolicy') }],
] as const)('UNKNOWN when the %s could not be read', ([, field]) => {
  expect(judge(check, repository(field)).status).toBe('UNKNOWN');
});
