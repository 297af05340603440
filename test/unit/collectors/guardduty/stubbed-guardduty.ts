import {
  DescribeOrganizationConfigurationCommand,
  GetDetectorCommand,
  GuardDutyClient,
  ListCoverageCommand,
  ListDetectorsCommand,
  ListFindingsCommand,
} from '@aws-sdk/client-guardduty';
import { mockClient } from 'aws-sdk-client-mock';
import { guarddutyCollector } from '#shared/collectors/guardduty/collect.ts';
import type { ClusterRuntimeCoverage, GuardDutyDetector } from '#shared/collectors/guardduty/model.ts';
import { awsError, collect, rejectUnstubbed } from '#test/support/collect.ts';

export const DETECTOR = '12abc34d567e8fa901bc2d34e56789f0';
export const guardduty = rejectUnstubbed(mockClient(GuardDutyClient));

/** A region with a detector, without findings and coverage, in an account that administers no other. */
export function stubGuardDuty(): void {
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
}

/** Collects, with the detector apart from the clusters. */
export async function collectDetector(options: Parameters<typeof collect>[1] = {}) {
  const collected = await collect(guarddutyCollector, options);
  const [detector, ...clusters] = collected.resources;
  return {
    ...collected,
    detector: detector as GuardDutyDetector,
    clusters: clusters as readonly ClusterRuntimeCoverage[],
  };
}
