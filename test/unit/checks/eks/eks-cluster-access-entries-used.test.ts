import { expect, test } from 'vitest';
import { eksClusterAccessEntriesUsed as check } from '#shared/checks/eks/eks-cluster-access-entries-used.ts';
import { eksCluster } from '#test/factories/eks.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when only access entries grant access', () => {
  expect(judge(check, eksCluster()).status).toBe('PASSED');
});

test('FAILED when only aws-auth does', () => {
  expect(judge(check, eksCluster({ authenticationMode: 'CONFIG_MAP' }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'only the aws-auth ConfigMap grants access',
    evidence: [{ path: 'accessConfig.authenticationMode', observed: 'CONFIG_MAP', expected: 'API' }],
  });
});

test('FAILED as a note when both do', () => {
  expect(judge(check, eksCluster({ authenticationMode: 'API_AND_CONFIG_MAP' }))).toMatchObject({
    status: 'FAILED',
    severity: 'INFORMATIONAL',
    reason: 'the aws-auth ConfigMap still grants access beside access entries',
  });
});

test('UNKNOWN with a mode that is new', () => {
  expect(judge(check, eksCluster({ authenticationMode: 'IDENTITY_CENTER' })).unknown?.kind).toBe('undecidable');
});
