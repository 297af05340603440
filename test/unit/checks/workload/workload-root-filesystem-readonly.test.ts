import { expect, test } from 'vitest';
import { workloadRootFilesystemReadonly as check } from '#shared/checks/workload/workload-root-filesystem-readonly.ts';
import { podContainer, workloadOf, workloadWith } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when every container has a read-only root file system', () => {
  expect(judge(check, workloadOf({})).status).toBe('PASSED');
});

test.for([
  ['not set', {}, null],
  ['false', { readOnlyRootFilesystem: false }, false],
] as const)('T65: FAILED when it is %s, which no Pod Security Standard says', ([, securityContext, observed]) => {
  expect(judge(check, workloadWith({ securityContext }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'the root file system is writable',
    evidence: [{ path: 'spec.containers[0].securityContext.readOnlyRootFilesystem', observed, expected: true }],
  });
});

test('NOT_APPLICABLE on Windows', () => {
  expect(judge(check, workloadOf({ os: 'windows', containers: [podContainer({ securityContext: {} })] })).status).toBe(
    'NOT_APPLICABLE',
  );
});
