import { defineCheck } from '../../domain/check.ts';
import { judgeEfsVolumes } from './efs-volumes.ts';

/** Encryption in transit is off unless it is switched on. */
export const ecsTaskEfsEncryptedInTransit = defineCheck({
  id: 'ecs-task-efs-encrypted-in-transit',
  title: 'ECS task definitions should encrypt EFS volumes in transit',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'MEDIUM',
  rationale:
    'Files on an EFS volume cross the network in plain NFS unless encryption in transit is on, and it is off by default.',
  remediation: {
    text: 'Set efsVolumeConfiguration.transitEncryption to ENABLED on every EFS volume of the task definition.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-18',
  },
  frameworks: { 'aws-fsbp': ['ECS.18'] },
  overlapsWith: ['ECS.18'],
  evaluate: (family) =>
    judgeEfsVolumes(family, {
      field: 'transitEncryption',
      read: (efs) => efs.transitEncryption,
      whenOff: 'an EFS volume is not encrypted in transit',
    }),
});
