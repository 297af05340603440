import { defineCheck } from '../../domain/check.ts';
import { notApplicable } from '../../domain/verdict.ts';
import { isClusterAdmin } from './cluster-admin.ts';
import { allows, judgeBinding, names, type Rule, type RuleOffence } from './judge-binding.ts';

export const identityRbacNoEscalation = defineCheck({
  id: 'identity-rbac-no-escalation',
  title: 'Kubernetes role bindings should not let anybody gain further rights',
  resourceType: 'KubernetesRoleBinding',
  baseSeverity: 'HIGH',
  rationale:
    'Whoever may bind or write roles, impersonate, reach nodes through their proxy, write webhooks, make tokens or approve certificates becomes administrator of the cluster by one detour.',
  limits:
    'What a pod that is created can reach is the finding of identity-rbac-pod-creation-bounded; a binding in one namespace is told of at a lower severity.',
  remediation: {
    text: 'Take the verbs bind, escalate and impersonate, nodes/proxy, serviceaccounts/token, webhook configurations, persistent volumes and certificate approval out of the role, or bind it to fewer subjects.',
    url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.1.8'], 'nist-800-190': ['4.3.1'] },
  relatedControls: { 'cis-eks-1.8.0': ['4.1.9', '4.1.10', '4.1.11', '4.1.12'] },
  evaluate: (binding) =>
    isClusterAdmin(binding)
      ? notApplicable('identity-rbac-no-cluster-admin judges it')
      : judgeBinding(binding, offencesOf, 'no way to more rights'),
});

const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';
const WRITES = ['create', 'update', 'patch'] as const;
/** Group, resource and verbs that lead to more rights. */
const WAYS = [
  [RBAC, 'roles', ['bind', 'escalate']],
  [RBAC, 'clusterroles', ['bind', 'escalate']],
  ['', 'users', ['impersonate']],
  ['', 'groups', ['impersonate']],
  ['', 'serviceaccounts', ['impersonate']],
  ['authentication.k8s.io', 'uids', ['impersonate']],
  ['', 'nodes/proxy', ['get', 'create', 'update', 'patch']],
  ['', 'persistentvolumes', ['create']],
  [ADMISSION, 'mutatingwebhookconfigurations', WRITES],
  [ADMISSION, 'validatingwebhookconfigurations', WRITES],
  ['', 'serviceaccounts/token', ['create']],
  ['certificates.k8s.io', 'certificatesigningrequests/approval', ['update', 'patch']],
  ['certificates.k8s.io', 'signers', ['approve', 'sign']],
] as const;

function offencesOf(rule: Rule): readonly RuleOffence[] {
  return WAYS.filter(([group, resource, verbs]) => allows(rule, group, resource, ...verbs)).map(
    ([, resource, verbs]) => ({
      reason: 'a rule leads to further rights',
      allows: `${verbs.filter((verb) => names(rule.verbs, verb)).join(', ')} ${resource}`,
    }),
  );
}
