import { expect, test } from 'vitest';
import { ecsTaskNoHostNamespaces as check } from '#shared/checks/ecs/ecs-task-no-host-namespaces.ts';
import {
  ec2FamilyWith,
  familyWith,
  taskDefinitionFamily,
  undescribedFamily,
  windowsFamilyWith,
} from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED without namespace modes', () => {
  expect(judge(check, taskDefinitionFamily()).status).toBe('PASSED');
});

test('T07: PASSED when containers share within the task, on Fargate too', () => {
  expect(judge(check, familyWith({}, { pidMode: 'task' })).status).toBe('PASSED');
  expect(judge(check, ec2FamilyWith({}, { pidMode: 'task', ipcMode: 'none' })).status).toBe('PASSED');
});

test.for(['pidMode', 'ipcMode'] as const)('FAILED when %s is host', (mode) => {
  expect(judge(check, ec2FamilyWith({}, { [mode]: 'host' }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'a namespace of the host is shared',
    evidence: [{ path: mode, observed: 'host' }],
  });
});

test("FAILED when a managed daemon shares, because that is the host's namespace", () => {
  const daemon = { ...ec2FamilyWith({}, { pidMode: 'shared' }), managedDaemon: true };

  expect(judge(check, daemon).status).toBe('FAILED');
});

test('a value this version does not know is UNKNOWN, unless the other one already fails', () => {
  expect(judge(check, ec2FamilyWith({}, { pidMode: 'cluster' })).unknown?.kind).toBe('undecidable');
  expect(judge(check, ec2FamilyWith({}, { pidMode: 'cluster', ipcMode: 'host' })).status).toBe('FAILED');
});

test('NOT_APPLICABLE on Windows', () => {
  expect(judge(check, windowsFamilyWith({}, { pidMode: 'host' })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
