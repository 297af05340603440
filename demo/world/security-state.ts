import type {
  CoverageResource,
  DescribeOrganizationConfigurationResponse,
  GetDetectorResponse,
  Finding as GuardDutyFinding,
} from '@aws-sdk/client-guardduty';
import type { ResourceState } from '@aws-sdk/client-inspector2';
import type { AwsSecurityFinding, DescribeHubResponse } from '@aws-sdk/client-securityhub';

/** GuardDuty, Inspector and Security Hub in one account and Region. */
export interface SecurityState {
  detector: DetectorState | undefined;
  inspector: ResourceState;
  /** Undefined where Security Hub CSPM is off. */
  hub: Omit<DescribeHubResponse, '$metadata'> | undefined;
  /** Security Hub's own controls that a standard has switched on, such as `ECS.5`. */
  enabledControls: Set<string>;
  /** Findings by product ARN and id. */
  findings: Map<string, AwsSecurityFinding>;
}

export interface DetectorState {
  id: string;
  detector: Omit<GetDetectorResponse, '$metadata'>;
  coverage: CoverageResource[];
  findings: (GuardDutyFinding & { Id: string })[];
  /** Only the delegated administrator has one. */
  organization: Omit<DescribeOrganizationConfigurationResponse, '$metadata'> | undefined;
}

/** Everything off. */
export function emptySecurity(): SecurityState {
  const off = { status: 'DISABLED', errorCode: undefined, errorMessage: undefined } as const;
  return {
    detector: undefined,
    inspector: {
      ec2: { ...off, errorCode: 'ACCOUNT_IS_ISOLATED', errorMessage: '' },
      ecr: { ...off, errorCode: 'ACCOUNT_IS_ISOLATED', errorMessage: '' },
    },
    hub: undefined,
    enabledControls: new Set(),
    findings: new Map(),
  };
}
