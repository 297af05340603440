import { expect, test } from 'vitest';
import { workloadRunAsGroupNonroot as check } from '#shared/checks/workload/workload-run-as-group-nonroot.ts';
import { podContainer, workloadOf } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

const GROUPS = { runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, supplementalGroups: [2000] };

test('PASSED when all groups are others', () => {
  expect(judge(check, workloadOf({ securityContext: GROUPS })).status).toBe('PASSED');
});

test.for([
  ['runAsGroup', { runAsGroup: 0 }],
  ['fsGroup', { fsGroup: 0 }],
  ['supplementalGroups[1]', { supplementalGroups: [2000, 0] }],
] as const)('FAILED when %s is 0', ([field, change]) => {
  expect(judge(check, workloadOf({ securityContext: { ...GROUPS, ...change } }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'a group is root',
    evidence: [{ path: `spec.securityContext.${field}`, observed: 0 }],
  });
});

test('T56: FAILED when a container overrides the group of the pod', () => {
  const containers = [podContainer({ securityContext: { runAsGroup: 0 } })];

  expect(judge(check, workloadOf({ securityContext: GROUPS, containers }))).toMatchObject({
    status: 'FAILED',
    evidence: [{ path: 'spec.containers[0].securityContext.runAsGroup' }],
  });
});

test('UNKNOWN when no group is set, because the image decides', () => {
  expect(judge(check, workloadOf({ securityContext: { runAsUser: 1000 } }))).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable' },
  });
});

test('NOT_APPLICABLE on Windows', () => {
  expect(judge(check, workloadOf({ os: 'windows', securityContext: { fsGroup: 0 } })).status).toBe('NOT_APPLICABLE');
});
