import { expect, test } from 'vitest';
import { namespaceResourcesBounded as check } from '#shared/checks/namespace/namespace-resources-bounded.ts';
import { known } from '#shared/domain/observed.ts';
import { kubernetesNamespace } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED with a ResourceQuota', () => {
  expect(judge(check, kubernetesNamespace({ limitRanges: known([]) })).status).toBe('PASSED');
});

test('FAILED without one, whatever a LimitRange says of each pod', () => {
  expect(judge(check, kubernetesNamespace({ resourceQuotas: known([]) }))).toMatchObject({
    status: 'FAILED',
    severity: 'INFORMATIONAL',
    reason: 'no ResourceQuota bounds the namespace',
    evidence: [
      { path: 'resourceQuotas', observed: [], expected: 'a ResourceQuota' },
      { path: 'limitRanges', observed: ['limits'] },
    ],
  });
});

test.for(['resourceQuotas', 'workloads'] as const)('UNKNOWN when %s could not be read', (field) => {
  const unread = { resourceQuotas: known([]), [field]: denied('kubernetes:list') };

  expect(judge(check, kubernetesNamespace(unread)).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE to the namespaces of Kubernetes itself', () => {
  expect(judge(check, kubernetesNamespace({ name: 'kube-system', resourceQuotas: known([]) })).status).toBe(
    'NOT_APPLICABLE',
  );
});
