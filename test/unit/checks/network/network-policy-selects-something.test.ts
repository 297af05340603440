import { expect, test } from 'vitest';
import { networkPolicySelectsSomething as check } from '#shared/checks/network/network-policy-selects-something.ts';
import { known } from '#shared/domain/observed.ts';
import { kubernetesNetworkPolicy, networkPolicy } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED when a workload carries the labels', () => {
  expect(judge(check, kubernetesNetworkPolicy()).status).toBe('PASSED');
});

test('FAILED when the selector matches no workload, with the selector as evidence', () => {
  const policy = networkPolicy({ podSelector: { matchLabels: { app: 'shpo' }, matchExpressions: [] } });

  expect(judge(check, kubernetesNetworkPolicy({ policy, selects: known([]) }))).toMatchObject({
    status: 'FAILED',
    reason: 'the policy selects no workload',
    evidence: [{ path: 'spec.podSelector', observed: { matchLabels: { app: 'shpo' } } }],
  });
});

test('UNKNOWN when the pods could not be listed', () => {
  expect(judge(check, kubernetesNetworkPolicy({ selects: denied('kubernetes:list pods') })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE to an empty selector in an empty namespace: it waits for what will come (T74, T78)', () => {
  expect(judge(check, kubernetesNetworkPolicy({ selects: known([]) })).status).toBe('NOT_APPLICABLE');
});
