import { expect, test } from 'vitest';
import { workloadSeccompConfined as check } from '#shared/checks/workload/workload-seccomp-confined.ts';
import type { ContainerSecurityContext, PodSecurityContext } from '#shared/domain/pod-spec.ts';
import { podContainer, workloadOf } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

function confined(securityContext: PodSecurityContext, own: ContainerSecurityContext = {}) {
  return workloadOf({ securityContext, containers: [podContainer({ securityContext: own })] });
}

const DEFAULT = { seccompProfile: { type: 'RuntimeDefault' } };
const OFF = { seccompProfile: { type: 'Unconfined' } };
const POD = 'spec.securityContext.seccompProfile.type';
const CONTAINER = 'spec.containers[0].securityContext.seccompProfile.type';

test.for<[string, PodSecurityContext, ContainerSecurityContext]>([
  ['the pod has the default', DEFAULT, {}],
  ['only the containers have one', {}, { seccompProfile: { type: 'Localhost', localhostProfile: 'shop.json' } }],
  ['the container overrides the pod', OFF, DEFAULT],
])('T61: PASSED: %s', ([, ofPod, own]) => {
  expect(judge(check, confined(ofPod, own)).status).toBe('PASSED');
});

test.for<[string, PodSecurityContext, ContainerSecurityContext, string, string]>([
  ['nothing is set', {}, {}, 'no seccomp profile is set', CONTAINER],
  ['the pod switches it off', OFF, {}, 'seccomp is switched off', POD],
  ['the container switches it off', DEFAULT, OFF, 'seccomp is switched off', CONTAINER],
])('T61: FAILED: %s', ([, ofPod, own, reason, path]) => {
  expect(judge(check, confined(ofPod, own))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason,
    evidence: [{ path }],
  });
});

test('UNKNOWN for a type that nobody knows yet', () => {
  expect(judge(check, confined({ seccompProfile: { type: 'Strict' } }))).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable' },
  });
});

test('T61: NOT_APPLICABLE on Windows', () => {
  expect(judge(check, workloadOf({ os: 'windows', securityContext: {} })).status).toBe('NOT_APPLICABLE');
});
