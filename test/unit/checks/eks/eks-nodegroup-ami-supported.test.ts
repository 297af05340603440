import { expect, test } from 'vitest';
import { eksNodegroupAmiSupported as check } from '#shared/checks/eks/eks-nodegroup-ami-supported.ts';
import { known } from '#shared/domain/observed.ts';
import { nodegroup, nodegroupConfiguration, selfManagedNodes } from '#test/factories/eks.ts';
import { denied, judge } from '#test/support/judge.ts';

const ofType = (amiType: string) => nodegroup({ configuration: known(nodegroupConfiguration({ amiType })) });

test.for(['AL2023_ARM_64_STANDARD', 'BOTTLEROCKET_x86_64_FIPS', 'WINDOWS_CORE_2025_x86_64'])(
  'PASSED with %s',
  (amiType) => {
    expect(judge(check, ofType(amiType)).status).toBe('PASSED');
  },
);

test.for(['AL2_x86_64', 'AL2_x86_64_GPU', 'AL2_ARM_64'])('FAILED with %s', (amiType) => {
  expect(judge(check, ofType(amiType))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'nodes run a machine image that is out of support',
    evidence: [{ path: 'amiType', observed: amiType }],
  });
});

test.for([
  ['AL2023', 'amazon-eks-node-al2023-arm64-standard-1.35-v20261101', 'PASSED'],
  ['Bottlerocket', 'bottlerocket-aws-k8s-1.35-x86_64-v1.30.0-abcdef12', 'PASSED'],
  ['Windows', 'Windows_Server-2022-English-Core-EKS_Optimized-1.35-2026.11.01', 'PASSED'],
  ['AL2', 'amazon-eks-node-1.30-v20250801', 'FAILED'],
  ['AL2 for Graviton', 'amazon-eks-arm64-node-1.30-v20250801', 'FAILED'],
] as const)('self-managed nodes are judged by the name of their image: %s', ([, name, status]) => {
  expect(judge(check, selfManagedNodes({ name })).status).toBe(status);
});

test('FAILED when the image is past its deprecation date', () => {
  expect(judge(check, selfManagedNodes({ deprecatedAt: '2026-11-22T00:00:00.000Z' }))).toMatchObject({
    status: 'FAILED',
    evidence: [{ observed: '2026-11-22T00:00:00.000Z' }],
  });
});

test('UNKNOWN with an image of one’s own, even under the name of one of AWS', () => {
  expect(judge(check, selfManagedNodes({ ownerAlias: 'self' })).unknown?.kind).toBe('undecidable');
});

test.for([
  ['with an image type that is new', ofType('AL2027_x86_64_STANDARD')],
  ['with a custom image and no node', { ...ofType('CUSTOM'), nodes: known([]) }],
  ['with a custom image that was deleted', { ...ofType('CUSTOM'), amis: known([]) }],
] as const)('UNKNOWN %s', ([, group]) => {
  expect(judge(check, group).unknown?.kind).toBe('undecidable');
});

test('UNKNOWN when images could not be read', () => {
  const nodes = { ...selfManagedNodes(), amis: denied('ec2:DescribeImages') };

  expect(judge(check, nodes).unknown).toMatchObject({ missingPermission: 'ec2:DescribeImages' });
});
