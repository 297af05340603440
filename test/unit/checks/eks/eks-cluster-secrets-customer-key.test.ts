import { expect, test } from 'vitest';
import { eksClusterSecretsCustomerKey as check } from '#shared/checks/eks/eks-cluster-secrets-customer-key.ts';
import { eksCluster } from '#test/factories/eks.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when a key encrypts the secrets', () => {
  expect(judge(check, eksCluster()).status).toBe('PASSED');
});

test('FAILED at low severity when EKS encrypts with its own key (T40)', () => {
  expect(judge(check, eksCluster({ encryption: [] }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    severityReason: 'EKS encrypts all API data of this version with a key that AWS owns',
    reason: 'no customer managed key encrypts the secrets',
    evidence: [{ path: 'encryptionConfig', observed: [], expected: 'a KMS key for secrets' }],
  });
});

test.for(['1.27', '1.9'])('FAILED at full severity on %s, where nothing encrypts them (T40)', (version) => {
  expect(judge(check, eksCluster({ encryption: [], version })).severity).toBe('MEDIUM');
});

test.for([
  ['names no key', [{ resources: ['secrets'] }]],
  ['is for other resources', [{ resources: ['events'], keyArn: 'arn:aws:kms:us-east-1:111122223333:key/1' }]],
] as const)('FAILED when the configuration %s', ([, encryption]) => {
  expect(judge(check, eksCluster({ encryption })).status).toBe('FAILED');
});
