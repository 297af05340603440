import { expect, test } from 'vitest';
import { workloadNoHostPaths as check } from '#shared/checks/workload/workload-no-host-paths.ts';
import { podContainer, workloadOf } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

function mounting(path: string, readOnly: boolean | 'not mounted' = false) {
  const mounts = readOnly === 'not mounted' ? [] : [{ name: 'host', mountPath: '/host', readOnly }];
  return workloadOf({
    containers: [podContainer({ volumeMounts: mounts })],
    volumes: [{ name: 'host', path: 'spec.volumes[0]', sources: ['hostPath'], hostPath: { path }, tokens: [] }],
  });
}

test('PASSED without hostPath volumes', () => {
  expect(judge(check, workloadOf({})).status).toBe('PASSED');
});

test('FAILED when a container may write to a directory of the node', () => {
  expect(judge(check, mounting('/etc'))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'a directory of the node is mounted',
    evidence: [{ path: 'spec.volumes[0].hostPath.path', observed: '/etc', expected: 'no hostPath volume' }],
  });
});

test.for([
  ['/etc/kubernetes', true, 'MEDIUM', '/etc/kubernetes (read-only)'],
  ['/etc/ssl/certs', true, 'LOW', '/etc/ssl/certs (read-only)'],
  ['/proc', true, 'LOW', '/proc (read-only)'],
  ['/data', 'not mounted', 'LOW', '/data (not mounted)'],
  ['/data', false, 'HIGH', '/data'],
] as const)('FAILED for %s, read-only %s, is %s', ([path, readOnly, severity, observed]) => {
  expect(judge(check, mounting(path, readOnly))).toMatchObject({
    status: 'FAILED',
    severity,
    evidence: [{ observed }],
  });
});

test.for(['/var/run/docker.sock', '/run/containerd/containerd.sock', '/run/containerd'])(
  'PASSED for %s alone, which workload-no-container-socket reports',
  (path) => {
    expect(judge(check, mounting(path)).status).toBe('PASSED');
  },
);

test('FAILED for a hostPath that names no path', () => {
  const volumes = [{ name: 'host', path: 'spec.volumes[0]', sources: ['hostPath'], tokens: [] }];

  expect(judge(check, workloadOf({ volumes })).status).toBe('FAILED');
});
