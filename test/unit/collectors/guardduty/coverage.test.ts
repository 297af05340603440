import { ListCoverageCommand } from '@aws-sdk/client-guardduty';
import { beforeEach, expect, test } from 'vitest';
import { known } from '#shared/domain/observed.ts';
import { ecsClusterFact, eksClusterFact } from '#test/factories/guardduty.ts';
import { ACCOUNT } from '#test/factories/resource.ts';
import { collectDetector, guardduty, stubGuardDuty } from './stubbed-guardduty.ts';

beforeEach(stubGuardDuty);

const covered = (CoverageStatus: 'HEALTHY' | 'UNHEALTHY', ResourceDetails: object, more: object = {}) => ({
  AccountId: ACCOUNT,
  CoverageStatus,
  ResourceDetails,
  ...more,
});
const ecsFact = ecsClusterFact();
const eksFact = eksClusterFact();

test('runtime coverage is joined to each cluster over two pages; a cluster that is missing is not covered (T84)', async () => {
  const eks = { ResourceType: 'EKS', EksClusterDetails: { ClusterName: 'shop', ManagementType: 'MANUAL' } };
  const ecs = { ResourceType: 'ECS', EcsClusterDetails: { ClusterName: ecsFact.key } };
  guardduty
    .on(ListCoverageCommand)
    .resolvesOnce({ Resources: [covered('UNHEALTHY', eks, { Issue: 'No agent' })], NextToken: 'next' })
    .resolvesOnce({ Resources: [covered('HEALTHY', ecs)] });
  const other = eksClusterFact({ key: `${eksFact.key}-2`, name: 'shop-2' });

  const { clusters, gaps } = await collectDetector({ facts: [ecsFact, eksFact, other] });

  expect(gaps).toEqual([]);
  expect(clusters).toMatchObject([
    { uid: ecsFact.key, name: 'prod', platform: 'ECS', coverage: { value: { status: 'HEALTHY' } } },
    {
      uid: eksFact.key,
      platform: 'EKS',
      coverage: { value: { status: 'UNHEALTHY', issue: 'No agent', managementType: 'MANUAL' } },
    },
    { uid: other.key, coverage: { known: true, value: null } },
  ]);
});

test('runtime coverage is asked for clusters of the own account only, and not at all where there are none', async () => {
  await collectDetector();
  expect(guardduty.commandCalls(ListCoverageCommand)).toEqual([]);

  await collectDetector({ facts: [eksFact] });
  expect(guardduty.commandCalls(ListCoverageCommand)[0]?.args[0].input.FilterCriteria).toEqual({
    FilterCriterion: [
      { CriterionKey: 'ACCOUNT_ID', FilterCondition: { Equals: [ACCOUNT] } },
      { CriterionKey: 'RESOURCE_TYPE', FilterCondition: { Equals: ['EKS', 'ECS'] } },
    ],
  });
});

test('runtime coverage is unhealthy when a cluster stands in it twice and one of them is', async () => {
  const eks = { EksClusterDetails: { ClusterName: 'shop' } };
  guardduty.on(ListCoverageCommand).resolves({ Resources: [covered('UNHEALTHY', eks), covered('HEALTHY', eks)] });

  expect((await collectDetector({ facts: [eksFact] })).clusters[0]?.coverage).toMatchObject({
    value: { status: 'UNHEALTHY' },
  });
});

test('runtime coverage of a cluster without a name is a gap', async () => {
  guardduty.on(ListCoverageCommand).resolves({ Resources: [covered('HEALTHY', { EksClusterDetails: {} })] });

  expect((await collectDetector({ facts: [eksFact] })).gaps).toMatchObject([
    { operation: 'guardduty:ListCoverage', cause: 'invalid-answer' },
  ]);
});

test('runtime coverage does not matter where no agent could run', async () => {
  const idle = ecsClusterFact({ hasTasks: false });
  const fargateOnly = eksClusterFact({ runsOnEc2: known(false), runsOnFargate: known(true) });

  expect((await collectDetector({ facts: [idle, fargateOnly] })).clusters).toMatchObject([
    { platform: 'ECS', coverable: known(false), inUse: 'no' },
    { platform: 'EKS', coverable: known(false), inUse: 'yes' },
  ]);
});

test('runtime coverage may matter for tasks that are counted and could not be listed', async () => {
  const counted = ecsClusterFact({ hasTasks: true });

  expect((await collectDetector({ facts: [counted] })).clusters).toMatchObject([{ coverable: known(true) }]);
  expect((await collectDetector({ facts: [counted], completeKinds: ['eks-cluster'] })).clusters).toMatchObject([
    { coverable: { known: false } },
  ]);
});

test('T84: runtime coverage does not matter where all tasks are Windows tasks', async () => {
  const windows = ecsClusterFact({ watchableTasks: false });

  expect((await collectDetector({ facts: [windows] })).clusters).toMatchObject([
    { platform: 'ECS', coverable: known(false), inUse: 'yes' },
  ]);
  expect((await collectDetector({ facts: [windows], completeKinds: ['eks-cluster'] })).clusters).toMatchObject([
    { coverable: { known: false } },
  ]);
});

test('runtime coverage may matter for a cluster whose tasks could not be read, though none was seen', async () => {
  const unread = { facts: [ecsClusterFact({ hasTasks: false })], completeKinds: ['eks-cluster' as const] };

  expect((await collectDetector(unread)).clusters).toMatchObject([
    { platform: 'ECS', coverable: { known: false }, inUse: 'unknown' },
  ]);
});
