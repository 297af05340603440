import { expect, test } from 'vitest';
import { eksClusterVersionSupported as check } from '#shared/checks/eks/eks-cluster-version-supported.ts';
import { known } from '#shared/domain/observed.ts';
import { eksCluster, versions } from '#test/factories/eks.ts';
import { denied, judge } from '#test/support/judge.ts';

test.for(['1.35', '1.33'])('PASSED with %s, which is in standard or extended support', (version) => {
  expect(judge(check, eksCluster({ version })).status).toBe('PASSED');
});

test('FAILED with a version that EKS calls unsupported', () => {
  expect(judge(check, eksCluster({ version: '1.30' }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'the Kubernetes version is out of all support',
    evidence: [
      { path: 'version', observed: '1.30', expected: 'a version in standard or extended support' },
      { path: 'version.endOfStandardSupport', observed: '2025-07-23T00:00:00.000Z' },
      { path: 'version.endOfExtendedSupport', observed: '2026-07-23T00:00:00.000Z' },
    ],
  });
});

test('FAILED with 1.9, which is older than 1.30 though the text sorts after it (T42, D8)', () => {
  expect(judge(check, eksCluster({ version: '1.9' })).status).toBe('FAILED');
});

test('PASSED with a version that no table knew yet, because EKS supports it (D6, D7)', () => {
  const supportedVersions = known([...versions(), { version: '1.41', status: 'STANDARD_SUPPORT' }]);

  expect(judge(check, eksCluster({ version: '1.41', supportedVersions })).status).toBe('PASSED');
});

test.for([
  ['newer than all that EKS lists', { version: '1.99' }],
  ['when EKS lists nothing', { supportedVersions: known([]) }],
  ['with a support status that is new', { supportedVersions: known([{ version: '1.35', status: 'HALF_SUPPORT' }]) }],
] as const)('UNKNOWN %s', ([, overrides]) => {
  expect(judge(check, eksCluster(overrides)).unknown?.kind).toBe('undecidable');
});

test('UNKNOWN when the versions could not be read', () => {
  const finding = judge(check, eksCluster({ supportedVersions: denied('eks:DescribeClusterVersions') }));

  expect(finding.unknown).toMatchObject({ missingPermission: 'eks:DescribeClusterVersions' });
});
