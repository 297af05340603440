import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause } from '../../domain/verdict.ts';

/** Access entries can be listed, logged and denied like any AWS resource; a ConfigMap cannot. */
export const eksClusterAccessEntriesUsed = defineCheck({
  id: 'eks-cluster-access-entries-used',
  title: 'EKS clusters should grant access by access entries only',
  resourceType: 'AwsEksCluster',
  baseSeverity: 'LOW',
  rationale:
    'With the aws-auth ConfigMap, whoever may edit one object in kube-system is an administrator, and the creator of the cluster is one that no list shows.',
  remediation: {
    text: 'Create access entries for the principals of aws-auth, then set the authentication mode to API. The mode cannot be set back.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/migrating-access-entries.html',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.1.7'], 'nist-800-190': ['4.3.2'] },
  evaluate: ({ authenticationMode }) => {
    const evidence = [
      { path: 'accessConfig.authenticationMode', observed: authenticationMode ?? null, expected: 'API' },
    ];
    switch (authenticationMode) {
      case 'API':
        return passed();
      case 'API_AND_CONFIG_MAP':
        return failed('the aws-auth ConfigMap still grants access beside access entries', evidence, {
          severity: 'INFORMATIONAL',
          because: 'access entries are in use',
        });
      case 'CONFIG_MAP':
        return failed('only the aws-auth ConfigMap grants access', evidence);
      default:
        return unknownBecause(
          { kind: 'undecidable', message: 'The authentication mode of the cluster is not one that is known here.' },
          evidence,
        );
    }
  },
});
