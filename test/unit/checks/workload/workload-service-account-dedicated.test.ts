import { expect, test } from 'vitest';
import { workloadServiceAccountDedicated as check } from '#shared/checks/workload/workload-service-account-dedicated.ts';
import { known } from '#shared/domain/observed.ts';
import { kubernetesWorkload, podSpec, serviceAccountSummary, workloadOf } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

const bound = known(serviceAccountSummary({ rbac: known({ bindings: ['RoleBinding shop/reader'] }) }));

test('PASSED with an account of its own', () => {
  expect(judge(check, kubernetesWorkload()).status).toBe('PASSED');
});

test('FAILED with the default account that RBAC gives something', () => {
  expect(judge(check, workloadOf({ serviceAccountName: 'default' }, { serviceAccount: bound }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'the default service account is used',
    evidence: [{ path: 'spec.serviceAccountName', observed: 'default' }],
  });
});

test('FAILED when no account is named, which means the default one', () => {
  const { serviceAccountName: _, ...spec } = podSpec();
  const variants = kubernetesWorkload().variants.map((variant) => ({ ...variant, spec }));

  expect(judge(check, kubernetesWorkload({ variants, serviceAccount: bound }))).toMatchObject({
    status: 'FAILED',
    evidence: [{ observed: null }],
  });
});

test('T73: LOW when RBAC gives the account nothing', () => {
  expect(judge(check, workloadOf({ serviceAccountName: 'default' }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    severityReason: 'RBAC gives the service account nothing',
  });
});

test.for([
  ['RBAC', known(serviceAccountSummary({ rbac: denied('kubernetes:list rolebindings') }))],
  ['the account', denied('kubernetes:list serviceaccounts')],
] as const)('T73: not lowered when %s was not read', ([, serviceAccount]) => {
  expect(judge(check, workloadOf({ serviceAccountName: 'default' }, { serviceAccount })).severity).toBe('MEDIUM');
});

test('T70: NOT_APPLICABLE for a static pod', () => {
  expect(judge(check, workloadOf({ serviceAccountName: '' }, { isStatic: true })).status).toBe('NOT_APPLICABLE');
});
