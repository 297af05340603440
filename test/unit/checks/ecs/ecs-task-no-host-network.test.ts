import { expect, test } from 'vitest';
import { ecsTaskNoHostNetwork as check } from '#shared/checks/ecs/ecs-task-no-host-network.ts';
import {
  container,
  ec2FamilyWith,
  revision,
  serviceUse,
  taskDefinitionFamily,
  undescribedFamily,
  without,
} from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

test.for(['awsvpc', 'bridge', 'none', 'default'])('PASSED with the network mode %s', (networkMode) => {
  expect(judge(check, ec2FamilyWith({}, { networkMode })).status).toBe('PASSED');
});

test('T06: PASSED without a network mode, which is bridge', () => {
  const definition = without(revision({ containers: [container()], requiresCompatibilities: ['EC2'] }), 'networkMode');

  expect(judge(check, taskDefinitionFamily(definition, [serviceUse({ launchTypes: ['EC2'] })])).status).toBe('PASSED');
});

test.for([
  ['user 1000', { user: '1000' }],
  ['a privileged root', { user: '0', privileged: true }],
] as const)("D11: FAILED on the host's network whatever the container is: %s", ([, overrides]) => {
  expect(judge(check, ec2FamilyWith(overrides, { networkMode: 'host' }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: "the task uses the host's network",
    evidence: [{ path: 'networkMode', observed: 'host', expected: 'awsvpc' }],
  });
});

test('UNKNOWN with a mode that this version does not know', () => {
  expect(judge(check, ec2FamilyWith({}, { networkMode: 'mesh' }))).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable' },
  });
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
