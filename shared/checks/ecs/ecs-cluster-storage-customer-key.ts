import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, unknownBecause } from '../../domain/verdict.ts';

/** Fargate encrypts ephemeral storage anyway; a key of one's own can be audited, limited and withdrawn. */
export const ecsClusterStorageCustomerKey = defineCheck({
  id: 'ecs-cluster-storage-customer-key',
  title: 'ECS clusters should encrypt Fargate ephemeral storage with a customer managed key',
  resourceType: 'AwsEcsCluster',
  baseSeverity: 'LOW',
  needs: [{ kind: 'ecs-cluster', scope: 'region' }],
  rationale:
    'Fargate encrypts ephemeral storage with a key that AWS owns: its use cannot be audited, limited by a key policy, or ended by disabling the key.',
  limits:
    'EBS volumes of tasks can name a key each, and those of EC2 instances belong to the instance: neither is judged here.',
  remediation: {
    text: 'Set fargateEphemeralStorageKmsKeyId in the managedStorageConfiguration of the cluster and redeploy its services.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-storage-encryption.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.3.2'] },
  evaluate: (cluster, { facts }) => {
    const key = cluster.fargateEphemeralStorageKmsKeyId;
    if (key !== undefined && key !== '') return passed();
    const stated = facts.about('ecs-cluster', cluster.uid, cluster);
    if (!stated.facts.some(({ runsOnFargate }) => runsOnFargate)) {
      if (stated.whyIncomplete !== undefined) return unknownBecause(stated.whyIncomplete);
      return notApplicable('nothing in the cluster runs on Fargate');
    }
    return failed('Fargate ephemeral storage is not encrypted with a customer managed key', [
      {
        path: 'configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId',
        observed: null,
        expected: 'a customer managed KMS key',
      },
    ]);
  },
});
