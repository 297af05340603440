import { defineCheck } from '../../domain/check.ts';
import { whenKnown } from '../../domain/verdict.ts';
import { judgeRuntime, RUNTIME_FEATURES, whenDetectorOn, whenSomethingRuns } from './judge-detector.ts';

/** Only an agent on the node sees what a process in a Pod does. */
export const guarddutyEksRuntimeEnabled = defineCheck({
  id: 'guardduty-eks-runtime-enabled',
  title: 'GuardDuty should monitor the runtime of EKS clusters',
  resourceType: 'AwsGuardDutyDetector',
  baseSeverity: 'HIGH',
  rationale:
    'Reverse shells, crypto miners and container escapes happen between processes and system calls, where neither audit logs nor network flows show them.',
  limits: 'Either runtime feature will do. Whether agents really run is told for each cluster by its own check.',
  remediation: {
    text: 'Enable the feature RUNTIME_MONITORING of the detector, with EKS_ADDON_MANAGEMENT.',
    url: 'https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring-configuration.html',
  },
  frameworks: { 'nist-800-190': ['4.4.4'] },
  relatedControls: { 'aws-fsbp': ['GuardDuty.7', 'GuardDuty.11'] },
  evaluate: (detector) =>
    whenSomethingRuns(detector.workloads.eksNodes, 'the region has no EKS cluster with nodes', () =>
      whenDetectorOn(detector, ({ features }) =>
        whenKnown(features, (all) => judgeRuntime(all, RUNTIME_FEATURES).verdict),
      ),
    ),
});
