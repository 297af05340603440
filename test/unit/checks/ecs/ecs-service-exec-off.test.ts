import { expect, test } from 'vitest';
import { ecsServiceExecOff as check } from '#shared/checks/ecs/ecs-service-exec-off.ts';
import { ecsService } from '#test/factories/ecs-services.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when ECS Exec is off', () => {
  expect(judge(check, ecsService()).status).toBe('PASSED');
});

test('FAILED when ECS Exec is on', () => {
  expect(judge(check, ecsService({ enableExecuteCommand: true }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'ECS Exec is switched on',
    evidence: [{ path: 'enableExecuteCommand', observed: true, expected: false }],
  });
});
