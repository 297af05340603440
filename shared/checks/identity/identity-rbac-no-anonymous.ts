import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed } from '../../domain/verdict.ts';

export const identityRbacNoAnonymous = defineCheck({
  id: 'identity-rbac-no-anonymous',
  title: 'Kubernetes role bindings should give nothing to anonymous users',
  resourceType: 'KubernetesRoleBinding',
  baseSeverity: 'CRITICAL',
  rationale:
    'What is bound to system:anonymous or system:unauthenticated is open to everybody who reaches the endpoint of the cluster; what is bound to system:authenticated, to everybody who has any account.',
  limits: 'The bindings of Kubernetes itself for health and discovery are not judged.',
  remediation: {
    text: 'Delete the binding, or bind the role to the users, groups and service accounts that need it.',
    url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  },
  frameworks: { 'nist-800-190': ['4.3.2'] },
  evaluate: (binding) => {
    if (binding.isBootstrap) return notApplicable('Kubernetes itself makes the binding');
    const everybody = binding.subjects.filter(({ kind, name }) => kind !== 'ServiceAccount' && EVERYBODY.has(name));
    if (everybody.length === 0) return passed();
    const isAnonymous = everybody.some(({ name }) => name !== AUTHENTICATED);
    return failed(
      isAnonymous ? 'anonymous users hold a role' : 'every authenticated user holds a role',
      [
        {
          path: 'subjects',
          observed: everybody.map(({ kind, name }) => `${kind} ${name}`),
          expected: 'users, groups or service accounts by name',
        },
        { path: 'roleRef', observed: `${binding.roleKind}/${binding.roleName}`, expected: null },
      ],
      isAnonymous ? undefined : { severity: 'HIGH', because: 'an account of the cluster is needed' },
    );
  },
});

const AUTHENTICATED = 'system:authenticated';
const EVERYBODY: ReadonlySet<string> = new Set(['system:anonymous', 'system:unauthenticated', AUTHENTICATED]);
