import { expect, test } from 'vitest';
import { workloadNotPrivileged as check } from '#shared/checks/workload/workload-not-privileged.ts';
import type { ContainerSecurityContext } from '#shared/domain/pod-spec.ts';
import {
  kubernetesWorkload,
  podContainer,
  podSpec,
  podVariant,
  workloadOf,
  workloadWith,
} from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

test.for<[string, ContainerSecurityContext]>([
  ['not set', {}],
  ['false', { privileged: false }],
])('PASSED when privileged is %s', ([, securityContext]) => {
  expect(judge(check, workloadWith({ securityContext })).status).toBe('PASSED');
});

test.for(['containers', 'initContainers', 'ephemeralContainers'] as const)(
  'T64: FAILED for a privileged one of %s',
  (list) => {
    const privileged = podContainer({ list, path: `spec.${list}[0]`, securityContext: { privileged: true } });

    expect(judge(check, workloadOf({ containers: [podContainer(), privileged] }))).toMatchObject({
      status: 'FAILED',
      severity: 'CRITICAL',
      reason: 'a container is privileged',
      evidence: [{ path: `spec.${list}[0].securityContext.privileged`, observed: true, expected: false }],
    });
  },
);

test('T71: judged are the pods that run, each kind of them, and what several say stands there once', () => {
  const bad = podSpec({ containers: [podContainer({ securityContext: { privileged: true } })] });
  const variants = [podVariant(), podVariant({ spec: bad }), podVariant({ spec: { ...bad, hostUsers: false } })];

  const finding = judge(check, kubernetesWorkload({ variants }));

  expect(finding.status).toBe('FAILED');
  expect(finding.evidence).toHaveLength(1);
});

test('T70: the finding is of the workload, whatever its pods are called', () => {
  expect(judge(check, kubernetesWorkload()).resource.uid).toMatch(/\/shop\/Deployment\/shop$/);
});
