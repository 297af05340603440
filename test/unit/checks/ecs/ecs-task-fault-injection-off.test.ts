import { expect, test } from 'vitest';
import { ecsTaskFaultInjectionOff as check } from '#shared/checks/ecs/ecs-task-fault-injection-off.ts';
import { known } from '#shared/domain/observed.ts';
import { familyWith, revision, taskDefinitionFamily, undescribedFamily } from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when it is off or not set, which is off', () => {
  expect(judge(check, taskDefinitionFamily()).status).toBe('PASSED');
  expect(judge(check, familyWith({}, { enableFaultInjection: false })).status).toBe('PASSED');
});

test('FAILED when it is on', () => {
  expect(judge(check, familyWith({}, { enableFaultInjection: true }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'the task accepts fault injection',
    evidence: [{ path: 'enableFaultInjection', observed: true, expected: false }],
  });
});

test('NOT_APPLICABLE when no revision is active and nothing runs', () => {
  const family = { ...taskDefinitionFamily(revision(), []), latestActive: known(null) };

  expect(judge(check, family).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
