import { defineCheck } from '../../domain/check.ts';
import { notApplicable } from '../../domain/verdict.ts';
import { isClusterAdmin } from './cluster-admin.ts';
import { allows, judgeBinding, names, type Rule, type RuleOffence } from './judge-binding.ts';

export const identityRbacSecretsBounded = defineCheck({
  id: 'identity-rbac-secrets-bounded',
  title: 'Kubernetes role bindings should give access to secrets by name',
  resourceType: 'KubernetesRoleBinding',
  baseSeverity: 'MEDIUM',
  rationale:
    'Whoever may list or read all secrets of a namespace or cluster holds every credential in it, tokens of other service accounts included.',
  limits:
    'Secrets that a rule names one by one are not judged. Who can start pods reads secrets as well: see identity-rbac-pod-creation-bounded.',
  remediation: {
    text: 'Name the secrets in resourceNames with the verb get, and take list and watch away.',
    url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.1.2'], 'nist-800-190': ['4.3.1'] },
  evaluate: (binding) =>
    isClusterAdmin(binding)
      ? notApplicable('identity-rbac-no-cluster-admin judges it')
      : judgeBinding(binding, offencesOf, 'get of secrets by name'),
});

const READS = ['get', 'list', 'watch'] as const;

function offencesOf(rule: Rule): readonly RuleOffence[] {
  if (rule.resourceNames.length > 0 || !allows(rule, '', 'secrets', ...READS)) return [];
  const verbs = READS.filter((verb) => names(rule.verbs, verb));
  return [{ reason: 'every secret can be read', allows: `${verbs.join(', ')} secrets` }];
}
