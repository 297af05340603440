import { expect, test } from 'vitest';
import { clusterAdmissionImagesVerified as check } from '#shared/checks/cluster/cluster-admission-images-verified.ts';
import type { AdmissionPolicy } from '#shared/collectors/kubernetes/model.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { admissionPolicy, kubernetesCluster } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

function clusterWith(...policies: Partial<AdmissionPolicy>[]) {
  return kubernetesCluster({ admissionPolicies: known(policies.map(admissionPolicy)) });
}

test('PASSED when a policy verifies images and refuses, and the evidence names it', () => {
  expect(judge(check, kubernetesCluster())).toMatchObject({
    status: 'PASSED',
    evidence: [{ path: 'admissionPolicies[ValidatingAdmissionPolicy/own-registries]' }],
  });
});

test.for<[string, Partial<AdmissionPolicy>[]]>([
  ['there is no policy', []],
  ['policies speak of other things', [{ verifiesImages: known(false) }]],
  ['the policy only audits', [{ enforces: known(false) }]],
  ['one verifies and another refuses', [{ enforces: known(false) }, { verifiesImages: known(false) }]],
])('FAILED when %s', ([, policies]) => {
  expect(judge(check, clusterWith(...policies))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'no admission policy verifies images',
  });
});

test('UNKNOWN when a policy that refuses may verify images', () => {
  expect(judge(check, clusterWith({ verifiesImages: undecidable('a webhook decides') })).status).toBe('UNKNOWN');
});

test('FAILED when what may verify images refuses nothing', () => {
  const policy = { enforces: known(false), verifiesImages: undecidable('a webhook decides') };

  expect(judge(check, clusterWith(policy)).status).toBe('FAILED');
});

test('UNKNOWN when the policies could not be listed', () => {
  expect(judge(check, kubernetesCluster({ admissionPolicies: denied('kubernetes:list') })).status).toBe('UNKNOWN');
});
