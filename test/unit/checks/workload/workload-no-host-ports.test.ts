import { expect, test } from 'vitest';
import { workloadNoHostPorts as check } from '#shared/checks/workload/workload-no-host-ports.ts';
import { podContainer, workloadOf, workloadWith } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

test.for([
  ['not set', [{ containerPort: 80 }]],
  ['0', [{ containerPort: 80, hostPort: 0 }]],
] as const)('T67: PASSED when hostPort is %s', ([, ports]) => {
  expect(judge(check, workloadWith({ ports })).status).toBe('PASSED');
});

test('FAILED when a port of the node is taken', () => {
  const ports = [{ containerPort: 80 }, { containerPort: 443, hostPort: 8443 }];

  expect(judge(check, workloadWith({ ports }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'a port of the node is taken',
    evidence: [{ path: 'spec.containers[0].ports[1].hostPort', observed: 8443, expected: 0 }],
  });
});

test('T67: NOT_APPLICABLE on the network of the node, where the API server fills the ports in', () => {
  const containers = [podContainer({ ports: [{ containerPort: 80, hostPort: 80 }] })];

  expect(judge(check, workloadOf({ hostNetwork: true, containers })).status).toBe('NOT_APPLICABLE');
});
