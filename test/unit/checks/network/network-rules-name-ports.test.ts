import { expect, test } from 'vitest';
import { networkRulesNamePorts as check } from '#shared/checks/network/network-rules-name-ports.ts';
import type { NetworkPolicy, NetworkPolicyPort } from '#shared/domain/network-policy.ts';
import { kubernetesNetworkPolicy, networkPolicy } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

const peers = [{ podSelector: { matchLabels: { app: 'frontend' }, matchExpressions: [] } }];
const judgePolicy = (change: Partial<NetworkPolicy>) =>
  judge(check, kubernetesNetworkPolicy({ policy: networkPolicy(change) }));
const judgePorts = (ports: readonly NetworkPolicyPort[] | undefined) =>
  judgePolicy({ ingress: [ports === undefined ? { peers } : { peers, ports }] });

test('PASSED when every rule with a peer names ports', () => {
  expect(judge(check, kubernetesNetworkPolicy()).status).toBe('PASSED');
});

test.for([
  ['no ports', undefined],
  ['an empty list of ports', []],
  ['a protocol without a port', [{ protocol: 'TCP' }]],
  ['the whole range', [{ protocol: 'TCP', port: 1, endPort: 65535 }]],
] as const)('FAILED when a rule with a peer has %s', ([, ports]) => {
  expect(judgePorts(ports)).toMatchObject({
    status: 'FAILED',
    reason: 'a rule opens every port to its peers',
    evidence: [{ path: 'spec.ingress[0].ports', observed: 'every port' }],
  });
});

test('PASSED when a rule names a port by its name, or a range', () => {
  expect(judgePorts([{ protocol: 'TCP', port: 'http' }]).status).toBe('PASSED');
  expect(judgePorts([{ protocol: 'TCP', port: 8000, endPort: 8010 }]).status).toBe('PASSED');
});

test('NOT_APPLICABLE to a policy that only denies, or whose rules name nobody', () => {
  expect(judgePolicy({ ingress: [], egress: [] }).status).toBe('NOT_APPLICABLE');
  expect(judgePolicy({ ingress: [{}], egress: [] }).status).toBe('NOT_APPLICABLE');
});

test('rules of a direction the policy does not speak of have no effect and are not judged', () => {
  expect(judgePolicy({ policyTypes: ['Egress'], ingress: [{ peers }] }).status).toBe('PASSED');
});
