import { expect, test } from 'vitest';
import { eksNodegroupReleaseCurrent as check } from '#shared/checks/eks/eks-nodegroup-release-current.ts';
import { known } from '#shared/domain/observed.ts';
import { ami, nodegroup, nodegroupConfiguration, selfManagedNodes } from '#test/factories/eks.ts';
import { denied, judge } from '#test/support/judge.ts';

const release = (releaseVersion: string, createdAt = '2026-11-01T08:00:00.000Z') =>
  nodegroup({ configuration: known(nodegroupConfiguration({ releaseVersion })), amis: known([ami({ createdAt })]) });

test.for(['1.35.2-20261101', '1.35-2026.11.10', '1.35.2-20260825'])('PASSED with %s', (releaseVersion) => {
  expect(judge(check, release(releaseVersion)).status).toBe('PASSED');
});

test.for(['1.29.10-20241106', '1.35-2026.01.15', '1.35.2-20260824'])('FAILED with %s', (releaseVersion) => {
  expect(judge(check, release(releaseVersion))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'the release of the machine image is old',
    evidence: [{ path: 'releaseVersion', observed: releaseVersion, expected: 'released in the last 90 days' }],
  });
});

test('the age is a parameter', () => {
  expect(judge(check, release('1.35.2-20261101'), { parameters: { maxAgeDays: 7 } }).status).toBe('FAILED');
});

test.for([
  ['Bottlerocket', '1.30.0-abcdef12'],
  ['an image of one’s own', 'ami-0123456789abcdef0'],
  ['a date that does not exist', '1.35.2-20261399'],
] as const)('%s is judged by the creation date of the images that run', ([, releaseVersion]) => {
  expect(judge(check, release(releaseVersion)).status).toBe('PASSED');
  expect(judge(check, release(releaseVersion, '2026-01-01T00:00:00.000Z'))).toMatchObject({
    status: 'FAILED',
    evidence: [{ observed: '2026-01-01T00:00:00.000Z' }],
  });
});

test('self-managed nodes are judged the same way', () => {
  expect(judge(check, selfManagedNodes({ createdAt: '2026-01-01T00:00:00.000Z' })).status).toBe('FAILED');
});

test('UNKNOWN without a date and without a node', () => {
  expect(judge(check, { ...release('1.30.0-abcdef12'), nodes: known([]) }).unknown?.kind).toBe('undecidable');
});

test('UNKNOWN when the image says no date', () => {
  expect(judge(check, selfManagedNodes({ createdAt: 'yesterday' })).unknown?.kind).toBe('undecidable');
});

test('UNKNOWN when images could not be read', () => {
  const group = { ...release('1.30.0-abcdef12'), amis: denied('ec2:DescribeImages') };

  expect(judge(check, group).unknown).toMatchObject({ missingPermission: 'ec2:DescribeImages' });
});
