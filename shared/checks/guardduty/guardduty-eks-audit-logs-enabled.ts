import { defineCheck } from '../../domain/check.ts';
import { judgeFeature, whenSomethingRuns } from './judge-detector.ts';

/** What is done through the Kubernetes API is seen in its audit log only. */
export const guarddutyEksAuditLogsEnabled = defineCheck({
  id: 'guardduty-eks-audit-logs-enabled',
  title: 'GuardDuty should monitor EKS audit logs',
  resourceType: 'AwsGuardDutyDetector',
  baseSeverity: 'HIGH',
  rationale:
    'Anonymous access, privileged Pods and stolen service account tokens show in the Kubernetes audit log; without this feature nothing reads it for threats.',
  remediation: {
    text: 'Enable the feature EKS_AUDIT_LOGS of the detector.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/guardduty-controls.html#guardduty-5',
  },
  frameworks: { 'aws-fsbp': ['GuardDuty.5'], 'nist-800-190': ['4.4.5'] },
  overlapsWith: ['GuardDuty.5'],
  evaluate: (detector) =>
    whenSomethingRuns(detector.workloads.eksClusters, 'the region has no EKS cluster', () =>
      judgeFeature(detector, 'EKS_AUDIT_LOGS', 'EKS audit log monitoring is off'),
    ),
});
