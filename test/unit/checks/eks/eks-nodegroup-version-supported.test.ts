import { expect, test } from 'vitest';
import { eksNodegroupVersionSupported as check } from '#shared/checks/eks/eks-nodegroup-version-supported.ts';
import { known } from '#shared/domain/observed.ts';
import { nodegroup, nodegroupConfiguration, selfManagedNodes } from '#test/factories/eks.ts';
import { denied, judge } from '#test/support/judge.ts';

const ofVersion = (version: string) => nodegroup({ configuration: known(nodegroupConfiguration({ version })) });

test.for(['1.35', '1.33'])('PASSED with %s, which is in standard or extended support', (version) => {
  expect(judge(check, ofVersion(version)).status).toBe('PASSED');
});

test.for(['1.30', '1.9'])('FAILED with %s, which is out of support (T42, D8)', (version) => {
  expect(judge(check, ofVersion(version))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'the Kubernetes version is out of all support',
  });
});

test('self-managed nodes are judged by the name of their EKS image', () => {
  expect(judge(check, selfManagedNodes()).status).toBe('PASSED');
  expect(judge(check, selfManagedNodes({ name: 'amazon-eks-node-1.30-v20250801' }))).toMatchObject({
    status: 'FAILED',
    evidence: [{ observed: '1.30' }, {}, {}],
  });
});

test('UNKNOWN with an image of one’s own', () => {
  expect(judge(check, selfManagedNodes({ name: 'golden-image' })).unknown?.kind).toBe('undecidable');
});

test('UNKNOWN when the versions could not be read', () => {
  const group = { ...ofVersion('1.35'), supportedVersions: denied('eks:DescribeClusterVersions') };

  expect(judge(check, group).unknown?.kind).toBe('unreadable');
});

test('UNKNOWN when the node group could not be described', () => {
  const finding = judge(check, nodegroup({ configuration: denied('eks:DescribeNodegroup') }));

  expect(finding.unknown).toMatchObject({ missingPermission: 'eks:DescribeNodegroup' });
});
