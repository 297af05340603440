import { expect, test } from 'vitest';
import { ecsClusterContainerInsightsEnabled as check } from '#shared/checks/ecs/ecs-cluster-container-insights-enabled.ts';
import { ecsCluster, without } from '#test/factories/ecs-services.ts';
import { judge } from '#test/support/judge.ts';

test.for([['enabled'], ['enhanced']])('PASSED when Container Insights is %s (D6)', ([containerInsights]) => {
  expect(judge(check, ecsCluster({ containerInsights: containerInsights as string })).status).toBe('PASSED');
});

test('FAILED when Container Insights is off, and when it was never set', () => {
  const off = {
    status: 'FAILED',
    severity: 'LOW',
    reason: 'Container Insights is off',
    evidence: [{ path: 'settings[containerInsights]', expected: 'enabled' }],
  };

  expect(judge(check, ecsCluster({ containerInsights: 'disabled' }))).toMatchObject(off);
  expect(judge(check, without(ecsCluster(), 'containerInsights'))).toMatchObject(off);
});

test('UNKNOWN on a value that does not exist yet', () => {
  expect(judge(check, ecsCluster({ containerInsights: 'adaptive' })).unknown).toMatchObject({ kind: 'undecidable' });
});
