import { expect, test } from 'vitest';
import { eksNodegroupNoOpenSsh as check } from '#shared/checks/eks/eks-nodegroup-no-open-ssh.ts';
import { known } from '#shared/domain/observed.ts';
import { nodegroup, nodegroupConfiguration, securityGroup, selfManagedNodes } from '#test/factories/eks.ts';
import { denied, judge } from '#test/support/judge.ts';

const withRemoteAccess = (remoteAccess: { ec2SshKey?: string; sourceSecurityGroups: string[] }) =>
  nodegroup({ configuration: known(nodegroupConfiguration({ remoteAccess })) });
const rule = (port: number, ...cidrs: string[]) => ({ protocol: 'tcp', fromPort: port, toPort: port, cidrs });

test.for([
  ['without remote access', nodegroup()],
  ['with remote access from named groups', withRemoteAccess({ ec2SshKey: 'ops', sourceSecurityGroups: ['sg-0vpn'] })],
  ['with other ports open', nodegroup({ securityGroups: known([securityGroup([rule(443, '0.0.0.0/0')])]) })],
  ['with SSH from inside', nodegroup({ securityGroups: known([securityGroup([rule(22, '10.0.0.0/8')])]) })],
] as const)('PASSED %s', ([, group]) => {
  expect(judge(check, group).status).toBe('PASSED');
});

test('FAILED with a key and no source security groups: EKS opens SSH to everybody', () => {
  expect(judge(check, withRemoteAccess({ ec2SshKey: 'ops', sourceSecurityGroups: [] }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'remote access is open to the whole internet',
    evidence: [{ path: 'remoteAccess.sourceSecurityGroups', observed: [] }],
  });
});

test.for([
  ['SSH', [rule(22, '0.0.0.0/0')]],
  ['SSH over IPv6', [rule(22, '::/0')]],
  ['RDP', [rule(3389, '0.0.0.0/0')]],
  ['all protocols', [{ protocol: '-1', cidrs: ['0.0.0.0/0'] }]],
  ['SSH by halves, in two rules', [rule(22, '0.0.0.0/1'), { ...rule(22, '128.0.0.0/1'), fromPort: 0, toPort: 100 }]],
] as const)('FAILED when a security group of self-managed nodes opens %s', ([, ingress]) => {
  const nodes = { ...selfManagedNodes(), securityGroups: known([securityGroup(ingress)]) };

  expect(judge(check, nodes)).toMatchObject({
    status: 'FAILED',
    reason: 'a security group opens SSH or RDP to the whole internet',
  });
});

test('UNKNOWN when security groups could not be read, unless remote access already proves it', () => {
  const securityGroups = denied('ec2:DescribeSecurityGroups');

  expect(judge(check, nodegroup({ securityGroups })).unknown).toMatchObject({
    missingPermission: 'ec2:DescribeSecurityGroups',
  });
  const open = { ...withRemoteAccess({ ec2SshKey: 'ops', sourceSecurityGroups: [] }), securityGroups };
  expect(judge(check, open).status).toBe('FAILED');
});

test('UNKNOWN when the node group could not be described', () => {
  expect(judge(check, nodegroup({ configuration: denied('eks:DescribeNodegroup') })).status).toBe('UNKNOWN');
});
