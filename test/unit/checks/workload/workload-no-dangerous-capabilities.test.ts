import { expect, test } from 'vitest';
import { workloadNoDangerousCapabilities as check } from '#shared/checks/workload/workload-no-dangerous-capabilities.ts';
import { podContainer, workloadOf, workloadWith } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

function adding(...add: string[]) {
  return workloadWith({ securityContext: { capabilities: { add, drop: ['ALL'] } } });
}

test.for([[[]], [['NET_BIND_SERVICE']], [['CHOWN', 'SETUID']]])('PASSED when %j is added', ([add = []]) => {
  expect(judge(check, adding(...add)).status).toBe('PASSED');
});

test('PASSED when nothing is said about capabilities', () => {
  expect(judge(check, workloadWith({ securityContext: {} })).status).toBe('PASSED');
});

test.for(['SYS_ADMIN', 'CAP_SYS_ADMIN', 'net_admin', 'ALL', 'SYS_PTRACE'])('T62: FAILED when %s is added', (name) => {
  expect(judge(check, adding('CHOWN', name))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'a dangerous capability is added',
    evidence: [{ path: 'spec.containers[0].securityContext.capabilities.add' }],
  });
});

test('T66: NOT_APPLICABLE on Windows', () => {
  const containers = [podContainer({ securityContext: { capabilities: { add: ['SYS_ADMIN'], drop: [] } } })];

  expect(judge(check, workloadOf({ os: 'windows', containers })).status).toBe('NOT_APPLICABLE');
});
