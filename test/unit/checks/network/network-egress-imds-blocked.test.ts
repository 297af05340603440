import { expect, test } from 'vitest';
import { networkEgressImdsBlocked as check } from '#shared/checks/network/network-egress-imds-blocked.ts';
import type { KubernetesNamespace } from '#shared/collectors/kubernetes/model.ts';
import type { NetworkPolicy } from '#shared/domain/network-policy.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { kubernetesNamespace, networkPolicy, networkWorkload } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

/** The nodes let pods through: policies must stop them. */
const open = (change: Partial<KubernetesNamespace> = {}) =>
  kubernetesNamespace({ workloads: known([networkWorkload({ imdsReachable: known(true) })]), ...change });
const judgeEgress = (egress: NetworkPolicy['egress']) =>
  judge(check, open({ networkPolicies: known([networkPolicy({ egress: egress ?? [] })]) }));
const block = (cidr: string, ...except: readonly string[]) => ({ ipBlock: { cidr, except } });

test.for([
  ['no rule lets the address be called', [{ peers: [{ podSelector: { matchLabels: {}, matchExpressions: [] } }] }]],
  ['the block excepts the address', [{ peers: [block('0.0.0.0/0', '169.254.169.254/32')] }]],
  ['the block holds the agent of Pod Identity only', [{ peers: [block('169.254.170.23/32')] }]],
  ['everybody may be called, on port 53 alone', [{ ports: [{ protocol: 'UDP', port: 53 }] }]],
] as const)('PASSED when %s', ([, egress]) => {
  expect(judgeEgress(egress).status).toBe('PASSED');
});

test.for([
  ['a rule names nobody (T76)', [{}]],
  ['a block holds the address', [{ peers: [block('0.0.0.0/0', '10.0.0.0/8')] }]],
  ['a block is the address', [{ peers: [block('169.254.169.254/32')], ports: [{ protocol: 'TCP', port: 80 }] }]],
  ['a block holds the IPv6 address', [{ peers: [block('fd00:ec2::/64')] }]],
] as const)('FAILED when %s', ([, egress]) => {
  expect(judgeEgress(egress)).toMatchObject({
    status: 'FAILED',
    reason: 'pods can reach the metadata service of their node',
    evidence: [{ path: 'Deployment/shop: NetworkPolicy/shop: spec.egress[0]' }],
  });
});

test('FAILED when no policy isolates the pods for egress', () => {
  expect(judge(check, open({ networkPolicies: known([]) })).evidence).toMatchObject([{ path: 'Deployment/shop' }]);
});

test('FAILED when nothing enforces the policies (T80)', () => {
  expect(judge(check, open({ enforcement: known({ engines: [] }) })).status).toBe('FAILED');
});

test('UNKNOWN when it is not known what enforces policies (T80)', () => {
  expect(judge(check, open({ enforcement: undecidable('The engine is not known.') })).status).toBe('UNKNOWN');
});

test('UNKNOWN when nothing stops the pods and the nodes are not known to', () => {
  const workloads = known([networkWorkload({ imdsReachable: denied('ec2:DescribeInstances') })]);

  expect(judge(check, kubernetesNamespace({ workloads, networkPolicies: known([]) })).unknown).toMatchObject({
    missingPermission: 'ec2:DescribeInstances',
  });
});

test('PASSED whatever the nodes do, when policies stop the pods', () => {
  const workloads = known([networkWorkload({ imdsReachable: denied('ec2:DescribeInstances') })]);

  expect(judge(check, kubernetesNamespace({ workloads })).status).toBe('PASSED');
});

test('UNKNOWN when pods run on nodes where the engine binds none (T80)', () => {
  const workload = networkWorkload({ imdsReachable: known(true) });
  const pods = workload.pods.map((pod) => ({ ...pod, runsOn: known(['windows' as const]) }));

  expect(judge(check, kubernetesNamespace({ workloads: known([{ ...workload, pods }]) })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE when the nodes keep pods away themselves', () => {
  expect(judge(check, kubernetesNamespace({ networkPolicies: known([]) })).status).toBe('NOT_APPLICABLE');
});

test('NOT_APPLICABLE to pods on the host network: no policy binds them', () => {
  const workload = networkWorkload({ imdsReachable: known(true) });
  const pods = workload.pods.map((pod) => ({ ...pod, hostNetwork: true }));

  expect(judge(check, open({ workloads: known([{ ...workload, pods }]) })).status).toBe('NOT_APPLICABLE');
});
