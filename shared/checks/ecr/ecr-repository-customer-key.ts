import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause, type Verdict, whenKnown } from '../../domain/verdict.ts';

/** Images are always encrypted at rest; the question is whose key it is. */
export const ecrRepositoryCustomerKey = defineCheck({
  id: 'ecr-repository-customer-key',
  title: 'ECR repositories should be encrypted with a customer managed KMS key',
  resourceType: 'AwsEcrRepository',
  baseSeverity: 'LOW',
  severityNote:
    'AWS rates ECR.5 Medium. Images are encrypted at rest with any setting; only control of the key differs.',
  rationale:
    'Only with a customer managed key can you decide who may decrypt the images, see each use of the key in CloudTrail, and cut access off by disabling it.',
  limits: 'Who manages a key of another account cannot be seen.',
  remediation: {
    text: 'Encryption cannot be changed after creation: create a new repository with encryptionType KMS and the ARN of a customer managed key, copy the images by digest, and change what deploys from it.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html',
  },
  frameworks: { 'aws-security-hub': ['ECR.5'] },
  overlapsWith: ['ECR.5'],
  evaluate: ({ encryptionType, kmsKey, keyManager }): Verdict => {
    switch (encryptionType) {
      case 'AES256':
        return failed('the key is managed by Amazon S3', [
          { path: 'encryptionConfiguration.encryptionType', observed: 'AES256', expected: 'KMS or KMS_DSSE' },
        ]);
      case 'KMS':
      case 'KMS_DSSE':
        return whenKnown(keyManager, (manager) => judgeManager(manager, kmsKey));
      default:
        return undecidable('The encryption type is one that is not known here.');
    }
  },
});

/** No key named is the key that AWS keeps for ECR in the account (`aws/ecr`). */
function judgeManager(manager: string | null, kmsKey: string | undefined): Verdict {
  if (manager === 'CUSTOMER') return passed();
  if (manager !== 'AWS' && manager !== null) return undecidable('The key manager is one that is not known here.');
  return failed('the key is the AWS managed key of ECR', [
    { path: 'encryptionConfiguration.kmsKey', observed: kmsKey ?? null, expected: 'a customer managed key' },
  ]);
}

function undecidable(message: string): Verdict {
  return unknownBecause({ kind: 'undecidable', message });
}
