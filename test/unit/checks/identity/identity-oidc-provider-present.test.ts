import { expect, test } from 'vitest';
import { identityOidcProviderPresent as check } from '#shared/checks/identity/identity-oidc-provider-present.ts';
import { known } from '#shared/domain/observed.ts';
import { kubernetesCluster } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED when IAM has a provider for the issuer of the cluster', () => {
  expect(judge(check, kubernetesCluster()).status).toBe('PASSED');
});

test('FAILED when service accounts name roles and there is no provider', () => {
  expect(judge(check, kubernetesCluster({ oidcProvider: known(null) }))).toMatchObject({
    status: 'FAILED',
    reason: 'the cluster has no IAM OIDC provider',
    evidence: [{ path: 'oidcProvider' }, { path: 'accountsWithRole', observed: ['shop/shop'] }],
  });
});

test('UNKNOWN when the providers could not be read', () => {
  const oidcProvider = denied('iam:ListOpenIDConnectProviders');

  expect(judge(check, kubernetesCluster({ oidcProvider })).status).toBe('UNKNOWN');
});

test('when the service accounts could not be read, a provider proves the pass, and none proves nothing', () => {
  const accountsWithRole = denied('kubernetes:list serviceaccounts');

  expect(judge(check, kubernetesCluster({ accountsWithRole })).status).toBe('PASSED');
  expect(judge(check, kubernetesCluster({ accountsWithRole, oidcProvider: known(null) })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE when no service account names a role: Pod Identity needs no provider', () => {
  const cluster = kubernetesCluster({ accountsWithRole: known([]), oidcProvider: known(null) });

  expect(judge(check, cluster).status).toBe('NOT_APPLICABLE');
});
