import { expect, test } from 'vitest';
import { clusterAdmissionPolicyPresent as check } from '#shared/checks/cluster/cluster-admission-policy-present.ts';
import type { AdmissionPolicy } from '#shared/collectors/kubernetes/model.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { admissionPolicy, kubernetesCluster } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

function clusterWith(...policies: Partial<AdmissionPolicy>[]) {
  return kubernetesCluster({ admissionPolicies: known(policies.map(admissionPolicy)) });
}

test('PASSED when a policy refuses something', () => {
  expect(judge(check, clusterWith({ verifiesImages: known(false) })).status).toBe('PASSED');
});

test.for<[string, Partial<AdmissionPolicy>[]]>([
  ['there is none', []],
  ['it only warns', [{ enforces: known(false) }]],
  ['it only changes objects', [{ kind: 'MutatingWebhook' }]],
])('FAILED when %s', ([, policies]) => {
  expect(judge(check, clusterWith(...policies))).toMatchObject({
    status: 'FAILED',
    severity: 'INFORMATIONAL',
    reason: 'no admission policy refuses anything',
  });
});

test('UNKNOWN when nothing is sure to refuse and one may', () => {
  const policies = [
    { enforces: known(false) },
    { kind: 'Kyverno', enforces: undecidable('its policies were not read') },
  ];

  expect(judge(check, clusterWith(...policies)).status).toBe('UNKNOWN');
});

test('UNKNOWN when the policies could not be listed', () => {
  const admissionPolicies = denied('kubernetes:list validatingadmissionpolicies');

  expect(judge(check, kubernetesCluster({ admissionPolicies })).status).toBe('UNKNOWN');
});
