import { expect, test } from 'vitest';
import { ecsClusterStorageCustomerKey as check } from '#shared/checks/ecs/ecs-cluster-storage-customer-key.ts';
import type { EcsClusterFact } from '#shared/collectors/ecs/model.ts';
import { CLUSTER_ARN, ecsCluster, without } from '#test/factories/ecs-services.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { judge } from '#test/support/judge.ts';

const withoutKey = without(ecsCluster(), 'fargateEphemeralStorageKmsKeyId');
const fact = (runsOnFargate: boolean): EcsClusterFact => ({
  kind: 'ecs-cluster',
  key: CLUSTER_ARN,
  accountId: ACCOUNT,
  region: REGION,
  observedAt: '2026-11-23T00:00:00.000Z',
  name: 'prod',
  runsOnFargate,
  runsOnEc2: !runsOnFargate,
  hasTasks: true,
});

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

test('FAILED, not hidden, when it could not be read what the cluster runs on', () => {
  expect(judge(check, withoutKey).status).toBe('FAILED');
});

test('NOT_APPLICABLE when nothing runs on Fargate', () => {
  expect(judge(check, withoutKey, { facts: [fact(false)] }).status).toBe('NOT_APPLICABLE');
});
