import { expect, test } from 'vitest';
import { workloadPssRestricted as check } from '#shared/checks/workload/workload-pss-restricted.ts';
import { known } from '#shared/domain/observed.ts';
import { kubernetesWorkload, podContainer, podSpec, workloadOf } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED when admission would admit every pod of the workload', () => {
  expect(judge(check, kubernetesWorkload()).status).toBe('PASSED');
});

test('T57, T58: FAILED for runAsNonRoot although the user is not root', () => {
  expect(
    judge(check, workloadOf({ securityContext: { ...podSpec().securityContext, runAsNonRoot: false } })),
  ).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'the pod breaks the restricted Pod Security Standard',
    evidence: [
      { path: 'spec.securityContext.runAsNonRoot', observed: false, expected: true },
      { path: 'spec.containers[0].securityContext.runAsNonRoot', observed: null, expected: true },
    ],
  });
});

test('FAILED for what the baseline forbids', () => {
  expect(judge(check, workloadOf({ hostPID: true })).status).toBe('FAILED');
});

test.for([
  ['hostPath', 'INFORMATIONAL'],
  ['nfs', 'MEDIUM'],
] as const)('T68: FAILED for a volume of type %s', ([source, severity]) => {
  const volumes = [{ name: 'v', path: 'spec.volumes[0]', sources: [source], tokens: [] }];

  expect(judge(check, workloadOf({ volumes }))).toMatchObject({
    status: 'FAILED',
    severity,
    evidence: [{ path: `spec.volumes[0].${source}` }],
  });
});

test('INFORMATIONAL when everything has a finding of its own', () => {
  const bare = podContainer({ securityContext: {} });

  expect(judge(check, workloadOf({ securityContext: { runAsUser: 0 }, containers: [bare] }))).toMatchObject({
    status: 'FAILED',
    severity: 'INFORMATIONAL',
  });
});

test('T66: PASSED for Windows, which lacks what only Linux has', () => {
  const containers = [podContainer({ securityContext: {} })];

  expect(judge(check, workloadOf({ os: 'windows', securityContext: { runAsNonRoot: true }, containers })).status).toBe(
    'PASSED',
  );
});

test('T60: the version decides about root of a user namespace', () => {
  const mapped = workloadOf({ hostUsers: false, securityContext: { ...podSpec().securityContext, runAsUser: 0 } });

  expect(judge(check, { ...mapped, policyVersion: known('1.34') }).status).toBe('FAILED');
  expect(judge(check, { ...mapped, policyVersion: known('1.35') }).status).toBe('PASSED');
  expect(judge(check, { ...mapped, policyVersion: denied('eks:DescribeCluster') }).status).toBe('UNKNOWN');
});

test('T69: a version that the namespace pins forbids less', () => {
  const rooted = workloadOf({ securityContext: { ...podSpec().securityContext, runAsUser: 0 } });

  expect(judge(check, { ...rooted, policyVersion: known('1.22') }).status).toBe('PASSED');
});
