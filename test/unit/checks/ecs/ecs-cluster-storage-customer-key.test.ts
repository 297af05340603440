import { expect, test } from 'vitest';
import { ecsClusterStorageCustomerKey as check } from '#shared/checks/ecs/ecs-cluster-storage-customer-key.ts';
import { ecsCluster, without } from '#test/factories/ecs-services.ts';
import { ecsClusterFact } from '#test/factories/guardduty.ts';
import { judge } from '#test/support/judge.ts';

const withoutKey = without(ecsCluster(), 'fargateEphemeralStorageKmsKeyId');
const fact = (runsOnFargate: boolean) => ecsClusterFact({ runsOnFargate, runsOnEc2: !runsOnFargate });

test('PASSED when Fargate ephemeral storage has a customer managed key', () => {
  expect(judge(check, ecsCluster(), { facts: [fact(true)] }).status).toBe('PASSED');
});

test('FAILED when the cluster runs on Fargate without one', () => {
  expect(judge(check, withoutKey, { facts: [fact(true)] })).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'Fargate ephemeral storage is not encrypted with a customer managed key',
    evidence: [{ path: 'configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId' }],
  });
});

test('UNKNOWN when it could not be read all of what the cluster runs, and nothing on Fargate was seen', () => {
  expect(judge(check, withoutKey).status).toBe('UNKNOWN');
  expect(judge(check, withoutKey, { facts: [fact(false)], completeKinds: [] }).status).toBe('UNKNOWN');
});

test('FAILED when something runs on Fargate, whatever else could not be read', () => {
  expect(judge(check, withoutKey, { facts: [fact(true)], completeKinds: [] }).status).toBe('FAILED');
});

test('NOT_APPLICABLE when nothing runs on Fargate', () => {
  expect(judge(check, withoutKey, { facts: [fact(false)] }).status).toBe('NOT_APPLICABLE');
});
