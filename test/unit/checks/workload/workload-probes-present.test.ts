import { expect, test } from 'vitest';
import { workloadProbesPresent as check } from '#shared/checks/workload/workload-probes-present.ts';
import { kubernetesWorkload, podContainer, workloadOf, workloadWith } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

test.for(['livenessProbe', 'readinessProbe'])('PASSED with a %s', (field) => {
  expect(judge(check, workloadWith({ probes: [{ field, kind: 'grpc' }] })).status).toBe('PASSED');
});

test.for([
  ['there is none', []],
  ['there is only a startupProbe', [{ field: 'startupProbe', kind: 'exec' }]],
  ['the probe asks nothing', [{ field: 'readinessProbe' }]],
])('FAILED when %s', ([, probes]) => {
  expect(judge(check, workloadWith({ probes: probes as never }))).toMatchObject({
    status: 'FAILED',
    severity: 'INFORMATIONAL',
    reason: 'a container has no probe',
    evidence: [{ path: 'spec.containers[0].readinessProbe', observed: null }],
  });
});

test('T64: init and ephemeral containers need none', () => {
  const init = podContainer({ list: 'initContainers', path: 'spec.initContainers[0]', probes: [] });

  expect(judge(check, workloadOf({ containers: [podContainer(), init] })).status).toBe('PASSED');
});

test.for(['Job', 'CronJob'])('NOT_APPLICABLE for a %s, which runs to its end', (kind) => {
  expect(judge(check, kubernetesWorkload({ kind })).status).toBe('NOT_APPLICABLE');
});
