import { expect, test } from 'vitest';
import { ecsTaskResourcesBounded as check } from '#shared/checks/ecs/ecs-task-resources-bounded.ts';
import type { EcsTaskDefinitionFamily } from '#shared/collectors/ecs/model.ts';
import {
  container,
  revision,
  serviceUse,
  taskDefinitionFamily,
  undescribedFamily,
  without,
} from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

const soft = { ...without(container(), 'memory'), memoryReservation: 256 };

/** On EC2, without any value on the level of the task. */
function onEc2(
  one: ReturnType<typeof container>,
  overrides: Parameters<typeof revision>[0] = {},
): EcsTaskDefinitionFamily {
  const bare = without(without(revision({ containers: [one] }), 'memory'), 'cpu');
  return taskDefinitionFamily({ ...bare, ...overrides }, [serviceUse({ launchTypes: ['EC2'] })]);
}

test('PASSED on Fargate, which requires both', () => {
  expect(judge(check, taskDefinitionFamily(revision({ containers: [soft] })))).toMatchObject({
    status: 'PASSED',
    reason: 'Fargate bounds CPU and memory of every task',
  });
});

test('FAILED on Fargate in a file that leaves the size of the task out', () => {
  expect(judge(check, taskDefinitionFamily(without(revision(), 'memory')))).toMatchObject({
    status: 'FAILED',
    evidence: [{ path: 'memory', observed: null }],
  });
});

test('PASSED on Linux instances when the task has memory', () => {
  expect(judge(check, onEc2(soft, { memory: '512' })).status).toBe('PASSED');
});

test('PASSED when every container has a hard limit', () => {
  expect(judge(check, onEc2(container())).status).toBe('PASSED');
});

test('FAILED with a reservation only; CPU is evidence and no reason', () => {
  const finding = judge(check, onEc2({ ...soft, cpu: 128 }));

  expect(finding).toMatchObject({ status: 'FAILED', severity: 'LOW', reason: 'memory is not bounded' });
  expect(finding.evidence).toEqual([
    { path: 'containerDefinitions[app].memory', observed: null, expected: 'a hard limit' },
    { path: 'containerDefinitions[app].memoryReservation', observed: 256, expected: 'any: no ceiling' },
    { path: 'containerDefinitions[app].cpu', observed: 128, expected: 'any: a share and no ceiling' },
  ]);
});

test('T05: FAILED when it runs on EC2 as well as on Fargate and nothing bounds it', () => {
  const family = onEc2(soft);
  const uses = [serviceUse(), serviceUse({ by: 'other', launchTypes: ['EC2'] })];

  expect(
    judge(check, { ...family, revisionsInUse: family.revisionsInUse.map((used) => ({ ...used, uses })) }).status,
  ).toBe('FAILED');
});

test('on Windows instances only the memory of the containers counts', () => {
  const windows = { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' };

  expect(judge(check, onEc2(soft, { ...windows, memory: '512' })).status).toBe('FAILED');
  expect(judge(check, onEc2(container(), windows)).status).toBe('PASSED');
});

test('requireCpu asks for a ceiling: of the task on Linux, of the container on Windows', () => {
  const parameters = { requireCpu: true };
  const windows = { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' };

  expect(judge(check, onEc2(container({ cpu: 128 })), { parameters })).toMatchObject({
    status: 'FAILED',
    reason: 'CPU is not bounded',
    evidence: [{ path: 'cpu', observed: null }],
  });
  expect(judge(check, onEc2(container(), { cpu: '256' }), { parameters }).status).toBe('PASSED');
  expect(judge(check, onEc2(container({ cpu: 128 }), windows), { parameters }).status).toBe('PASSED');
  expect(judge(check, onEc2(container(), windows), { parameters }).status).toBe('FAILED');
});

test('NOT_APPLICABLE when the family has no active revision and nothing runs', () => {
  const family = { ...taskDefinitionFamily(revision(), []), latestActive: { known: true, value: null } as const };

  expect(judge(check, family).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
