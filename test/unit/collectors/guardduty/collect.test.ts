import {
  DescribeOrganizationConfigurationCommand,
  GetDetectorCommand,
  GetFindingsCommand,
  GuardDutyClient,
  ListCoverageCommand,
  ListDetectorsCommand,
  ListFindingsCommand,
} from '@aws-sdk/client-guardduty';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { guarddutyCollector } from '#shared/collectors/guardduty/collect.ts';
import type { ClusterRuntimeCoverage, GuardDutyDetector } from '#shared/collectors/guardduty/model.ts';
import { ecsClusterFact, eksClusterFact } from '#test/factories/guardduty.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { accessDenied, awsError, collect, rejectUnstubbed } from '#test/support/collect.ts';

const DETECTOR = '12abc34d567e8fa901bc2d34e56789f0';
const guardduty = rejectUnstubbed(mockClient(GuardDutyClient));

const finding = (Id: string, CreatedAt: string, more: object = {}) => ({
  Id,
  AccountId: ACCOUNT,
  Arn: `arn:aws:guardduty:${REGION}:${ACCOUNT}:detector/${DETECTOR}/finding/${Id}`,
  CreatedAt,
  UpdatedAt: CreatedAt,
  Region: REGION,
  SchemaVersion: '2.0',
  Severity: 8,
  Type: 'Execution:Runtime/NewBinaryExecuted',
  Title: 'hostile text',
  Resource: { ResourceType: 'ECSCluster' },
  ...more,
});

beforeEach(() => {
  guardduty.reset();
  rejectUnstubbed(guardduty);
  guardduty.on(ListDetectorsCommand).resolves({ DetectorIds: [DETECTOR] });
  guardduty.on(GetDetectorCommand).resolves({
    ServiceRole: 'role',
    Status: 'ENABLED',
    Features: [
      {
        Name: 'RUNTIME_MONITORING',
        Status: 'ENABLED',
        AdditionalConfiguration: [
          { Name: 'EKS_ADDON_MANAGEMENT', Status: 'ENABLED' },
          { Name: 'EC2_AGENT_MANAGEMENT', Status: 'DISABLED' },
        ],
      },
      { Name: 'EKS_AUDIT_LOGS', Status: 'DISABLED' },
    ],
  });
  guardduty.on(DescribeOrganizationConfigurationCommand).rejects(awsError('BadRequestException'));
  guardduty.on(ListFindingsCommand).resolves({ FindingIds: [] });
  guardduty.on(ListCoverageCommand).resolves({ Resources: [] });
});

async function collectDetector(options: Parameters<typeof collect>[1] = {}) {
  const collected = await collect(guarddutyCollector, options);
  const [detector, ...clusters] = collected.resources;
  return {
    ...collected,
    detector: detector as GuardDutyDetector,
    clusters: clusters as readonly ClusterRuntimeCoverage[],
  };
}

