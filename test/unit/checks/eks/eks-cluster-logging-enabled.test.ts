import { expect, test } from 'vitest';
import { eksClusterLoggingEnabled as check } from '#shared/checks/eks/eks-cluster-logging-enabled.ts';
import { eksCluster } from '#test/factories/eks.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when all five types are delivered (T41)', () => {
  expect(judge(check, eksCluster()).status).toBe('PASSED');
});

test.for([
  ['nothing', []],
  ['authenticator but not audit (D7)', ['authenticator']],
] as const)('FAILED when %s is delivered', ([, enabledLogTypes]) => {
  expect(judge(check, eksCluster({ enabledLogTypes }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'the audit log is not delivered',
    evidence: [{ path: 'logging.clusterLogging', observed: enabledLogTypes }],
  });
});

test('FAILED at low severity when only other types than audit are missing', () => {
  expect(judge(check, eksCluster({ enabledLogTypes: ['audit'] }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'control plane logs are not delivered',
  });
});

test('the required types are a parameter', () => {
  const cluster = eksCluster({ enabledLogTypes: ['audit'] });

  expect(judge(check, cluster, { parameters: { required: ['audit'] } }).status).toBe('PASSED');
});
