import { expect, test } from 'vitest';
import { eksClusterDeletionProtection as check } from '#shared/checks/eks/eks-cluster-deletion-protection.ts';
import { eksCluster } from '#test/factories/eks.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when deletion protection is on', () => {
  expect(judge(check, eksCluster()).status).toBe('PASSED');
});

test('FAILED when it is off', () => {
  expect(judge(check, eksCluster({ deletionProtection: false }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'deletion protection is off',
    evidence: [{ path: 'deletionProtection', observed: false, expected: true }],
  });
});
