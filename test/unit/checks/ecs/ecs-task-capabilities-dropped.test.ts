import { expect, test } from 'vitest';
import { ecsTaskCapabilitiesDropped as check } from '#shared/checks/ecs/ecs-task-capabilities-dropped.ts';
import { ec2FamilyWith, familyWith, undescribedFamily, windowsFamilyWith } from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

test.for([
  ['ALL', ['ALL']],
  ['ALL in the spelling of a hand-written file', ['CAP_ALL']],
  [
    'every default by its own name',
    'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
      ' ',
    ),
  ],
] as const)('PASSED when it drops %s, on Fargate too', ([, capabilitiesDrop]) => {
  expect(judge(check, familyWith({ capabilitiesDrop })).status).toBe('PASSED');
});

test('T08: PASSED when ALL is dropped and a single one added back', () => {
  const family = ec2FamilyWith({ capabilitiesDrop: ['ALL'], capabilitiesAdd: ['NET_BIND_SERVICE'] });

  expect(judge(check, family).status).toBe('PASSED');
});

test("T08: FAILED when nothing is dropped, because Docker's default set stays", () => {
  expect(judge(check, familyWith({ capabilitiesDrop: [] }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'no capabilities are dropped',
    evidence: [
      { path: 'containerDefinitions[app].linuxParameters.capabilities.drop', observed: [], expected: ['ALL'] },
    ],
  });
});

test('FAILED when only some are dropped', () => {
  expect(judge(check, familyWith({ capabilitiesDrop: ['NET_RAW'] })).reason).toBe('not all capabilities are dropped');
});

test('T08: FAILED when ALL is added, whatever is dropped', () => {
  const family = ec2FamilyWith({ capabilitiesDrop: ['ALL'], capabilitiesAdd: ['ALL'] });

  expect(judge(check, family).status).toBe('FAILED');
});

test('FAILED when the container is privileged, which makes dropping idle', () => {
  expect(judge(check, ec2FamilyWith({ privileged: true })).reason).toBe(
    'the container is privileged, so dropping capabilities has no effect',
  );
});

test('NOT_APPLICABLE on Windows', () => {
  expect(judge(check, windowsFamilyWith({ capabilitiesDrop: [] })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
