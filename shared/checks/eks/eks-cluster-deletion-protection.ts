import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';

/** One wrong call, or one compromised pipeline, otherwise takes the cluster and all it runs away. */
export const eksClusterDeletionProtection = defineCheck({
  id: 'eks-cluster-deletion-protection',
  title: 'EKS clusters should be protected from deletion',
  resourceType: 'AwsEksCluster',
  baseSeverity: 'LOW',
  rationale:
    'Deleting a cluster takes one API call and cannot be undone: every workload stops, and the objects and secrets in it are gone.',
  remediation: {
    text: 'Set deletionProtection to true in the configuration of the cluster.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html',
  },
  frameworks: {},
  evaluate: ({ deletionProtection }) =>
    deletionProtection
      ? passed()
      : failed('deletion protection is off', [{ path: 'deletionProtection', observed: false, expected: true }]),
});
