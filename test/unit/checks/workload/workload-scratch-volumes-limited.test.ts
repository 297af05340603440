import { expect, test } from 'vitest';
import { workloadScratchVolumesLimited as check } from '#shared/checks/workload/workload-scratch-volumes-limited.ts';
import type { PodVolume } from '#shared/domain/pod-spec.ts';
import { podContainer, workloadOf } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

function scratch(emptyDir: PodVolume['emptyDir']): readonly PodVolume[] {
  return [{ name: 'tmp', path: 'spec.volumes[0]', sources: ['emptyDir'], ...(emptyDir && { emptyDir }), tokens: [] }];
}

const BOUNDED = podContainer({ resources: { requests: {}, limits: { 'ephemeral-storage': '1Gi' } } });

test.for([
  ['in memory', { medium: 'Memory', sizeLimit: '64Mi' }],
  ['on disk', { sizeLimit: '1Gi' }],
])('PASSED with a size limit %s', ([, emptyDir]) => {
  expect(judge(check, workloadOf({ volumes: scratch(emptyDir as PodVolume['emptyDir']) })).status).toBe('PASSED');
});

test('PASSED on disk when every container has a limit of ephemeral-storage', () => {
  expect(judge(check, workloadOf({ volumes: scratch({}), containers: [BOUNDED] })).status).toBe('PASSED');
});

test.for<[string, PodVolume['emptyDir']]>([
  ['it has no size limit', {}],
  ['it names nothing at all', undefined],
  ['its limit is 0, which is none', { sizeLimit: '0' }],
])('FAILED when %s', ([, emptyDir]) => {
  expect(judge(check, workloadOf({ volumes: scratch(emptyDir) }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'a scratch volume has no size limit',
    evidence: [{ path: 'spec.volumes[0].emptyDir.sizeLimit', expected: 'a size' }],
  });
});

test('FAILED in memory whatever the limit of ephemeral-storage is', () => {
  const volumes = scratch({ medium: 'Memory' });

  expect(judge(check, workloadOf({ volumes, containers: [BOUNDED] })).status).toBe('FAILED');
});

test('UNKNOWN when the size limit is no quantity', () => {
  expect(judge(check, workloadOf({ volumes: scratch({ sizeLimit: '$SIZE' }) })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE without scratch volumes', () => {
  expect(judge(check, workloadOf({ volumes: [] })).status).toBe('NOT_APPLICABLE');
});
