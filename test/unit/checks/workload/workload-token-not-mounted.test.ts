import { expect, test } from 'vitest';
import { workloadTokenNotMounted as check } from '#shared/checks/workload/workload-token-not-mounted.ts';
import type { KubernetesServiceAccountSummary } from '#shared/collectors/kubernetes/model.ts';
import { known } from '#shared/domain/observed.ts';
import { kubernetesWorkload, podSpec, podVariant, serviceAccountSummary } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

const BINDINGS = { rbac: known({ bindings: ['ClusterRoleBinding reader'] }) };

function mounting(ofPod: boolean | undefined, account: Partial<KubernetesServiceAccountSummary> | null) {
  const { automountServiceAccountToken: _, ...spec } = podSpec();
  const own = ofPod === undefined ? spec : { ...spec, automountServiceAccountToken: ofPod };
  return kubernetesWorkload({
    variants: [podVariant({ spec: own })],
    serviceAccount: known(account && serviceAccountSummary(account)),
  });
}

test.for<[string, boolean | undefined, boolean]>([
  ['the pod says no', false, true],
  ['the pod says nothing and the account no', undefined, false],
])('T73: PASSED when %s', ([, ofPod, automountServiceAccountToken]) => {
  expect(judge(check, mounting(ofPod, { ...BINDINGS, automountServiceAccountToken })).status).toBe('PASSED');
});

test.for<[string, boolean | undefined, Partial<KubernetesServiceAccountSummary>]>([
  ['the pod overrides the account', true, { ...BINDINGS, automountServiceAccountToken: false }],
  ['both say nothing', undefined, BINDINGS],
])('T73: FAILED when %s', ([, ofPod, account]) => {
  expect(judge(check, mounting(ofPod, account))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'the token of the service account is mounted',
    evidence: [{ path: 'spec.automountServiceAccountToken', observed: ofPod ?? null, expected: false }],
  });
});

test('T73: LOW when RBAC gives the account nothing', () => {
  expect(judge(check, mounting(true, {}))).toMatchObject({ status: 'FAILED', severity: 'LOW' });
});

test('FAILED when the account does not exist', () => {
  expect(judge(check, mounting(undefined, null))).toMatchObject({ status: 'FAILED', severity: 'MEDIUM' });
});

test('UNKNOWN when the pod says nothing and the account was not read', () => {
  const workload = { ...mounting(undefined, {}), serviceAccount: denied('kubernetes:list serviceaccounts') };

  expect(judge(check, workload).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE for a static pod', () => {
  expect(judge(check, { ...mounting(undefined, {}), isStatic: true }).status).toBe('NOT_APPLICABLE');
});
