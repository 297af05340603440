import { expect, test } from 'vitest';
import { identityRbacNoAnonymous as check } from '#shared/checks/identity/identity-rbac-no-anonymous.ts';
import { kubernetesRoleBinding } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

const boundTo = (kind: string, name: string) => judge(check, kubernetesRoleBinding({ subjects: [{ kind, name }] }));

test('PASSED for a binding to a service account', () => {
  expect(judge(check, kubernetesRoleBinding()).status).toBe('PASSED');
});

test.for([
  ['User', 'system:anonymous'],
  ['Group', 'system:unauthenticated'],
] as const)('FAILED for the %s %s', ([kind, name]) => {
  expect(boundTo(kind, name)).toMatchObject({
    status: 'FAILED',
    severity: 'CRITICAL',
    reason: 'anonymous users hold a role',
    evidence: [{ path: 'subjects', observed: [`${kind} ${name}`] }, { path: 'roleRef' }],
  });
});

test('FAILED at HIGH for everybody who has an account', () => {
  expect(boundTo('Group', 'system:authenticated')).toMatchObject({ status: 'FAILED', severity: 'HIGH' });
});

test('PASSED for a service account that is only named so', () => {
  expect(boundTo('ServiceAccount', 'system:anonymous').status).toBe('PASSED');
});

test('NOT_APPLICABLE to the bindings of Kubernetes itself for health and discovery (T82)', () => {
  const binding = kubernetesRoleBinding({
    isBootstrap: true,
    subjects: [{ kind: 'Group', name: 'system:unauthenticated' }],
  });

  expect(judge(check, binding).status).toBe('NOT_APPLICABLE');
});
