import { describe, expect, test } from 'vitest';
import { workloadPssBaseline as check } from '#shared/checks/workload/workload-pss-baseline.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import type { PodSpec } from '#shared/domain/pod-spec.ts';
import { kubernetesWorkload, podContainer, podSpec, podVariant, workloadOf } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

const REASON = 'the pod breaks the baseline Pod Security Standard';
const unsafeSysctl = { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem', value: '1' }] } };

test('PASSED when admission would admit every pod of the workload', () => {
  expect(judge(check, kubernetesWorkload()).status).toBe('PASSED');
});

test('FAILED names every field that breaks a control', () => {
  const spec: Partial<PodSpec> = {
    hostPID: true,
    securityContext: { seLinuxOptions: { type: 'spc_t' } },
    containers: [podContainer({ securityContext: { procMount: 'Unmasked' } })],
  };
  const finding = judge(check, workloadOf(spec));

  expect(finding).toMatchObject({ status: 'FAILED', severity: 'HIGH', reason: REASON });
  expect(finding.evidence).toEqual([
    { path: 'spec.hostPID', observed: true, expected: false },
    { path: 'spec.containers[0].securityContext.procMount', observed: 'Unmasked', expected: 'Default' },
    {
      path: 'spec.securityContext.seLinuxOptions.type',
      observed: 'spc_t',
      expected: expect.arrayContaining(['container_t']),
    },
  ]);
});

test('FAILED when only one kind of its pods breaks it', () => {
  const variants = [podVariant(), podVariant({ spec: podSpec({ hostIPC: true }) })];

  expect(judge(check, kubernetesWorkload({ variants })).evidence).toHaveLength(1);
});

test('the version in force decides', () => {
  const under = (version: string) => judge(check, workloadOf(unsafeSysctl, { policyVersion: known(version) })).status;

  expect(under('1.31')).toBe('FAILED');
  expect(under('1.32')).toBe('PASSED');
  expect(under('latest')).toBe('PASSED');
});

describe('when the version is not known', () => {
  const policyVersion = denied('eks:DescribeCluster');

  test('UNKNOWN where versions differ', () => {
    expect(judge(check, workloadOf(unsafeSysctl, { policyVersion }))).toMatchObject({
      status: 'UNKNOWN',
      unknown: { missingPermission: 'eks:DescribeCluster' },
    });
  });

  test('FAILED or PASSED where all say the same', () => {
    expect(judge(check, workloadOf({ hostPID: true }, { policyVersion })).status).toBe('FAILED');
    expect(judge(check, workloadOf({}, { policyVersion: undecidable('no version is given') })).status).toBe('PASSED');
  });

  test('UNKNOWN for a version that is none', () => {
    expect(judge(check, workloadOf({}, { policyVersion: known('newest') })).status).toBe('UNKNOWN');
  });
});

describe('INFORMATIONAL', () => {
  const host = { name: 'host', path: 'spec.volumes[0]', sources: ['hostPath'], hostPath: { path: '/etc' }, tokens: [] };
  const container = (change: Parameters<typeof podContainer>[0]) => ({ containers: [podContainer(change)] });

  test.for<[string, Partial<PodSpec>]>([
    ['a privileged container', container({ securityContext: { privileged: true } })],
    ['a namespace of the node', { hostNetwork: true }],
    ['a port of the node', container({ ports: [{ containerPort: 80, hostPort: 80 }] })],
    [
      'T67: ports that the network of the node brings with it',
      { hostNetwork: true, ...container({ ports: [{ containerPort: 80, hostPort: 80 }] }) },
    ],
    ['a path of the node', { volumes: [host] }],
    ['seccomp switched off', { securityContext: { seccompProfile: { type: 'Unconfined' } } }],
    ['a dangerous capability', container({ securityContext: { capabilities: { add: ['SYS_ADMIN'], drop: ['ALL'] } } })],
  ])('when %s has a finding of its own', ([, spec]) => {
    expect(judge(check, workloadOf(spec))).toMatchObject({
      status: 'FAILED',
      severity: 'INFORMATIONAL',
      severityReason: 'every broken control has a finding of its own',
    });
  });

  test('but not when one of the broken controls has none', () => {
    expect(
      judge(check, workloadOf({ ...unsafeSysctl, hostPID: true }, { policyVersion: known('1.31') })).severity,
    ).toBe('HIGH');
  });

  test('and not when its own check passes: NET_RAW alone is no dangerous capability', () => {
    const spec = container({ securityContext: { capabilities: { add: ['NET_RAW'], drop: ['ALL'] } } });

    expect(judge(check, workloadOf(spec)).severity).toBe('HIGH');
  });

  test.for([
    { add: ['NET_RAW'], drop: [] },
    { add: ['NET_RAW', 'SYS_ADMIN'], drop: ['ALL'] },
  ])('and not for %o: nothing else tells of NET_RAW', (capabilities) => {
    expect(judge(check, workloadOf(container({ securityContext: { capabilities } }))).severity).toBe('HIGH');
  });
});
