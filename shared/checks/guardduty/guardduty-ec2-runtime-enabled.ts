import { defineCheck } from '../../domain/check.ts';
import { judgeRuntimeAgent, whenSomethingRuns } from './judge-detector.ts';

/** The agent of an instance watches the containers on it. */
export const guarddutyEc2RuntimeEnabled = defineCheck({
  id: 'guardduty-ec2-runtime-enabled',
  title: 'GuardDuty should monitor the runtime of EC2 instances that run containers',
  resourceType: 'AwsGuardDutyDetector',
  baseSeverity: 'MEDIUM',
  rationale:
    'Containers on EC2 instances are watched by the agent of the instance; where GuardDuty does not manage it, new instances come without one.',
  limits: 'Agents that are installed by hand are not counted.',
  remediation: {
    text: 'Enable RUNTIME_MONITORING with EC2_AGENT_MANAGEMENT.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/guardduty-controls.html#guardduty-13',
  },
  frameworks: { 'aws-fsbp': ['GuardDuty.13'] },
  overlapsWith: ['GuardDuty.13'],
  evaluate: (detector) =>
    whenSomethingRuns(detector.workloads.onEc2, 'no containers run on EC2 instances of the account in the region', () =>
      judgeRuntimeAgent(
        detector,
        ['RUNTIME_MONITORING'],
        'EC2_AGENT_MANAGEMENT',
        'GuardDuty does not manage its agent on EC2 instances',
      ),
    ),
});
