import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed } from '../../domain/verdict.ts';

export const identityRbacDefaultAccountUnbound = defineCheck({
  id: 'identity-rbac-default-account-unbound',
  title: 'Kubernetes role bindings should give nothing to default service accounts',
  resourceType: 'KubernetesRoleBinding',
  baseSeverity: 'MEDIUM',
  rationale:
    'Every pod that names no service account runs as the default one of its namespace: what is bound to it, or to all service accounts, is given to pods nobody thought of.',
  limits: 'Which pods use the account is the subject of workload-service-account-dedicated.',
  remediation: {
    text: 'Make a service account for the workload that needs the rights, bind the role to it, and take the default account out of the binding.',
    url: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.1.5'], 'nist-800-190': ['4.3.1'] },
  evaluate: ({ isBootstrap, subjects, roleKind, roleName }) => {
    if (isBootstrap) return notApplicable('Kubernetes itself makes the binding');
    const defaults = subjects.filter(
      ({ kind, name }) =>
        (kind === 'ServiceAccount' && name === 'default') ||
        (kind === 'Group' && /^system:serviceaccounts(?::|$)/.test(name)) ||
        (kind === 'User' && /^system:serviceaccount:[^:]+:default$/.test(name)),
    );
    if (defaults.length === 0) return passed();
    return failed('a default service account holds a role', [
      {
        path: 'subjects',
        observed: defaults.map(
          ({ kind, namespace, name }) => `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`,
        ),
        expected: 'service accounts of their own',
      },
      { path: 'roleRef', observed: `${roleKind}/${roleName}`, expected: null },
    ]);
  },
});
