import {
  DescribeOrganizationConfigurationCommand,
  GetDetectorCommand,
  GetFindingsCommand,
  GuardDutyClient,
  ListCoverageCommand,
  ListDetectorsCommand,
  ListFindingsCommand,
} from '@aws-sdk/client-guardduty';
import { BatchGetAccountStatusCommand, Inspector2Client } from '@aws-sdk/client-inspector2';
import type { PermissionProbe, ProbePlace } from './probe.ts';

/** A detector that no account has. GuardDuty says that it "is not owned by the current account". */
const DetectorId = '0'.repeat(32);
const refusals = ['BadRequestException'];
const guardduty = ({ clientFor }: ProbePlace) => clientFor(GuardDutyClient);

/** @see https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Operations.html */
export const detectionProbes = {
  'guardduty:DescribeOrganizationConfiguration': {
    call: (place) => guardduty(place).send(new DescribeOrganizationConfigurationCommand({ DetectorId })),
    refusals,
  },
  'guardduty:GetDetector': {
    call: (place) => guardduty(place).send(new GetDetectorCommand({ DetectorId })),
    refusals,
  },
  'guardduty:GetFindings': {
    call: (place) => guardduty(place).send(new GetFindingsCommand({ DetectorId, FindingIds: [DetectorId] })),
    refusals,
  },
  'guardduty:ListCoverage': {
    call: (place) => guardduty(place).send(new ListCoverageCommand({ DetectorId, MaxResults: 1 })),
    refusals,
  },
  'guardduty:ListDetectors': {
    call: (place) => guardduty(place).send(new ListDetectorsCommand({ MaxResults: 1 })),
  },
  'guardduty:ListFindings': {
    call: (place) => guardduty(place).send(new ListFindingsCommand({ DetectorId, MaxResults: 1 })),
    refusals,
  },
  'inspector2:BatchGetAccountStatus': {
    call: ({ clientFor, accountId }) =>
      clientFor(Inspector2Client).send(new BatchGetAccountStatusCommand({ accountIds: [accountId] })),
  },
} as const satisfies Record<string, PermissionProbe>;
