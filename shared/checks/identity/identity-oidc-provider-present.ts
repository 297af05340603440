import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, whenKnown } from '../../domain/verdict.ts';

/** A role in an annotation is a dead letter without the provider. */
export const identityOidcProviderPresent = defineCheck({
  id: 'identity-oidc-provider-present',
  title: 'EKS clusters whose service accounts name roles should have an IAM OIDC provider',
  resourceType: 'KubernetesCluster',
  baseSeverity: 'MEDIUM',
  rationale:
    'Without the OIDC provider no service account can take the role it names: its pods fail, or fall back on the credentials of their node.',
  limits: 'Clusters whose service accounts use Pod Identity, or no AWS at all, need no provider and are not judged.',
  remediation: {
    text: 'Create an IAM OIDC provider for the issuer of the cluster with the audience sts.amazonaws.com, or give the service accounts their roles by Pod Identity.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html',
  },
  frameworks: {},
  relatedControls: { 'cis-eks-1.8.0': ['5.2.1'] },
  evaluate: ({ accountsWithRole, oidcProvider }) => {
    // The provider proves the pass whoever uses it.
    if (oidcProvider.known && oidcProvider.value !== null && !accountsWithRole.known) return passed();
    return whenKnown(accountsWithRole, (accounts) => {
      if (accounts.length === 0) return notApplicable('no service account names a role');
      return whenKnown(oidcProvider, (provider) =>
        provider === null
          ? failed('the cluster has no IAM OIDC provider', [
              { path: 'oidcProvider', observed: null, expected: 'a provider for the issuer of the cluster' },
              { path: 'accountsWithRole', observed: [...accounts], expected: null },
            ])
          : passed(),
      );
    });
  },
});
