import { expect, test } from 'vitest';
import { workloadNoPrivilegeEscalation as check } from '#shared/checks/workload/workload-no-privilege-escalation.ts';
import { podContainer, workloadOf, workloadWith } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when every container refuses it', () => {
  expect(judge(check, workloadWith({ securityContext: { allowPrivilegeEscalation: false } })).status).toBe('PASSED');
});

test.for([
  ['not set', {}, null],
  ['true', { allowPrivilegeEscalation: true }, true],
] as const)('T63: FAILED when it is %s', ([, securityContext, observed]) => {
  expect(judge(check, workloadWith({ securityContext }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'privilege escalation is allowed',
    evidence: [{ path: 'spec.containers[0].securityContext.allowPrivilegeEscalation', observed, expected: false }],
  });
});

test('T64: FAILED for a container without any security context beside one that refuses it', () => {
  const { securityContext: _, ...bare } = podContainer({ list: 'initContainers', path: 'spec.initContainers[0]' });

  expect(judge(check, workloadOf({ containers: [podContainer(), bare] })).evidence).toHaveLength(1);
});

test('T66: NOT_APPLICABLE on Windows, also where only the node selector says so', () => {
  const containers = [podContainer({ securityContext: {} })];

  expect(judge(check, workloadOf({ nodeSelector: { 'kubernetes.io/os': 'windows' }, containers })).status).toBe(
    'NOT_APPLICABLE',
  );
});
