import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { failed, passed, whenKnown, worstOf } from '../../domain/verdict.ts';

/** Whoever runs an associated identity provider decides who is who in the cluster. */
export const eksClusterIdentityProvidersKnown = defineCheck({
  id: 'eks-cluster-identity-providers-known',
  title: 'EKS clusters should accept users only from known identity providers',
  resourceType: 'AwsEksCluster',
  baseSeverity: 'MEDIUM',
  rationale:
    'An associated OIDC provider can issue a token for any user and group it likes, past IAM and its logs: a forgotten or foreign one is a back door.',
  limits: 'Judges the issuer, not which groups its users are bound to.',
  remediation: {
    text: 'Disassociate identity providers that nobody needs, and name the others in the knownIssuers parameter.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/authenticate-oidc-identity-provider.html',
  },
  frameworks: {},
  parameters: z.strictObject({
    knownIssuers: z
      .array(z.url())
      .default([])
      .describe('Issuer URLs of the identity providers that may be associated.'),
  }),
  evaluate: ({ identityProviders }, { parameters }) => {
    const knownIssuers = parameters.knownIssuers.map(withoutTrailingSlash);
    return whenKnown(identityProviders, (providers) =>
      worstOf(
        providers.map(({ name, details }) =>
          whenKnown(details, ({ issuerUrl }) => {
            if (issuerUrl !== undefined && knownIssuers.includes(withoutTrailingSlash(issuerUrl))) return passed();
            return failed('an identity provider is associated that is not a known one', [
              {
                path: `identityProviderConfigs[${name}].issuerUrl`,
                observed: issuerUrl ?? null,
                expected: parameters.knownIssuers,
              },
            ]);
          }),
        ),
        passed('no identity provider is associated'),
      ),
    );
  },
});

function withoutTrailingSlash(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url;
}
