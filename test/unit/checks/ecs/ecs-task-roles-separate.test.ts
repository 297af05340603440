import { expect, test } from 'vitest';
import { ecsTaskRolesSeparate as check } from '#shared/checks/ecs/ecs-task-roles-separate.ts';
import { known } from '#shared/domain/observed.ts';
import { familyWith, revision, taskDefinitionFamily, undescribedFamily, without } from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

const ROLE = 'arn:aws:iam::111122223333:role/ecs/shared';

test('PASSED when the roles differ', () => {
  expect(judge(check, taskDefinitionFamily()).status).toBe('PASSED');
});

test.for(['taskRoleArn', 'executionRoleArn'] as const)('PASSED when %s is not set', (role) => {
  expect(judge(check, taskDefinitionFamily(without(revision(), role))).status).toBe('PASSED');
});

test.for([
  [ROLE, ROLE],
  ['shared', ROLE],
  ['shared', 'shared'],
])('FAILED for the task role %s and the execution role %s', ([taskRoleArn, executionRoleArn]) => {
  const roles = { taskRoleArn: taskRoleArn as string, executionRoleArn: executionRoleArn as string };

  expect(judge(check, familyWith({}, roles))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'the task role is the execution role',
    evidence: [{ path: 'taskRoleArn', observed: taskRoleArn }],
  });
});

test('NOT_APPLICABLE when no revision is active and nothing runs', () => {
  const family = { ...taskDefinitionFamily(revision(), []), latestActive: known(null) };

  expect(judge(check, family).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
