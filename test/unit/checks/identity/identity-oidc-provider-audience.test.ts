import { expect, test } from 'vitest';
import { identityOidcProviderAudience as check } from '#shared/checks/identity/identity-oidc-provider-audience.ts';
import { known } from '#shared/domain/observed.ts';
import { kubernetesCluster } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

const withAudiences = (...audiences: readonly string[]) =>
  judge(check, kubernetesCluster({ oidcProvider: known({ arn: 'arn:of:provider', clientIds: known(audiences) }) }));

test('PASSED when the provider accepts the audience of STS only', () => {
  expect(judge(check, kubernetesCluster()).status).toBe('PASSED');
  expect(withAudiences('sts.amazonaws.com.cn').status).toBe('PASSED');
});

test('FAILED when the provider accepts further audiences (T50)', () => {
  expect(withAudiences('sts.amazonaws.com', 'vault')).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    evidence: [{ observed: ['sts.amazonaws.com', 'vault'] }],
  });
});

test('FAILED at LOW when the provider accepts none: nobody is let in', () => {
  expect(withAudiences()).toMatchObject({ status: 'FAILED', severity: 'LOW' });
});

test.for([
  ['the providers', denied('iam:ListOpenIDConnectProviders')],
  ['its audiences', known({ arn: 'arn:of:provider', clientIds: denied('iam:GetOpenIDConnectProvider') })],
] as const)('UNKNOWN when %s could not be read', ([, oidcProvider]) => {
  expect(judge(check, kubernetesCluster({ oidcProvider })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE without a provider', () => {
  expect(judge(check, kubernetesCluster({ oidcProvider: known(null) })).status).toBe('NOT_APPLICABLE');
});
