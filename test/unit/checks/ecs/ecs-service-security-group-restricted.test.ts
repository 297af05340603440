import { expect, test } from 'vitest';
import { ecsServiceSecurityGroupRestricted as check } from '#shared/checks/ecs/ecs-service-security-group-restricted.ts';
import { known } from '#shared/domain/observed.ts';
import { ecsService, ipPermission, securityGroup } from '#test/factories/ecs-services.ts';
import { denied, judge } from '#test/support/judge.ts';

const withRules = (...rules: readonly Parameters<typeof ipPermission>[0][]) =>
  ecsService({ securityGroups: known([securityGroup(...rules.map((rule) => ipPermission(rule)))]) });

test('PASSED when only a private network gets in', () => {
  expect(judge(check, ecsService()).status).toBe('PASSED');
});

test('PASSED when rules name other security groups only', () => {
  expect(judge(check, withRules({ cidrs: [] })).status).toBe('PASSED');
});

test.for([['0.0.0.0/0'], ['::/0']])('FAILED when %s gets in', ([cidr]) => {
  expect(judge(check, withRules({ cidrs: [cidr as string] }, { cidrs: ['10.0.0.0/8'] }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'a security group accepts traffic from every address',
    evidence: [{ path: 'securityGroups[sg-0123456789abcdef0].ipPermissions[tcp/8080]', observed: [cidr] }],
  });
});

test('FAILED when the halves of the address space stand in two groups (T39)', () => {
  const half = (id: string, cidr: string) => ({ ...securityGroup(ipPermission({ cidrs: [cidr] })), id });
  const service = ecsService({ securityGroups: known([half('sg-a', '0.0.0.0/1'), half('sg-b', '128.0.0.0/1')]) });

  expect(judge(check, service)).toMatchObject({
    status: 'FAILED',
    evidence: [
      { path: 'securityGroups[sg-a].ipPermissions[tcp/8080]' },
      { path: 'securityGroups[sg-b].ipPermissions[tcp/8080]' },
    ],
  });
});

test('FAILED when overlapping port ranges have a port that everybody reaches', () => {
  const service = withRules(
    { fromPort: 80, toPort: 8080, cidrs: ['0.0.0.0/1'] },
    { protocol: '-1', cidrs: ['128.0.0.0/1'] },
  );

  expect(judge(check, service).status).toBe('FAILED');
});

test('PASSED when the halves are let in to different ports', () => {
  const service = withRules(
    { fromPort: 80, toPort: 80, cidrs: ['0.0.0.0/1'] },
    { fromPort: 443, toPort: 443, cidrs: ['128.0.0.0/1'] },
  );

  expect(judge(check, service).status).toBe('PASSED');
});

test('PASSED when everybody may send ICMP, which path MTU discovery needs', () => {
  expect(judge(check, withRules({ protocol: 'icmp', fromPort: 3, toPort: 4, cidrs: ['0.0.0.0/0'] })).status).toBe(
    'PASSED',
  );
});

test('NOT_APPLICABLE in bridge mode, where the groups are those of the instance', () => {
  expect(judge(check, ecsService({ networkMode: 'bridge', subnetIds: [] })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the groups could not be read', () => {
  const finding = judge(check, ecsService({ securityGroups: denied('ec2:DescribeSecurityGroups') }));

  expect(finding.unknown).toMatchObject({ missingPermission: 'ec2:DescribeSecurityGroups' });
});

test('UNKNOWN when the service leaves the group to the VPC', () => {
  expect(judge(check, ecsService({ securityGroups: known([]) })).unknown).toMatchObject({ kind: 'undecidable' });
});
