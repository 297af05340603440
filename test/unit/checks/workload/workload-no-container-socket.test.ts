import { expect, test } from 'vitest';
import { workloadNoContainerSocket as check } from '#shared/checks/workload/workload-no-container-socket.ts';
import { podContainer, workloadOf } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

function mounting(path: string, mounted = true) {
  return workloadOf({
    containers: [podContainer({ volumeMounts: mounted ? [{ name: 'host', mountPath: '/host', readOnly: true }] : [] })],
    volumes: [{ name: 'host', path: 'spec.volumes[0]', sources: ['hostPath'], hostPath: { path }, tokens: [] }],
  });
}

test.for(['/data', '/var/log', '/run/lock'])('PASSED for %s', (path) => {
  expect(judge(check, mounting(path)).status).toBe('PASSED');
});

test.for([
  '/var/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/var/run/dockershim.sock',
  '/opt/../run/./docker.sock',
  '/var/run',
  '/run/',
  '/',
])('FAILED for %s, even read-only', (path) => {
  expect(judge(check, mounting(path))).toMatchObject({
    status: 'FAILED',
    severity: 'CRITICAL',
    reason: 'the socket of the container runtime is mounted',
    evidence: [{ path: 'spec.volumes[0].hostPath.path', observed: path }],
  });
});

test('PASSED when no container mounts the volume', () => {
  expect(judge(check, mounting('/run/docker.sock', false)).status).toBe('PASSED');
});

test('FAILED for the pipe of Docker on Windows', () => {
  const { spec } = mounting('\\\\.\\pipe\\docker_engine').variants[0] ?? {};

  expect(judge(check, workloadOf({ ...spec, nodeSelector: { 'kubernetes.io/os': 'windows' } })).status).toBe('FAILED');
});
