import { expect, test } from 'vitest';
import { ecsCapacityProviderManagedTermination as check } from '#shared/checks/ecs/ecs-capacity-provider-managed-termination.ts';
import { capacityProvider, without } from '#test/factories/ecs-services.ts';
import { judge } from '#test/support/judge.ts';

const withProtection = (autoScalingGroup: object) => capacityProvider({ autoScalingGroup });

test('PASSED when managed termination protection is on', () => {
  expect(judge(check, capacityProvider()).status).toBe('PASSED');
});

test('FAILED when it is off, and when it is absent, which is the default', () => {
  const off = {
    status: 'FAILED',
    severity: 'INFORMATIONAL',
    reason: 'managed termination protection is off',
    evidence: [{ path: 'autoScalingGroupProvider.managedTerminationProtection', expected: 'ENABLED' }],
  };

  expect(judge(check, withProtection({ managedTerminationProtection: 'DISABLED' }))).toMatchObject(off);
  expect(judge(check, withProtection({}))).toMatchObject(off);
});

test('UNKNOWN on a value that does not exist yet', () => {
  expect(judge(check, withProtection({ managedTerminationProtection: 'PARTIAL' })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE to Fargate and managed instances providers', () => {
  expect(judge(check, without(capacityProvider(), 'autoScalingGroup')).status).toBe('NOT_APPLICABLE');
});
