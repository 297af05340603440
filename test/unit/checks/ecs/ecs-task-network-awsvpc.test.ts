import { expect, test } from 'vitest';
import { ecsTaskNetworkAwsvpc as check } from '#shared/checks/ecs/ecs-task-network-awsvpc.ts';
import type { EcsTaskDefinitionFamily } from '#shared/collectors/ecs/model.ts';
import {
  ec2FamilyWith,
  revision,
  serviceUse,
  taskDefinitionFamily,
  undescribedFamily,
  without,
} from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

/** A family without a network mode, run by a service on the given launch types. */
function withoutMode(...launchTypes: readonly string[]): EcsTaskDefinitionFamily {
  return taskDefinitionFamily(without(revision({ requiresCompatibilities: [] }), 'networkMode'), [
    serviceUse({ launchTypes }),
  ]);
}

test('PASSED with awsvpc', () => {
  expect(judge(check, taskDefinitionFamily()).status).toBe('PASSED');
});

test('PASSED without a mode on Managed Instances, where awsvpc is the default', () => {
  expect(judge(check, withoutMode('MANAGED_INSTANCES'))).toMatchObject({
    status: 'PASSED',
    reason: 'awsvpc is the default where the tasks run',
  });
});

test.for(['bridge', 'host'])('FAILED with %s', (networkMode) => {
  expect(judge(check, ec2FamilyWith({}, { networkMode }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'the network mode is not awsvpc',
    evidence: [{ path: 'networkMode', observed: networkMode, expected: 'awsvpc' }],
  });
});

test('T06: FAILED without a mode on EC2, because that is bridge', () => {
  expect(judge(check, withoutMode('EC2', 'MANAGED_INSTANCES'))).toMatchObject({
    status: 'FAILED',
    evidence: [{ observed: null }],
  });
});

test('FAILED without a mode on Fargate, which asks for awsvpc in so many words', () => {
  expect(judge(check, withoutMode('FARGATE'))).toMatchObject({
    status: 'FAILED',
    evidence: [{ path: 'networkMode', observed: null }],
  });
});

test.for([
  ['without any network', ec2FamilyWith({}, { networkMode: 'none' })],
  ['on external instances, which do not have it', withoutMode('EXTERNAL')],
  ['for managed daemons, which have no mode', { ...withoutMode('EC2'), managedDaemon: true }],
] as const)('NOT_APPLICABLE %s', ([, family]) => {
  expect(judge(check, family).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN with a mode that this version does not know', () => {
  expect(judge(check, ec2FamilyWith({}, { networkMode: 'mesh' })).status).toBe('UNKNOWN');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
