import { expect, test } from 'vitest';
import { ecsTaskNoDangerousCapabilities as check } from '#shared/checks/ecs/ecs-task-no-dangerous-capabilities.ts';
import { ec2FamilyWith, familyWith, undescribedFamily, windowsFamilyWith } from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

test.for([[[]], [['NET_BIND_SERVICE', 'CHOWN']]] as const)('PASSED when it adds %j', ([capabilitiesAdd]) => {
  expect(judge(check, ec2FamilyWith({ capabilitiesAdd })).status).toBe('PASSED');
});

test.for([
  [['SYS_ADMIN'], ['SYS_ADMIN']],
  [['CAP_NET_ADMIN'], ['NET_ADMIN']],
  [
    ['SYS_PTRACE', 'CHOWN', 'BPF'],
    ['BPF', 'SYS_PTRACE'],
  ],
  [['ALL'], ['ALL']],
] as const)('T08: FAILED on EC2 when it adds %j, whatever is dropped', ([capabilitiesAdd, observed]) => {
  expect(judge(check, ec2FamilyWith({ capabilitiesAdd, capabilitiesDrop: ['ALL'] }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'a dangerous capability is added',
    evidence: [{ path: 'containerDefinitions[app].linuxParameters.capabilities.add', observed }],
  });
});

test('lowered on Fargate, which takes SYS_PTRACE only and gives each task its own kernel', () => {
  expect(judge(check, familyWith({ capabilitiesAdd: ['SYS_PTRACE'] }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    severityReason: 'Fargate runs each task on a kernel of its own',
  });
});

test('NOT_APPLICABLE on Windows', () => {
  expect(judge(check, windowsFamilyWith({ capabilitiesAdd: ['SYS_ADMIN'] })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