describe('the detector', () => {
  test('has an identity without its id, and features sorted by name', async () => {
    const { detector, gaps } = await collectDetector();

    expect(gaps).toEqual([]);
    expect(detector).toMatchObject({
      type: 'AwsGuardDutyDetector',
      uid: `arn:aws:guardduty:${REGION}:${ACCOUNT}:detector`,
      arn: `arn:aws:guardduty:${REGION}:${ACCOUNT}:detector/${DETECTOR}`,
      detector: {
        known: true,
        value: {
          status: 'ENABLED',
          features: {
            known: true,
            value: [
              { name: 'EKS_AUDIT_LOGS', status: 'DISABLED', additional: [] },
              {
                name: 'RUNTIME_MONITORING',
                status: 'ENABLED',
                additional: [
                  { name: 'EC2_AGENT_MANAGEMENT', status: 'DISABLED' },
                  { name: 'EKS_ADDON_MANAGEMENT', status: 'ENABLED' },
                ],
              },
            ],
          },
        },
      },
    });
  });

  test('is there also where the region has none (D6)', async () => {
    guardduty.on(ListDetectorsCommand).resolves({ DetectorIds: [] });

    const { detector, gaps } = await collectDetector({ facts: [ecsClusterFact()] });

    expect(gaps).toEqual([]);
    expect(detector).not.toHaveProperty('arn');
    expect(detector).toMatchObject({ detector: { known: true, value: null }, organization: { value: null } });
  });

  test('is found on the second page', async () => {
    guardduty
      .on(ListDetectorsCommand)
      .resolvesOnce({ DetectorIds: [], NextToken: 'next' })
      .resolvesOnce({ DetectorIds: [DETECTOR] });

    expect((await collectDetector()).detector.arn).toContain(DETECTOR);
  });

  test('of the delegated administrator has the organization configuration', async () => {
    guardduty
      .on(DescribeOrganizationConfigurationCommand)
      .resolves({ MemberAccountLimitReached: false, AutoEnableOrganizationMembers: 'ALL' });

    expect((await collectDetector()).detector.organization).toEqual({
      known: true,
      value: { autoEnableMembers: 'ALL' },
    });
  });

  test.for([
    [true, 'NEW'],
    [false, 'NONE'],
  ] as const)('reads the older flag %s as %s', async ([AutoEnable, autoEnableMembers]) => {
    guardduty.on(DescribeOrganizationConfigurationCommand).resolves({ MemberAccountLimitReached: false, AutoEnable });

    expect((await collectDetector()).detector.organization).toEqual({ known: true, value: { autoEnableMembers } });
  });

  test('knows no features when the answer has none, or one without a name', async () => {
    for (const Features of [undefined, [{ Status: 'ENABLED' as const }]]) {
      guardduty
        .on(GetDetectorCommand)
        .resolves({ ServiceRole: 'role', Status: 'ENABLED', ...(Features === undefined ? {} : { Features }) });

      expect((await collectDetector()).detector.detector).toMatchObject({
        value: { features: { known: false, reason: { kind: 'undecidable' } } },
      });
    }
  });

  test('is in use where clusters are, not in use where there are none, and unknown otherwise', async () => {
    expect((await collectDetector({ facts: [eksClusterFact()] })).detector.inUse).toBe('yes');
    expect((await collectDetector()).detector.inUse).toBe('no');
    expect((await collectDetector({ completeKinds: ['eks-cluster'] })).detector.inUse).toBe('unknown');
  });

  test('says what runs in the region', async () => {
    const fargateOnly = eksClusterFact({ runsOnEc2: false, runsOnFargate: true });

    expect((await collectDetector({ facts: [ecsClusterFact(), fargateOnly] })).detector.workloads).toEqual({
      ecsOnFargate: 'yes',
      eksClusters: 'yes',
      eksNodes: 'no',
      onEc2: 'no',
    });
    expect((await collectDetector({ completeKinds: ['ecs-cluster'] })).detector.workloads).toEqual({
      ecsOnFargate: 'no',
      eksClusters: 'unknown',
      eksNodes: 'unknown',
      onEc2: 'unknown',
    });
  });
});

