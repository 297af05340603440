import { expect, test } from 'vitest';
import { ecsTasksetNoPublicIp as check } from '#shared/checks/ecs/ecs-taskset-no-public-ip.ts';
import { taskSet, without } from '#test/factories/ecs-services.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when public addresses are disabled', () => {
  expect(judge(check, taskSet()).status).toBe('PASSED');
});

test('PASSED when assignPublicIp is absent (T19: the default is DISABLED)', () => {
  expect(judge(check, without(taskSet(), 'assignPublicIp')).status).toBe('PASSED');
});

test('FAILED when tasks get a public address', () => {
  expect(judge(check, taskSet({ assignPublicIp: 'ENABLED' }))).toMatchObject({
    status: 'FAILED',
    reason: 'tasks get a public IP address',
    evidence: [{ observed: 'ENABLED', expected: 'DISABLED' }],
  });
});

test('UNKNOWN on a value that does not exist yet', () => {
  expect(judge(check, taskSet({ assignPublicIp: 'IPV6_ONLY' })).status).toBe('UNKNOWN');
});
