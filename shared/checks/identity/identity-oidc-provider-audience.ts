import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, whenKnown } from '../../domain/verdict.ts';

/** The audiences of the provider are the second lock on every role that trusts it. */
export const identityOidcProviderAudience = defineCheck({
  id: 'identity-oidc-provider-audience',
  title: 'IAM OIDC providers of EKS clusters should accept the audience of AWS STS only',
  resourceType: 'KubernetesCluster',
  baseSeverity: 'MEDIUM',
  rationale:
    'Tokens of service accounts are made for many receivers. A provider that accepts further audiences lets whoever receives such a token take the roles whose trust asks for no audience.',
  limits: 'What the trust policies of the roles ask for is the subject of identity-role-trust-audience.',
  remediation: {
    text: 'Remove every client id but sts.amazonaws.com from the IAM OIDC provider of the cluster.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html',
  },
  frameworks: {},
  evaluate: ({ oidcProvider }) =>
    whenKnown(oidcProvider, (provider) => {
      if (provider === null) return notApplicable('the cluster has no IAM OIDC provider');
      return whenKnown(provider.clientIds, (audiences) => {
        const others = audiences.filter((audience) => !AUDIENCES.has(audience));
        const evidence = [
          {
            path: `oidcProvider[${provider.arn}].clientIds`,
            observed: [...audiences],
            expected: ['sts.amazonaws.com'],
          },
        ];
        if (others.length > 0) return failed('the provider accepts other audiences', evidence);
        return audiences.length === 0
          ? failed('the provider accepts no audience', evidence, { severity: 'LOW', because: 'nobody is let in' })
          : passed();
      });
    }),
});

/** The one with the suffix belongs to the regions of China. */
const AUDIENCES: ReadonlySet<string> = new Set(['sts.amazonaws.com', 'sts.amazonaws.com.cn']);
