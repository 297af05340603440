import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { compareVersions } from '../../domain/version.ts';

/** Since this version EKS envelope-encrypts everything the API server stores, with a key AWS owns. */
const ENCRYPTED_BY_DEFAULT_SINCE = '1.28';

/** One's own key can be withdrawn, and its use leaves a trail. */
export const eksClusterSecretsCustomerKey = defineCheck({
  id: 'eks-cluster-secrets-customer-key',
  title: 'EKS clusters should encrypt Kubernetes secrets with a customer managed key',
  resourceType: 'AwsEksCluster',
  baseSeverity: 'MEDIUM',
  severityNote:
    'As AWS rates EKS.3; lowered where EKS encrypts with its own key anyway, because then only control over the key is missing.',
  rationale:
    'With a customer managed key, access to the secrets in etcd can be withdrawn and audited in CloudTrail; with a key of AWS, or none, it cannot.',
  remediation: {
    text: 'Associate an encryption configuration for secrets with a symmetric KMS key of your own. It cannot be taken back, and existing secrets are encrypted again when they are next written.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html',
  },
  frameworks: { 'cis-eks-1.8.0': ['5.3.1'] },
  relatedControls: { 'aws-fsbp': ['EKS.3'], 'nist-800-190': ['4.1.4', '4.3.2'] },
  evaluate: ({ encryption, version }) => {
    if (encryption.some(({ resources, keyArn }) => resources.includes('secrets') && keyArn !== undefined)) {
      return passed();
    }
    const evidence = [
      {
        path: 'encryptionConfig',
        observed: encryption.map(({ resources, keyArn }) => ({ resources, keyArn: keyArn ?? null })),
        expected: 'a KMS key for secrets',
      },
    ];
    const age = version === undefined ? undefined : compareVersions(version, ENCRYPTED_BY_DEFAULT_SINCE);
    if (age === undefined || age < 0) return failed('no customer managed key encrypts the secrets', evidence);
    return failed('no customer managed key encrypts the secrets', evidence, {
      severity: 'LOW',
      because: 'EKS encrypts all API data of this version with a key that AWS owns',
    });
  },
});
