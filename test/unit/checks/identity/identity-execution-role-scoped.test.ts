import { expect, test } from 'vitest';
import { identityExecutionRoleScoped as check } from '#shared/checks/identity/identity-execution-role-scoped.ts';
import type { RoleUse } from '#shared/collectors/iam/model.ts';
import { known } from '#shared/domain/observed.ts';
import { iamRole, inlinePolicy } from '#test/factories/iam.ts';
import { denied, judge } from '#test/support/judge.ts';

const EXECUTION: RoleUse = { use: 'ecs-execution', user: 'arn:aws:ecs:us-east-1:111122223333:task-definition/shop' };
const execution = (...statements: readonly object[]) =>
  judge(check, iamRole({ uses: known([EXECUTION]), policies: known([inlinePolicy(...statements)]) }));
const allow = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });

test('PASSED when the role names the secrets it reads', () => {
  const secret = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-AbCdEf';

  expect(execution(allow('secretsmanager:GetSecretValue', secret)).status).toBe('PASSED');
});

test('PASSED when the role pulls images and writes logs, on every resource as AWS asks', () => {
  expect(execution(allow('ecr:GetAuthorizationToken', '*'), allow('logs:PutLogEvents', '*')).status).toBe('PASSED');
});

test.for([
  ['every secret', allow('secretsmanager:GetSecretValue', '*')],
  ['every parameter', allow('ssm:GetParameters', 'arn:aws:ssm:us-east-1:111122223333:parameter/*')],
  ['with every key', allow('kms:Decrypt', '*')],
  ['a whole service', allow('secretsmanager:*', '*')],
] as const)('FAILED when the role may read %s', ([, statement]) => {
  const finding = execution(statement);

  expect(finding).toMatchObject({ status: 'FAILED', reason: 'the role may read every secret' });
  expect(finding.evidence[0]?.path).toBe('policies.app: Statement[0]');
});

test('UNKNOWN when its policies could not be read', () => {
  const policies = denied('iam:GetAccountAuthorizationDetails');

  expect(judge(check, iamRole({ uses: known([EXECUTION]), policies })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE to a role that is no execution role', () => {
  expect(judge(check, iamRole()).status).toBe('NOT_APPLICABLE');
});
