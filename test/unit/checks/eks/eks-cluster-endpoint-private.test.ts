import { expect, test } from 'vitest';
import { eksClusterEndpointPrivate as check } from '#shared/checks/eks/eks-cluster-endpoint-private.ts';
import { eksCluster } from '#test/factories/eks.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when public access is off', () => {
  expect(judge(check, eksCluster()).status).toBe('PASSED');
});

test.for([
  ['alone', false],
  ['beside private access (T38)', true],
] as const)('FAILED when public access is on %s', ([, endpointPrivateAccess]) => {
  const finding = judge(
    check,
    eksCluster({ endpointPublicAccess: true, endpointPrivateAccess, publicAccessCidrs: ['203.0.113.0/24'] }),
  );

  expect(finding).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'the API endpoint is public',
    evidence: [
      { path: 'resourcesVpcConfig.endpointPublicAccess', observed: true, expected: false },
      { path: 'resourcesVpcConfig.endpointPrivateAccess', observed: endpointPrivateAccess, expected: true },
    ],
  });
});

test('UNKNOWN when EKS does not say whether the endpoint is public', () => {
  const { endpointPublicAccess: _, ...silent } = eksCluster();

  expect(judge(check, silent).unknown?.kind).toBe('undecidable');
});
