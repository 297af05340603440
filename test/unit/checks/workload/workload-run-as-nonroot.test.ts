import { expect, test } from 'vitest';
import { workloadRunAsNonroot as check } from '#shared/checks/workload/workload-run-as-nonroot.ts';
import { known } from '#shared/domain/observed.ts';
import type { ContainerSecurityContext, PodSecurityContext } from '#shared/domain/pod-spec.ts';
import { imageUser } from '#test/factories/images.ts';
import { podContainer, workloadOf } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

function running(securityContext: PodSecurityContext, own: ContainerSecurityContext = {}) {
  return workloadOf({ securityContext, containers: [podContainer({ securityContext: own })] });
}

test.for<[string, PodSecurityContext, ContainerSecurityContext]>([
  ['T56: the pod has a user', { runAsUser: 1000 }, {}],
  ['T56: the container has a user', {}, { runAsUser: 1000 }],
  ['T56: the container overrides root', { runAsUser: 0 }, { runAsUser: 1000 }],
  ['T58: a user and no runAsNonRoot', { runAsUser: 1000, runAsNonRoot: false }, {}],
  ['T57: the pod says false and the container true', { runAsNonRoot: false }, { runAsNonRoot: true }],
  ['the kubelet refuses root of the image', { runAsNonRoot: true }, {}],
  ['the kubelet refuses root of the pod', { runAsNonRoot: true, runAsUser: 0 }, {}],
])('PASSED: %s', ([, ofPod, own]) => {
  expect(judge(check, running(ofPod, own)).status).toBe('PASSED');
});

test.for<[string, PodSecurityContext, ContainerSecurityContext, string]>([
  ['T56: the pod is root', { runAsUser: 0 }, {}, 'spec.securityContext.runAsUser'],
  [
    'T56: the container overrides the pod',
    { runAsUser: 1000 },
    { runAsUser: 0 },
    'spec.containers[0].securityContext.runAsUser',
  ],
  [
    'T56: the container switches the refusal off',
    { runAsNonRoot: true, runAsUser: 0 },
    { runAsNonRoot: false },
    'spec.securityContext.runAsUser',
  ],
])('FAILED: %s', ([, ofPod, own, path]) => {
  expect(judge(check, running(ofPod, own))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'the user is root',
    evidence: [{ path, observed: 0 }],
  });
});

test.for<[string, PodSecurityContext]>([
  ['nothing is set', {}],
  ['runAsNonRoot is false', { runAsNonRoot: false }],
])('T59: UNKNOWN when %s, because the image decides', ([, ofPod]) => {
  expect(judge(check, running(ofPod))).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable', message: expect.stringContaining('the image decides') },
    evidence: [{ path: 'spec.containers[0].securityContext.runAsUser', observed: null }],
  });
});

test.for([[{ os: 'windows' }], [{ nodeSelector: { 'kubernetes.io/os': 'windows' } }]] as const)(
  'T66: NOT_APPLICABLE on Windows: %o',
  ([where]) => {
    expect(judge(check, workloadOf({ ...where, securityContext: { runAsUser: 0 } })).status).toBe('NOT_APPLICABLE');
  },
);

test.for([
  ['1.35', 'PASSED', 'HIGH'],
  ['1.34', 'FAILED', 'LOW'],
] as const)('T60: root of its own user namespace under %s is %s', ([version, status, severity]) => {
  const workload = {
    ...workloadOf({ hostUsers: false, securityContext: { runAsUser: 0 } }),
    policyVersion: known(version),
  };

  expect(judge(check, workload)).toMatchObject({ status, severity });
});

test('T60: UNKNOWN for root of its own user namespace when the version is not known', () => {
  const mapped = workloadOf({ hostUsers: false, securityContext: { runAsUser: 0 } });

  expect(judge(check, { ...mapped, policyVersion: denied('eks:DescribeCluster') }).status).toBe('UNKNOWN');
});

test.for([
  ['1000', 'PASSED', 'the image sets a user of its own'],
  ['app', 'PASSED', 'the image sets a user of its own'],
  ['0', 'FAILED', "no user is set, and the image's is root"],
  [null, 'FAILED', "no user is set, and the image's is root"],
] as const)('T01, T59: without a user the image decides: with %s it is %s', ([user, status, reason]) => {
  const workload = running({});
  const { image = '' } = workload.variants[0]?.spec.containers[0] ?? {};

  expect(judge(check, workload, { facts: [imageUser({ key: image, user: known(user) })] })).toMatchObject({
    status,
    reason,
    evidence: [{ observed: null }, { path: 'spec.containers[0].effectiveUser', observed: user ?? 'root' }],
  });
});
