import { expect, test } from 'vitest';
import { workloadResourcesLimited as check } from '#shared/checks/workload/workload-resources-limited.ts';
import { podContainer, workloadOf, workloadWith } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

const REQUESTED = { requests: { cpu: '250m', memory: '64Mi' }, limits: {} };

test('PASSED when memory is limited', () => {
  expect(judge(check, workloadWith({ resources: { requests: {}, limits: { memory: '64Mi' } } })).status).toBe('PASSED');
});

test('PASSED when the pod is limited as a whole', () => {
  const containers = [podContainer({ resources: REQUESTED })];
  const resources = { requests: {}, limits: { memory: '1Gi' } };

  expect(judge(check, workloadOf({ containers, resources })).status).toBe('PASSED');
});

test('FAILED when memory is only requested', () => {
  expect(judge(check, workloadWith({ resources: REQUESTED }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'memory is not limited',
    evidence: [{ path: 'spec.containers[0].resources.limits.memory', observed: null, expected: 'an amount' }],
  });
});

test('FAILED for a CPU without a limit only where the parameter asks for one', () => {
  const workload = workloadWith({ resources: { requests: {}, limits: { memory: '64Mi' } } });

  expect(judge(check, workload, { parameters: { requireCpu: true } })).toMatchObject({
    status: 'FAILED',
    reason: 'CPU is not limited',
  });
});

test('UNKNOWN when the limit is no quantity', () => {
  expect(judge(check, workloadWith({ resources: { requests: {}, limits: { memory: 'much' } } })).status).toBe(
    'UNKNOWN',
  );
});
