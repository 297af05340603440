import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, whenKnown } from '../../domain/verdict.ts';
import { isClusterAdmin } from './cluster-admin.ts';
import { subjectsOf } from './judge-binding.ts';

export const identityRbacNoClusterAdmin = defineCheck({
  id: 'identity-rbac-no-cluster-admin',
  title: 'Kubernetes role bindings should not give cluster-admin',
  resourceType: 'KubernetesRoleBinding',
  baseSeverity: 'HIGH',
  rationale:
    'The role cluster-admin, or one that equals it, gives every right on everything in the cluster, nodes and cloud credentials of pods included.',
  limits:
    'Access entries of EKS with an administrator policy are the subject of eks-cluster-admins-bounded. The binding that Kubernetes makes for system:masters is not judged.',
  remediation: {
    text: 'Replace the binding by roles that name what the subject needs; keep cluster-admin for a break-glass identity.',
    url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.1.1'], 'nist-800-190': ['4.3.1'] },
  evaluate: (binding) => {
    if (binding.isBootstrap) return notApplicable('Kubernetes itself makes the binding');
    if (binding.subjects.length === 0) return notApplicable('the binding names nobody');
    if (isClusterAdmin(binding)) {
      return failed(
        'the binding gives every right',
        [
          ...subjectsOf(binding),
          {
            path: 'roleRef',
            observed: `${binding.roleKind}/${binding.roleName}`,
            expected: 'a role that names its rights',
          },
        ],
        binding.kind === 'RoleBinding' ? { severity: 'MEDIUM', because: 'only in one namespace' } : undefined,
      );
    }
    return whenKnown(binding.rules, () => passed());
  },
});
