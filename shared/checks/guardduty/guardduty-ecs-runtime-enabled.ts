import { defineCheck } from '../../domain/check.ts';
import { judgeRuntimeAgent, whenSomethingRuns } from './judge-detector.ts';

/** On Fargate only GuardDuty itself can bring the agent, as a sidecar. */
export const guarddutyEcsRuntimeEnabled = defineCheck({
  id: 'guardduty-ecs-runtime-enabled',
  title: 'GuardDuty should monitor the runtime of ECS tasks on Fargate',
  resourceType: 'AwsGuardDutyDetector',
  baseSeverity: 'MEDIUM',
  rationale:
    'Reverse shells, crypto miners and credential theft inside a task are visible to an agent beside it only, and on Fargate nobody but GuardDuty can put one there.',
  limits: 'Tasks that were started before stay without the sidecar until they are replaced.',
  remediation: {
    text: 'Enable RUNTIME_MONITORING with ECS_FARGATE_AGENT_MANAGEMENT, and force new deployments of the services.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/guardduty-controls.html#guardduty-12',
  },
  frameworks: { 'aws-fsbp': ['GuardDuty.12'], 'nist-800-190': ['4.4.4'] },
  relatedControls: { 'aws-fsbp': ['GuardDuty.11'] },
  overlapsWith: ['GuardDuty.12'],
  evaluate: (detector) =>
    whenSomethingRuns(detector.workloads.ecsOnFargate, 'nothing of ECS runs on Fargate in the region', () =>
      judgeRuntimeAgent(
        detector,
        // The older feature watches EKS alone.
        ['RUNTIME_MONITORING'],
        'ECS_FARGATE_AGENT_MANAGEMENT',
        'GuardDuty does not add its agent to ECS tasks on Fargate',
      ),
    ),
});
