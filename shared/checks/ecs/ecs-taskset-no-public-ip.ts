import { defineCheck } from '../../domain/check.ts';
import { judgePublicIp } from './judge-public-ip.ts';

/** The task sets of blue/green and external deployments carry their own network configuration. */
export const ecsTasksetNoPublicIp = defineCheck({
  id: 'ecs-taskset-no-public-ip',
  title: 'ECS task sets should not assign public IP addresses to their tasks',
  resourceType: 'AwsEcsTaskSet',
  baseSeverity: 'HIGH',
  rationale:
    'A task set has its own network configuration: with a public IP address its tasks are one security group rule away from the internet, whatever the service says.',
  remediation: {
    text: 'Create the task set again with assignPublicIp DISABLED in its network configuration, make it the primary one and delete this one.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-16',
  },
  frameworks: { 'aws-fsbp': ['ECS.16'] },
  relatedControls: { 'nist-800-190': ['4.3.3'] },
  overlapsWith: ['ECS.16'],
  evaluate: (taskSet) => judgePublicIp(taskSet.assignPublicIp),
});
