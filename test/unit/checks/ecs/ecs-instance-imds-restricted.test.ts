import { expect, test } from 'vitest';
import { ecsInstanceImdsRestricted as check } from '#shared/checks/ecs/ecs-instance-imds-restricted.ts';
import { known } from '#shared/domain/observed.ts';
import {
  containerInstance,
  ecsCluster,
  ecsClusterWithoutInstances,
  metadataOptions,
  without,
} from '#test/factories/ecs-services.ts';
import { denied, judge } from '#test/support/judge.ts';

const withOptions = (options: Parameters<typeof metadataOptions>[0]) =>
  ecsCluster({
    containerInstances: known([containerInstance({ attributes: [] })]),
    instanceMetadata: known([metadataOptions(options)]),
  });

test('PASSED when the agent blocks the metadata service, whatever the instance allows', () => {
  const cluster = ecsCluster({ instanceMetadata: known([metadataOptions({ httpTokens: 'optional', hopLimit: 64 })]) });

  expect(judge(check, cluster).status).toBe('PASSED');
  expect(judge(check, ecsCluster({ instanceMetadata: denied('ec2:DescribeInstances') })).status).toBe('PASSED');
});

test('PASSED with IMDSv2 and a hop limit of 1, or without the metadata service', () => {
  expect(judge(check, withOptions({})).status).toBe('PASSED');
  expect(judge(check, withOptions({ httpEndpoint: 'disabled', httpTokens: 'optional' })).status).toBe('PASSED');
});

test.for([
  ['IMDSv1 is allowed, though the hop limit is 1', { httpTokens: 'optional' }, 'httpTokens', 'optional'],
  ['the hop limit is 2', { hopLimit: 2 }, 'httpPutResponseHopLimit', 2],
] as const)('FAILED when %s', ([, options, field, observed]) => {
  expect(judge(check, withOptions(options))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'tasks can reach the metadata service of their instance',
    evidence: [{ path: `containerInstances[i-0123456789abcdef0].metadataOptions.${field}`, observed }],
  });
});

test('FAILED by one instance, though another is blocked by its agent', () => {
  const open = containerInstance({ attributes: [], ec2InstanceId: 'i-0fedcba9876543210' });
  const cluster = ecsCluster({
    containerInstances: known([containerInstance(), open]),
    instanceMetadata: known([metadataOptions({ instanceId: 'i-0fedcba9876543210', hopLimit: 2 })]),
  });

  expect(judge(check, cluster).status).toBe('FAILED');
});

test('UNKNOWN when the options could not be read or are not complete', () => {
  const containerInstances = known([containerInstance({ attributes: [] })]);
  const incomplete = [without(metadataOptions(), 'hopLimit')];

  expect(
    judge(check, ecsCluster({ containerInstances, instanceMetadata: denied('ec2:DescribeInstances') })).unknown,
  ).toMatchObject({ missingPermission: 'ec2:DescribeInstances' });
  expect(judge(check, ecsCluster({ containerInstances, instanceMetadata: known([]) })).status).toBe('UNKNOWN');
  expect(judge(check, ecsCluster({ containerInstances, instanceMetadata: known(incomplete) })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE without EC2 instances of the account', () => {
  const managed = containerInstance({ capacityKind: 'MANAGED_INSTANCES', attributes: [] });

  expect(judge(check, ecsClusterWithoutInstances()).status).toBe('NOT_APPLICABLE');
  expect(judge(check, ecsCluster({ containerInstances: known([managed]) })).status).toBe('NOT_APPLICABLE');
});
