import { expect, test } from 'vitest';
import { eksClusterIdentityProvidersKnown as check } from '#shared/checks/eks/eks-cluster-identity-providers-known.ts';
import { known } from '#shared/domain/observed.ts';
import { eksCluster } from '#test/factories/eks.ts';
import { denied, judge } from '#test/support/judge.ts';

const provider = (name: string, issuerUrl: string) => ({ name, type: 'oidc', details: known({ issuerUrl }) });
const parameters = { knownIssuers: ['https://login.example.com/'] };

test('PASSED when no identity provider is associated', () => {
  expect(judge(check, eksCluster()).status).toBe('PASSED');
});

test('PASSED when each one is known, with or without a slash at the end', () => {
  const cluster = eksCluster({ identityProviders: known([provider('sso', 'https://login.example.com')]) });

  expect(judge(check, cluster, { parameters }).status).toBe('PASSED');
});

test('FAILED when one is not', () => {
  const identityProviders = known([
    provider('sso', 'https://login.example.com'),
    provider('contractor', 'https://login.contractor.example'),
  ]);

  expect(judge(check, eksCluster({ identityProviders }), { parameters })).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'an identity provider is associated that is not a known one',
    evidence: [
      {
        path: 'identityProviderConfigs[contractor].issuerUrl',
        observed: 'https://login.contractor.example',
        expected: parameters.knownIssuers,
      },
    ],
  });
});

test('UNKNOWN when one could not be described, unless another one already fails', () => {
  const unread = { name: 'sso', type: 'oidc', details: denied('eks:DescribeIdentityProviderConfig') };

  expect(judge(check, eksCluster({ identityProviders: known([unread]) })).unknown).toMatchObject({
    missingPermission: 'eks:DescribeIdentityProviderConfig',
  });
  const both = eksCluster({ identityProviders: known([unread, provider('other', 'https://other.example')]) });
  expect(judge(check, both).status).toBe('FAILED');
});

test('UNKNOWN when they could not be listed', () => {
  const cluster = eksCluster({ identityProviders: denied('eks:ListIdentityProviderConfigs') });

  expect(judge(check, cluster).status).toBe('UNKNOWN');
});
