import { expect, test } from 'vitest';
import { identityRbacDefaultAccountUnbound as check } from '#shared/checks/identity/identity-rbac-default-account-unbound.ts';
import { kubernetesRoleBinding, NAMESPACE } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED for a binding to an account of its own', () => {
  expect(judge(check, kubernetesRoleBinding()).status).toBe('PASSED');
});

test.for([
  [{ kind: 'ServiceAccount', namespace: NAMESPACE, name: 'default' }],
  [{ kind: 'Group', name: 'system:serviceaccounts' }],
  [{ kind: 'Group', name: `system:serviceaccounts:${NAMESPACE}` }],
  [{ kind: 'User', name: `system:serviceaccount:${NAMESPACE}:default` }],
] as const)('FAILED for %o', ([subject]) => {
  expect(judge(check, kubernetesRoleBinding({ subjects: [subject] }))).toMatchObject({
    status: 'FAILED',
    reason: 'a default service account holds a role',
    evidence: [{ path: 'subjects' }, { path: 'roleRef', observed: 'ClusterRole/configuration-reader' }],
  });
});

test('PASSED for a user who is called default', () => {
  const binding = kubernetesRoleBinding({ subjects: [{ kind: 'User', name: 'default' }] });

  expect(judge(check, binding).status).toBe('PASSED');
});

test('NOT_APPLICABLE to a binding that Kubernetes itself makes (T82)', () => {
  expect(judge(check, kubernetesRoleBinding({ isBootstrap: true })).status).toBe('NOT_APPLICABLE');
});