describe('findings', () => {
  test('are counted over all pages and batches, oldest first, with nothing but their summary', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `f${String(index).padStart(2, '0')}`);
    guardduty
      .on(ListFindingsCommand)
      .resolvesOnce({ FindingIds: ids.slice(0, 50), NextToken: 'next' })
      .resolvesOnce({ FindingIds: ids.slice(50) });
    guardduty.on(GetFindingsCommand).callsFake(({ FindingIds }: { FindingIds: string[] }) => ({
      Findings: FindingIds.map((id) =>
        finding(id, `2026-10-${String(30 - (Number(id.slice(1)) % 30)).padStart(2, '0')}T00:00:00Z`),
      ),
    }));

    const { detector } = await collectDetector();

    expect(detector.urgentFindings).toMatchObject({ known: true, value: { total: 60 } });
    const { oldest } = detector.urgentFindings.known ? detector.urgentFindings.value : { oldest: [] };
    expect(oldest).toHaveLength(10);
    expect(oldest[0]).toEqual({
      id: 'f29',
      type: 'Execution:Runtime/NewBinaryExecuted',
      severity: 8,
      createdAt: '2026-10-01T00:00:00.000Z',
    });
    expect(guardduty.commandCalls(GetFindingsCommand).map((call) => call.args[0].input.FindingIds?.length)).toEqual([
      50, 10,
    ]);
  });

  test("are asked for unarchived, severe and of the account's own, because an administrator sees its members'", async () => {
    await collectDetector();

    expect(guardduty.commandCalls(ListFindingsCommand)[0]?.args[0].input.FindingCriteria?.Criterion).toEqual({
      accountId: { Equals: [ACCOUNT] },
      'service.archived': { Equals: ['false'] },
      severity: { GreaterThanOrEqual: 7 },
    });
  });

  test.for([
    ['an EKS cluster', { Resource: { ResourceType: 'EKSCluster' } }, 1],
    ['a container on an instance', { Resource: { ResourceType: 'Instance', ContainerDetails: { Id: 'c' } } }, 1],
    ['an attack sequence on EKS', { Type: 'AttackSequence:EKS/CompromisedCluster', Resource: {} }, 1],
    ['an attack sequence on IAM', { Type: 'AttackSequence:IAM/CompromisedCredentials', Resource: {} }, 0],
    ['an instance', { Resource: { ResourceType: 'Instance', InstanceDetails: { InstanceId: 'i' } } }, 0],
  ] as const)('on %s count %j', async ([, more, total]) => {
    guardduty.on(ListFindingsCommand).resolves({ FindingIds: ['f1'] });
    guardduty.on(GetFindingsCommand).resolves({ Findings: [finding('f1', '2026-10-01T00:00:00Z', more) as never] });

    expect((await collectDetector()).detector.urgentFindings).toMatchObject({ value: { total } });
  });

  test('without a time of creation are a gap', async () => {
    guardduty.on(ListFindingsCommand).resolves({ FindingIds: ['f1'] });
    guardduty.on(GetFindingsCommand).resolves({ Findings: [finding('f1', 'soon') as never] });

    const { gaps } = await collectDetector();

    expect(gaps).toMatchObject([{ operation: 'guardduty:GetFindings', cause: 'invalid-answer' }]);
  });

  test('are not asked for where the detector is disabled (T85)', async () => {
    guardduty.on(GetDetectorCommand).resolves({ ServiceRole: 'role', Status: 'DISABLED', Features: [] });

    await collectDetector({ facts: [eksClusterFact()] });

    expect(guardduty.commandCalls(ListFindingsCommand)).toEqual([]);
    expect(guardduty.commandCalls(ListCoverageCommand)).toEqual([]);
  });
});

