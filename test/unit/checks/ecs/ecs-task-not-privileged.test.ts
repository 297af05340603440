import { expect, test } from 'vitest';
import { ecsTaskNotPrivileged as check } from '#shared/checks/ecs/ecs-task-not-privileged.ts';
import {
  container,
  ec2FamilyWith,
  familyWith,
  revision,
  taskDefinitionFamily,
  undescribedFamily,
  windowsFamilyWith,
} from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

test.for([undefined, false])('PASSED on EC2 when privileged is %s', (privileged) => {
  expect(judge(check, ec2FamilyWith(privileged === undefined ? {} : { privileged })).status).toBe('PASSED');
});

test('FAILED when one of several containers is privileged', () => {
  const containers = [container(), container({ name: 'agent', privileged: true })];

  expect(judge(check, ec2FamilyWith({}, { containers }))).toMatchObject({
    status: 'FAILED',
    severity: 'CRITICAL',
    reason: 'a container is privileged',
    evidence: [{ path: 'containerDefinitions[agent].privileged', observed: true, expected: false }],
  });
});

test.for([
  ['Fargate (T05)', familyWith({ privileged: true })],
  ['Windows (T03)', windowsFamilyWith({ privileged: true })],
] as const)('NOT_APPLICABLE on %s, which has no privileged containers', ([, family]) => {
  expect(judge(check, family).status).toBe('NOT_APPLICABLE');
});

test('judges what the definition allows where nothing uses it', () => {
  const definition = revision({ containers: [container({ privileged: true })], requiresCompatibilities: [] });

  expect(judge(check, taskDefinitionFamily(definition, [])).status).toBe('FAILED');
});

test('D11: a user other than root does not excuse a privileged container', () => {
  const family = ec2FamilyWith({ privileged: true, user: '1000' }, { networkMode: 'host' });

  expect(judge(check, family).status).toBe('FAILED');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
