import { expect, test } from 'vitest';
import { ecrRegistryPolicyNotPublic as check } from '#shared/checks/ecr/ecr-registry-policy-not-public.ts';
import { policy, registry } from '#test/factories/ecr.ts';
import { denied, judge } from '#test/support/judge.ts';

const EVERYBODY = {
  Sid: 'Open',
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: 'ecr:ReplicateImage',
  Resource: '*',
};

test('PASSED when the registry has no policy', () => {
  expect(judge(check, registry())).toMatchObject({ status: 'PASSED', reason: 'the registry has no policy' });
});

test('PASSED when every statement names its principals', () => {
  const named = policy({ ...EVERYBODY, Principal: { AWS: 'arn:aws:iam::444455556666:root' } });

  expect(judge(check, registry({ policy: named })).status).toBe('PASSED');
});

test('PASSED when a condition restricts everybody to one organization (T33)', () => {
  const Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };

  expect(judge(check, registry({ policy: policy({ ...EVERYBODY, Condition }) })).status).toBe('PASSED');
});

test('FAILED when a statement lets everybody in (T33: {"AWS": "*"} is everybody)', () => {
  expect(judge(check, registry({ policy: policy(EVERYBODY) }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'the registry policy lets everybody in',
    evidence: [{ path: 'policy.Statement[Open]', observed: { principal: '*', actions: ['ecr:ReplicateImage'] } }],
  });
});

test('FAILED when the condition only looks like a restriction (T33)', () => {
  const Condition = { StringLike: { 'aws:PrincipalOrgID': 'o-*' } };

  expect(judge(check, registry({ policy: policy({ ...EVERYBODY, Condition }) })).status).toBe('FAILED');
});

test('UNKNOWN when the policy could not be read', () => {
  expect(judge(check, registry({ policy: denied('ecr:GetRegistryPolicy') })).status).toBe('UNKNOWN');
});