describe('runtime coverage', () => {
  const covered = (CoverageStatus: 'HEALTHY' | 'UNHEALTHY', ResourceDetails: object, more: object = {}) => ({
    AccountId: ACCOUNT,
    CoverageStatus,
    ResourceDetails,
    ...more,
  });
  const ecsFact = ecsClusterFact();
  const eksFact = eksClusterFact();

  test('is joined to each cluster over two pages; a cluster that is missing is not covered (T84)', async () => {
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

  test('is asked for clusters of the own account only, and not at all where there are none', async () => {
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

  test('is unhealthy when a cluster stands in it twice and one of them is', async () => {
    const eks = { EksClusterDetails: { ClusterName: 'shop' } };
    guardduty.on(ListCoverageCommand).resolves({ Resources: [covered('UNHEALTHY', eks), covered('HEALTHY', eks)] });

    expect((await collectDetector({ facts: [eksFact] })).clusters[0]?.coverage).toMatchObject({
      value: { status: 'UNHEALTHY' },
    });
  });

  test('of a cluster without a name is a gap', async () => {
    guardduty.on(ListCoverageCommand).resolves({ Resources: [covered('HEALTHY', { EksClusterDetails: {} })] });

    expect((await collectDetector({ facts: [eksFact] })).gaps).toMatchObject([
      { operation: 'guardduty:ListCoverage', cause: 'invalid-answer' },
    ]);
  });

  test('does not matter where no agent could run', async () => {
    const idle = ecsClusterFact({ hasTasks: false });
    const fargateOnly = eksClusterFact({ runsOnEc2: false, runsOnFargate: true });

    expect((await collectDetector({ facts: [idle, fargateOnly] })).clusters).toMatchObject([
      { platform: 'ECS', coverable: false, inUse: 'no' },
      { platform: 'EKS', coverable: false, inUse: 'yes' },
    ]);
  });
});

describe('what is denied', () => {
  test.for([
    ['guardduty:ListDetectors', ListDetectorsCommand, 'detector'],
    ['guardduty:GetDetector', GetDetectorCommand, 'detector'],
    ['guardduty:DescribeOrganizationConfiguration', DescribeOrganizationConfigurationCommand, 'organization'],
    ['guardduty:ListFindings', ListFindingsCommand, 'urgentFindings'],
    ['guardduty:GetFindings', GetFindingsCommand, 'urgentFindings'],
  ] as const)('%s is a gap and an unknown', async ([operation, command, field]) => {
    guardduty.on(ListFindingsCommand).resolves({ FindingIds: ['f1'] });
    guardduty.on(GetFindingsCommand).resolves({ Findings: [] });
    guardduty.on(command as typeof ListDetectorsCommand).rejects(accessDenied(operation));

    const { detector, gaps } = await collectDetector();

    expect(gaps).toMatchObject([{ operation, cause: 'denied', missingPermission: operation }]);
    expect(detector[field]).toMatchObject({ known: false, reason: { missingPermission: operation } });
  });

  test('guardduty:ListCoverage is one gap, and unknown for every cluster', async () => {
    guardduty.on(ListCoverageCommand).rejects(accessDenied('guardduty:ListCoverage'));

    const { clusters, gaps } = await collectDetector({ facts: [ecsClusterFact(), eksClusterFact()] });

    expect(gaps).toMatchObject([{ operation: 'guardduty:ListCoverage', count: 1 }]);
    expect(clusters.map(({ coverage }) => coverage.known)).toEqual([false, false]);
  });

  test('the detector: coverage is unknown without another gap', async () => {
    guardduty.on(ListDetectorsCommand).rejects(accessDenied('guardduty:ListDetectors'));

    const { clusters, gaps } = await collectDetector({ facts: [eksClusterFact()] });

    expect(gaps).toHaveLength(1);
    expect(clusters[0]?.coverage.known).toBe(false);
  });

  test('one page of several: the listing is unknown, never shorter', async () => {
    guardduty
      .on(ListCoverageCommand)
      .resolvesOnce({ Resources: [], NextToken: 'next' })
      .rejectsOnce(awsError('InternalServerErrorException', 'boom', 500));

    expect((await collectDetector({ facts: [eksClusterFact()] })).clusters[0]?.coverage.known).toBe(false);
  });
});

test('declares exactly the actions it calls', async () => {
  guardduty.on(ListFindingsCommand).resolves({ FindingIds: ['f1'] });
  guardduty.on(GetFindingsCommand).resolves({ Findings: [] });
  await collectDetector({ facts: [eksClusterFact()] });

  const called = guardduty.calls().map((call) => `guardduty:${call.args[0].constructor.name.replace('Command', '')}`);
  expect([...new Set(called)].sort()).toEqual(guarddutyCollector.permissions);
});
