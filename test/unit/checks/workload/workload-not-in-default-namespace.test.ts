import { expect, test } from 'vitest';
import { workloadNotInDefaultNamespace as check } from '#shared/checks/workload/workload-not-in-default-namespace.ts';
import { kubernetesWorkload } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED in a namespace of its own', () => {
  expect(judge(check, kubernetesWorkload()).status).toBe('PASSED');
});

test('FAILED in the default namespace', () => {
  expect(judge(check, kubernetesWorkload({ namespace: 'default' }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'the workload is in the default namespace',
    evidence: [{ path: 'metadata.namespace', observed: 'default' }],
  });
});

test('UNKNOWN for a document that names no namespace', () => {
  expect(judge(check, kubernetesWorkload({ namespace: 'default', namespaceStated: false }))).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable' },
  });
});
