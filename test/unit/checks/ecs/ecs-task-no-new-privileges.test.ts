import { expect, test } from 'vitest';
import { ecsTaskNoNewPrivileges as check } from '#shared/checks/ecs/ecs-task-no-new-privileges.ts';
import { ec2FamilyWith, familyWith, undescribedFamily, windowsFamilyWith } from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

test.for(['no-new-privileges', 'no-new-privileges:true', 'no-new-privileges=true'])('PASSED with %s', (option) => {
  expect(judge(check, ec2FamilyWith({ dockerSecurityOptions: ['label:type:web', option] })).status).toBe('PASSED');
});

test.for([[[]], [['no-new-privileges:false']], [['apparmor:no-new-privileges']]] as const)(
  'FAILED with %j',
  ([dockerSecurityOptions]) => {
    expect(judge(check, ec2FamilyWith({ dockerSecurityOptions }))).toMatchObject({
      status: 'FAILED',
      severity: 'LOW',
      reason: 'a container may gain new privileges',
      evidence: [
        {
          path: 'containerDefinitions[app].dockerSecurityOptions',
          observed: dockerSecurityOptions,
          expected: ['no-new-privileges'],
        },
      ],
    });
  },
);

test.for([
  ['Fargate', familyWith({ dockerSecurityOptions: [] })],
  ['Windows', windowsFamilyWith({ dockerSecurityOptions: [] })],
  ['managed daemons', { ...ec2FamilyWith({ dockerSecurityOptions: [] }), managedDaemon: true }],
] as const)('NOT_APPLICABLE on %s', ([, family]) => {
  expect(judge(check, family).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
