import { expect, test } from 'vitest';
import { ecsTaskInitProcessEnabled as check } from '#shared/checks/ecs/ecs-task-init-process-enabled.ts';
import {
  container,
  ec2FamilyWith,
  familyWith,
  taskDefinitionFamily,
  undescribedFamily,
  windowsFamilyWith,
  without,
} from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when it is switched on, on Fargate too', () => {
  expect(judge(check, taskDefinitionFamily()).status).toBe('PASSED');
});

test.for(['/sbin/tini', 'dumb-init', '/usr/bin/catatonit', 's6-svscan', '/init'])(
  'PASSED when %s is started first',
  (firstProgram) => {
    expect(judge(check, familyWith({ initProcessEnabled: false, firstProgram })).status).toBe('PASSED');
  },
);

test.for([
  ['off', container({ initProcessEnabled: false, firstProgram: 'node' }), false],
  ['not set', without(container(), 'initProcessEnabled'), null],
] as const)('FAILED when it is %s', ([, without, observed]) => {
  expect(judge(check, familyWith({}, { containers: [without] }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'no init process runs',
    evidence: [{ path: 'containerDefinitions[app].linuxParameters.initProcessEnabled', observed, expected: true }],
  });
});

test('T12: sidecars are judged like all other containers', () => {
  const router = container({ name: 'log_router', firelensType: 'fluentbit', initProcessEnabled: false });

  expect(judge(check, familyWith({}, { containers: [container(), router] })).status).toBe('FAILED');
});

test.for(['host', 'task'])('NOT_APPLICABLE when the pid mode is %s', (pidMode) => {
  expect(judge(check, ec2FamilyWith({ initProcessEnabled: false }, { pidMode })).status).toBe('NOT_APPLICABLE');
});

test('NOT_APPLICABLE on Windows', () => {
  expect(judge(check, windowsFamilyWith({ initProcessEnabled: false })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
