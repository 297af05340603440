import { expect, test } from 'vitest';
import { identityRbacNoClusterAdmin as check } from '#shared/checks/identity/identity-rbac-no-cluster-admin.ts';
import { known } from '#shared/domain/observed.ts';
import { bindingOf, kubernetesRoleBinding, NAMESPACE } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };

test('PASSED for a binding that lets one account read configuration', () => {
  expect(judge(check, kubernetesRoleBinding()).status).toBe('PASSED');
});

test('FAILED for the role cluster-admin, whoever holds it, with the subjects as evidence', () => {
  expect(judge(check, kubernetesRoleBinding({ roleName: 'cluster-admin' }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'the binding gives every right',
    evidence: [
      { path: 'subjects', observed: [`ServiceAccount ${NAMESPACE}/shop`] },
      { path: 'roleRef', observed: 'ClusterRole/cluster-admin' },
    ],
  });
});

test('FAILED for cluster-admin even where the rules could not be read: the name proves it', () => {
  const binding = kubernetesRoleBinding({ roleName: 'cluster-admin', rules: denied('kubernetes:list clusterroles') });

  expect(judge(check, binding).status).toBe('FAILED');
});

test('FAILED for a role by another name that equals it', () => {
  expect(judge(check, bindingOf(everything)).status).toBe('FAILED');
});

test('FAILED at MEDIUM when only one namespace is reached (T82)', () => {
  const binding = kubernetesRoleBinding({ kind: 'RoleBinding', namespace: NAMESPACE, roleName: 'cluster-admin' });

  expect(judge(check, binding)).toMatchObject({ status: 'FAILED', severity: 'MEDIUM' });
});

test('UNKNOWN when the role could not be read', () => {
  expect(judge(check, kubernetesRoleBinding({ rules: denied('kubernetes:list clusterroles') })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE to what Kubernetes binds itself, and to nobody (T82)', () => {
  expect(judge(check, kubernetesRoleBinding({ roleName: 'cluster-admin', isBootstrap: true })).status).toBe(
    'NOT_APPLICABLE',
  );
  expect(judge(check, kubernetesRoleBinding({ subjects: [], rules: known(null) })).status).toBe('NOT_APPLICABLE');
});
