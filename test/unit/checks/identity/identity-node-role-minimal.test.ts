import { expect, test } from 'vitest';
import { identityNodeRoleMinimal as check } from '#shared/checks/identity/identity-node-role-minimal.ts';
import type { IamRole, RolePolicy } from '#shared/collectors/iam/model.ts';
import { known } from '#shared/domain/observed.ts';
import { iamRole, inlinePolicy, policyDocument } from '#test/factories/iam.ts';
import { denied, judge } from '#test/support/judge.ts';

const managed = (name: string, owner = 'aws'): RolePolicy => ({
  kind: 'managed',
  name,
  arn: `arn:aws:iam::${owner}:policy/${name}`,
  document: known(policyDocument()),
});
const WORKER = [managed('AmazonEKSWorkerNodePolicy'), managed('AmazonEC2ContainerRegistryPullOnly')];
const node = (change: Partial<IamRole> = {}) =>
  iamRole({
    uses: known([{ use: 'eks-node', user: 'arn:of:nodegroup' }]),
    policies: known(WORKER),
    ...change,
  });

test('PASSED for a role with the policies of a worker node', () => {
  expect(judge(check, node()).status).toBe('PASSED');
});

test.for([
  ['an AWS policy of another kind', managed('AmazonS3FullAccess')],
  ['a policy of the own account', managed('app', '111122223333')],
  ['a policy of the own account with the name of one of AWS', managed('AmazonEKSWorkerNodePolicy', '111122223333')],
  ['an inline policy', inlinePolicy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })],
] as const)('FAILED with %s', ([, further]) => {
  expect(judge(check, node({ policies: known([...WORKER, further]) }))).toMatchObject({
    status: 'FAILED',
    reason: 'the role holds more than nodes need',
    evidence: [{ path: `policies[${further.name}]`, observed: `${further.kind} policy` }],
  });
});

test('PASSED with a further policy that the parameter allows', () => {
  const role = node({ policies: known([...WORKER, managed('logs', '111122223333')]) });

  expect(judge(check, role, { parameters: { allowedPolicies: ['logs'] } }).status).toBe('PASSED');
});

test('the role of ECS container instances is judged as well', () => {
  const uses = known([{ use: 'ecs-instance' as const, user: 'arn:of:cluster' }]);

  expect(judge(check, node({ uses, policies: known([managed('AdministratorAccess')]) })).status).toBe('FAILED');
});

test('UNKNOWN when its policies could not be read', () => {
  expect(judge(check, node({ policies: denied('iam:GetAccountAuthorizationDetails') })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE to a role that no node uses, and to one that does not exist', () => {
  expect(judge(check, iamRole()).status).toBe('NOT_APPLICABLE');
  expect(judge(check, node({ exists: known(false) })).status).toBe('NOT_APPLICABLE');
});
