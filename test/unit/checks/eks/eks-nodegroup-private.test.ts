import { expect, test } from 'vitest';
import { eksNodegroupPrivate as check } from '#shared/checks/eks/eks-nodegroup-private.ts';
import { known } from '#shared/domain/observed.ts';
import { nodegroup } from '#test/factories/eks.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED when no subnet leads to an internet gateway', () => {
  expect(judge(check, nodegroup()).status).toBe('PASSED');
});

test('FAILED when one does', () => {
  const subnets = known([{ subnetId: 'subnet-0aa' }, { subnetId: 'subnet-0bb', internetGatewayId: 'igw-0cc' }]);

  expect(judge(check, nodegroup({ subnets }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'nodes run in a public subnet',
    evidence: [{ path: 'subnets[subnet-0bb].route', observed: 'igw-0cc', expected: 'no route to an internet gateway' }],
  });
});

test('one step lower when the group has no nodes', () => {
  const subnets = known([{ subnetId: 'subnet-0bb', internetGatewayId: 'igw-0cc' }]);

  expect(judge(check, nodegroup({ subnets, inUse: 'no' })).severity).toBe('LOW');
});

test('UNKNOWN when route tables could not be read', () => {
  const finding = judge(check, nodegroup({ subnets: denied('ec2:DescribeRouteTables') }));

  expect(finding.unknown).toMatchObject({ missingPermission: 'ec2:DescribeRouteTables' });
});

test('UNKNOWN when no subnet is named', () => {
  expect(judge(check, nodegroup({ subnets: known([]) })).unknown?.kind).toBe('undecidable');
});
