import { defineCheck } from '../../domain/check.ts';
import { judgeEfsVolumes } from './efs-volumes.ts';

/** With IAM authorization the file system's policy can tell one task role from another. */
export const ecsTaskEfsIamAuthorized = defineCheck({
  id: 'ecs-task-efs-iam-authorized',
  title: 'ECS task definitions should mount EFS volumes with the role of the task',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'LOW',
  rationale:
    'Without IAM authorization everything that reaches a mount target over the network may mount the file system, and no policy can tell who did.',
  remediation: {
    text: 'Set efsVolumeConfiguration.authorizationConfig.iam and transitEncryption to ENABLED, and allow the task role in the policy of the file system.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html',
  },
  frameworks: {},
  evaluate: (family) =>
    judgeEfsVolumes(family, {
      field: 'authorizationConfig.iam',
      read: (efs) => efs.iam,
      whenOff: 'an EFS volume is mounted without IAM authorization',
    }),
});
