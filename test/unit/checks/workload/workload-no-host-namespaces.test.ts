import { expect, test } from 'vitest';
import { workloadNoHostNamespaces as check } from '#shared/checks/workload/workload-no-host-namespaces.ts';
import { workloadOf } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when none is shared, or each is refused', () => {
  expect(judge(check, workloadOf({})).status).toBe('PASSED');
  expect(judge(check, workloadOf({ hostNetwork: false, hostPID: false, hostIPC: false })).status).toBe('PASSED');
});

test.for(['hostNetwork', 'hostPID', 'hostIPC'] as const)('FAILED when %s is true', (field) => {
  expect(judge(check, workloadOf({ [field]: true }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'a namespace of the node is shared',
    evidence: [{ path: `spec.${field}`, observed: true, expected: false }],
  });
});
