import { expect, test } from 'vitest';
import { ecrRepositoryNoForeignPush as check } from '#shared/checks/ecr/ecr-repository-no-foreign-push.ts';
import { policy, repository } from '#test/factories/ecr.ts';
import { ACCOUNT } from '#test/factories/resource.ts';
import { denied, judge } from '#test/support/judge.ts';

const OTHER = '444455556666';
const PUSH = {
  Sid: 'Push',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${OTHER}:role/ci` },
  Action: ['ecr:PutImage', 'ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload'],
};

test('PASSED when the repository has no policy', () => {
  expect(judge(check, repository()).status).toBe('PASSED');
});

test.for([
  ['another account may only pull', { ...PUSH, Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] }],
  ['the own account may push', { ...PUSH, Principal: { AWS: ACCOUNT } }],
  [
    'everybody of the own account may push',
    {
      ...PUSH,
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': '${aws:ResourceAccount}' } },
    },
  ],
  ['a service may push', { ...PUSH, Principal: { Service: 'codebuild.amazonaws.com' } }],
] as const)('PASSED when %s', ([, statement]) => {
  expect(judge(check, repository({ policy: policy(statement) })).status).toBe('PASSED');
});

test('FAILED when another account may push', () => {
  expect(judge(check, repository({ policy: policy(PUSH) }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'a policy lets other accounts push images',
    evidence: [
      {
        path: 'policy.Statement[Push]',
        observed: { principal: `arn:aws:iam::${OTHER}:role/ci`, actions: ['ecr:PutImage'] },
      },
    ],
  });
});

test.for([
  ['a wildcard includes pushing', { ...PUSH, Action: 'ecr:*' }],
  ['NotAction leaves pushing allowed', { ...PUSH, Action: undefined, NotAction: 'ecr:DeleteRepository' }],
  ['the other account may write the policy', { ...PUSH, Action: 'ecr:SetRepositoryPolicy' }],
  ['everybody may push', { ...PUSH, Principal: '*' }],
  [
    'a whole organization may push',
    {
      ...PUSH,
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    },
  ],
] as const)('FAILED when %s', ([, statement]) => {
  expect(judge(check, repository({ policy: policy(statement) })).status).toBe('FAILED');
});

test('FAILED when the registry policy lets another account push', () => {
  const registryPolicy = policy({ ...PUSH, Resource: '*' });

  expect(judge(check, repository({ registryPolicy }))).toMatchObject({
    status: 'FAILED',
    evidence: [{ path: 'registryPolicy.Statement[Push]' }],
  });
});

test('PASSED when the account, or the organization, is trusted', () => {
  const organization = policy({
    ...PUSH,
    Principal: '*',
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
  });

  expect(judge(check, repository({ policy: policy(PUSH) }), { parameters: { trustedAccounts: [OTHER] } }).status).toBe(
    'PASSED',
  );
  expect(
    judge(check, repository({ policy: organization }), { parameters: { trustedOrganizations: ['o-a1b2c3d4e5'] } })
      .status,
  ).toBe('PASSED');
});

test('PASSED when a Deny takes the push away again', () => {
  const denial = { Effect: 'Deny', Principal: { AWS: OTHER }, Action: 'ecr:*' };

  expect(judge(check, repository({ policy: policy(PUSH, denial) })).status).toBe('PASSED');
});

test('UNKNOWN when a policy could not be read and the other proves nothing', () => {
  expect(judge(check, repository({ policy: denied('ecr:GetRepositoryPolicy') })).status).toBe('UNKNOWN');
  expect(judge(check, repository({ registryPolicy: denied('ecr:GetRegistryPolicy') })).status).toBe('UNKNOWN');
});
