import { expect, test } from 'vitest';
import { eksClusterVersionStandardSupport as check } from '#shared/checks/eks/eks-cluster-version-standard-support.ts';
import { eksCluster } from '#test/factories/eks.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED with a version in standard support', () => {
  expect(judge(check, eksCluster()).status).toBe('PASSED');
});

test('FAILED with a version in extended support (T42)', () => {
  expect(judge(check, eksCluster({ version: '1.33' }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'the Kubernetes version is in extended support',
    evidence: [
      { path: 'version', observed: '1.33', expected: 'a version in standard support' },
      { path: 'version.endOfStandardSupport', observed: '2026-07-29T00:00:00.000Z' },
      { path: 'version.endOfExtendedSupport', observed: '2027-07-29T00:00:00.000Z' },
    ],
  });
});

test('FAILED, but only as a note, out of all support: the other check is the finding', () => {
  expect(judge(check, eksCluster({ version: '1.30' }))).toMatchObject({
    status: 'FAILED',
    severity: 'INFORMATIONAL',
    severityReason: 'eks-cluster-version-supported reports the same cause',
  });
});

test('UNKNOWN when the versions could not be read', () => {
  const cluster = eksCluster({ supportedVersions: denied('eks:DescribeClusterVersions') });

  expect(judge(check, cluster).unknown?.kind).toBe('unreadable');
});

test('UNKNOWN when the version of the cluster is not in the answer', () => {
  const { version: _, ...silent } = eksCluster();

  expect(judge(check, silent).unknown?.kind).toBe('undecidable');
});
