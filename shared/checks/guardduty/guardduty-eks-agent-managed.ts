import { defineCheck } from '../../domain/check.ts';
import { judgeRuntimeAgent, RUNTIME_FEATURES, whenSomethingRuns } from './judge-detector.ts';

/** An agent that people install is missing on the next cluster. */
export const guarddutyEksAgentManaged = defineCheck({
  id: 'guardduty-eks-agent-managed',
  title: 'GuardDuty should manage its agent in EKS clusters',
  resourceType: 'AwsGuardDutyDetector',
  baseSeverity: 'MEDIUM',
  severityNote:
    'AWS rates GuardDuty.7 HIGH, because it also stands for runtime monitoring itself, which has a check of its own here.',
  rationale:
    'Runtime monitoring sees nothing without its agent: where GuardDuty does not manage the add-on, new clusters have none and old ones keep an old version.',
  limits:
    'Agents that are installed by hand are not counted; what they cover is told for each cluster by its own check.',
  remediation: {
    text: 'Enable EKS_ADDON_MANAGEMENT in the additional configuration of the runtime monitoring feature.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/guardduty-controls.html#guardduty-7',
  },
  frameworks: { 'nist-800-190': ['4.4.4'] },
  relatedControls: { 'aws-fsbp': ['GuardDuty.7'] },
  evaluate: (detector) =>
    whenSomethingRuns(detector.workloads.eksNodes, 'the region has no EKS cluster with nodes', () =>
      judgeRuntimeAgent(
        detector,
        RUNTIME_FEATURES,
        'EKS_ADDON_MANAGEMENT',
        'GuardDuty does not manage its agent in EKS clusters',
      ),
    ),
});
