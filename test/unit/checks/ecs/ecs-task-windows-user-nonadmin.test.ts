import { expect, test } from 'vitest';
import { ecsTaskWindowsUserNonadmin as check } from '#shared/checks/ecs/ecs-task-windows-user-nonadmin.ts';
import { container, familyWith, undescribedFamily, windowsFamilyWith, without } from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

test.for(['ContainerUser', 'app', 'User Manager\\ContainerUser'])('PASSED for the user %s', (user) => {
  expect(judge(check, windowsFamilyWith({ user })).status).toBe('PASSED');
});

test.for(['ContainerAdministrator', 'containeradministrator', 'User Manager\\ContainerAdministrator', 'SYSTEM'])(
  'FAILED for the user %s',
  (user) => {
    expect(judge(check, windowsFamilyWith({ user }))).toMatchObject({
      status: 'FAILED',
      severity: 'LOW',
      reason: 'the user is an administrator',
      evidence: [{ path: 'containerDefinitions[app].user', observed: user }],
    });
  },
);

test('FAILED when no user is set', () => {
  const family = windowsFamilyWith({}, { containers: [without(container(), 'user')] });

  expect(judge(check, family)).toMatchObject({ status: 'FAILED', reason: 'no user is set' });
});

test('D25: NOT_APPLICABLE where no operating system family is set, which is Linux', () => {
  expect(judge(check, familyWith({ user: 'ContainerAdministrator' })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
