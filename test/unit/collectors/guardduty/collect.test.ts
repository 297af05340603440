import {
  DescribeOrganizationConfigurationCommand,
  GetDetectorCommand,
  GetFindingsCommand,
  ListCoverageCommand,
  ListDetectorsCommand,
  ListFindingsCommand,
} from '@aws-sdk/client-guardduty';
import { beforeEach, describe, expect, test } from 'vitest';
import { guarddutyCollector } from '#shared/collectors/guardduty/collect.ts';
import { known } from '#shared/domain/observed.ts';
import { ecsClusterFact, eksClusterFact } from '#test/factories/guardduty.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { accessDenied, awsError } from '#test/support/collect.ts';
import { collectDetector, DETECTOR, guardduty, stubGuardDuty } from './stubbed-guardduty.ts';

beforeEach(stubGuardDuty);

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
    const fargateOnly = eksClusterFact({ runsOnEc2: known(false), runsOnFargate: known(true) });

    expect((await collectDetector({ facts: [ecsClusterFact(), fargateOnly] })).detector.workloads).toEqual({
      ecsOnFargate: known(true),
      eksClusters: known(true),
      eksNodes: known(false),
      onEc2: known(false),
    });
    expect((await collectDetector({ completeKinds: ['ecs-cluster'] })).detector.workloads).toMatchObject({
      ecsOnFargate: known(false),
      eksClusters: { known: false },
      eksNodes: { known: false },
      onEc2: { known: false },
    });
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
