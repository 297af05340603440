import { defineCheck } from '../../domain/check.ts';
import { notApplicable } from '../../domain/verdict.ts';
import { isClusterAdmin } from './cluster-admin.ts';
import { allows, judgeBinding, type Rule, type RuleOffence } from './judge-binding.ts';

export const identityRbacExecBounded = defineCheck({
  id: 'identity-rbac-exec-bounded',
  title: 'Kubernetes role bindings should give exec, attach and port-forward to few',
  resourceType: 'KubernetesRoleBinding',
  baseSeverity: 'MEDIUM',
  rationale:
    'Whoever may open a shell in a pod acts with its service account, reads its memory and secrets, and leaves no trace in the image.',
  limits: 'What is done inside the pod is not seen. A binding in one namespace is told of at a lower severity.',
  remediation: {
    text: 'Take pods/exec, pods/attach, pods/portforward and pods/ephemeralcontainers out of the role, or bind it for the time of need only.',
    url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  },
  frameworks: { 'nist-800-190': ['4.3.1'] },
  evaluate: (binding) =>
    isClusterAdmin(binding)
      ? notApplicable('identity-rbac-no-cluster-admin judges it')
      : judgeBinding(binding, offencesOf, 'no access to running pods'),
});

const DOORS = ['pods/exec', 'pods/attach', 'pods/portforward', 'pods/ephemeralcontainers'] as const;

function offencesOf(rule: Rule): readonly RuleOffence[] {
  const open = DOORS.filter((door) => allows(rule, '', door, 'create', 'get', 'update', 'patch'));
  return open.length === 0 ? [] : [{ reason: 'running pods can be entered', allows: open.join(', ') }];
}
