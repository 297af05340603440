import { expect, test } from 'vitest';
import { ecrRepositoryCustomerKey as check } from '#shared/checks/ecr/ecr-repository-customer-key.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { KEY_ARN, repository } from '#test/factories/ecr.ts';
import { denied, judge } from '#test/support/judge.ts';

test.for(['KMS', 'KMS_DSSE'])('PASSED when %s uses a key that the customer manages', (encryptionType) => {
  expect(judge(check, repository({ encryptionType })).status).toBe('PASSED');
});

test('FAILED when KMS uses the AWS managed key of ECR (T34)', () => {
  expect(judge(check, repository({ keyManager: known('AWS') }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'the key is the AWS managed key of ECR',
    evidence: [{ path: 'encryptionConfiguration.kmsKey', observed: KEY_ARN, expected: 'a customer managed key' }],
  });
});

test('FAILED when KMS names no key, which is the AWS managed key', () => {
  const { kmsKey: _, ...unnamed } = repository({ keyManager: known(null) });

  expect(judge(check, unnamed)).toMatchObject({ status: 'FAILED', evidence: [{ observed: null }] });
});

test('FAILED when the repository is encrypted with a key of S3, which is still encryption (T34)', () => {
  const { kmsKey: _, ...unnamed } = repository({ encryptionType: 'AES256', keyManager: known(null) });

  expect(judge(check, unnamed)).toMatchObject({
    status: 'FAILED',
    reason: 'the key is managed by Amazon S3',
    evidence: [{ path: 'encryptionConfiguration.encryptionType', observed: 'AES256' }],
  });
});

test.for([
  ['is denied', denied('kms:DescribeKey')],
  ['lies in another account', undecidable('The KMS key belongs to another account.')],
  ['has a manager that AWS added later', known('PARTNER')],
] as const)('UNKNOWN when the key %s', ([, keyManager]) => {
  expect(judge(check, repository({ keyManager })).status).toBe('UNKNOWN');
});

test('UNKNOWN when the encryption type is one that AWS added later', () => {
  expect(judge(check, repository({ encryptionType: 'QUANTUM' }))).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable' },
  });
});
