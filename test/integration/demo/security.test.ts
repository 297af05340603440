import {
  DescribeOrganizationConfigurationCommand,
  GetDetectorCommand,
  GetFindingsCommand as GetGuardDutyFindingsCommand,
  GuardDutyClient,
  ListCoverageCommand,
  ListDetectorsCommand,
  ListFindingsCommand,
} from '@aws-sdk/client-guardduty';
import { BatchGetAccountStatusCommand, Inspector2Client } from '@aws-sdk/client-inspector2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { configOf, homeRegion, refusal, startSeeded } from './clients.ts';

let demo: DemoAccount;
let guardduty: GuardDutyClient;

beforeAll(async () => {
  demo = await startSeeded();
  guardduty = new GuardDutyClient(configOf(demo));
});

afterAll(() => demo.close());

describe('the demo GuardDuty', () => {
  it('has a detector in us-east-1 and none in eu-west-1', async () => {
    const { DetectorIds } = await guardduty.send(new ListDetectorsCommand({}));
    expect(DetectorIds).toHaveLength(1);
    const europe = new GuardDutyClient(configOf(demo, 'eu-west-1'));
    expect((await europe.send(new ListDetectorsCommand({}))).DetectorIds).toEqual([]);
  });

  it('describes features with their additional configuration', async () => {
    const detector = await guardduty.send(new GetDetectorCommand({ DetectorId: await detectorId() }));
    const runtime = detector.Features?.find((feature) => feature.Name === 'RUNTIME_MONITORING');
    expect(runtime?.Status).toBe('ENABLED');
    expect(runtime?.UpdatedAt).toBeInstanceOf(Date);
    expect(runtime?.AdditionalConfiguration?.map((one) => one.Status)).toEqual(['ENABLED', 'DISABLED', 'DISABLED']);
    const error = await refusal(guardduty.send(new GetDetectorCommand({ DetectorId: 'f'.repeat(32) })));
    expect(error.name).toBe('BadRequestException');
  });

  it('lists coverage, all of it or by criterion', async () => {
    const DetectorId = await detectorId();
    const all = await guardduty.send(new ListCoverageCommand({ DetectorId }));
    expect(all.Resources).toHaveLength(4);
    const unhealthy = await guardduty.send(
      new ListCoverageCommand({
        DetectorId,
        FilterCriteria: {
          FilterCriterion: [{ CriterionKey: 'COVERAGE_STATUS', FilterCondition: { Equals: ['UNHEALTHY'] } }],
        },
      }),
    );
    expect(unhealthy.Resources?.[0]?.ResourceDetails?.EksClusterDetails?.ClusterName).toBe('tide-open');
    const error = await refusal(guardduty.send(new ListCoverageCommand({ DetectorId, MaxResults: 51 })));
    expect(error.name).toBe('BadRequestException');
  });

  it('lists findings by criteria and describes them', async () => {
    const DetectorId = await detectorId();
    const Criterion = { 'service.archived': { Eq: ['false'] }, severity: { Gte: 7 } };
    const { FindingIds } = await guardduty.send(
      new ListFindingsCommand({ DetectorId, FindingCriteria: { Criterion } }),
    );
    expect(FindingIds).toHaveLength(1);
    const { Findings } = await guardduty.send(new GetGuardDutyFindingsCommand({ DetectorId, FindingIds }));
    expect(Findings?.[0]?.Type).toBe('Policy:Kubernetes/AnonymousAccessGranted');
  });

  it('shows the organization only to the delegated administrator', async () => {
    const DetectorId = await detectorId();
    const command = new DescribeOrganizationConfigurationCommand({ DetectorId });
    expect((await refusal(guardduty.send(command))).name).toBe('BadRequestException');
    const state = homeRegion(demo).security.detector;
    if (state) state.organization = { MemberAccountLimitReached: false, AutoEnableOrganizationMembers: 'NEW' };
    expect((await guardduty.send(command)).AutoEnableOrganizationMembers).toBe('NEW');
  });
});

describe('the demo Inspector', () => {
  it('says what it scans in this account, and refuses others', async () => {
    const inspector = new Inspector2Client(configOf(demo));
    const status = await inspector.send(
      new BatchGetAccountStatusCommand({ accountIds: ['111122223333', '999988887777'] }),
    );
    expect(status.accounts?.[0]?.resourceState?.ecr?.status).toBe('ENABLED');
    expect(status.failedAccounts?.[0]?.errorCode).toBe('ACCESS_DENIED');
  });
});

async function detectorId(): Promise<string> {
  const { DetectorIds } = await guardduty.send(new ListDetectorsCommand({}));
  return DetectorIds?.[0] ?? '';
}
