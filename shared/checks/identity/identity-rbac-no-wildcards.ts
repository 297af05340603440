import { defineCheck } from '../../domain/check.ts';
import { notApplicable } from '../../domain/verdict.ts';
import { isClusterAdmin } from './cluster-admin.ts';
import { judgeBinding, type Rule, type RuleOffence } from './judge-binding.ts';

export const identityRbacNoWildcards = defineCheck({
  id: 'identity-rbac-no-wildcards',
  title: 'Kubernetes role bindings should not give wildcards',
  resourceType: 'KubernetesRoleBinding',
  baseSeverity: 'HIGH',
  rationale:
    'A rule with a wildcard in verbs and resources gives what exists today and whatever will be added tomorrow, secrets and roles included.',
  limits:
    'The role cluster-admin and its equals are the finding of identity-rbac-no-cluster-admin. A binding in one namespace is told of at a lower severity.',
  remediation: {
    text: 'Name the verbs, resources and API groups in the role that the binding refers to.',
    url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.1.3'], 'nist-800-190': ['4.3.1'] },
  evaluate: (binding) =>
    isClusterAdmin(binding)
      ? notApplicable('identity-rbac-no-cluster-admin judges it')
      : judgeBinding(binding, offencesOf, 'verbs and resources by name'),
});

function offencesOf({ verbs, resources, apiGroups }: Rule): readonly RuleOffence[] {
  const places = [
    ...(verbs.includes('*') ? ['verbs'] : []),
    ...(resources.includes('*') ? ['resources'] : []),
    ...(apiGroups.includes('*') ? ['apiGroups'] : []),
  ];
  return places.length === 0 ? [] : [{ reason: 'a rule has wildcards', allows: `* in ${places.join(', ')}` }];
}
