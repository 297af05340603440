import { expect, test } from 'vitest';
import { networkEgressDnsAllowed as check } from '#shared/checks/network/network-egress-dns-allowed.ts';
import type { NetworkPolicy } from '#shared/domain/network-policy.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { kubernetesNamespace, networkPolicy } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

const namespaceWith = (egress: NetworkPolicy['egress']) =>
  kubernetesNamespace({ networkPolicies: known([networkPolicy({ egress: egress ?? [] })]) });
const labels = (matchLabels: Record<string, string>) => ({ matchLabels, matchExpressions: [] });
const dns = [{ protocol: 'UDP', port: 53 }];
const database = { peers: [{ podSelector: labels({ app: 'database' }) }], ports: [{ protocol: 'TCP', port: 5432 }] };
const system = labels({ 'kubernetes.io/metadata.name': 'kube-system' });

test.for([
  [
    'kube-dns by namespace and labels',
    { peers: [{ namespaceSelector: system, podSelector: labels({ 'k8s-app': 'kube-dns' }) }], ports: dns },
  ],
  ['every namespace', { peers: [{ namespaceSelector: labels({}) }], ports: dns }],
  ['everybody', { ports: dns }],
  [
    'an address block, which may be that of a name server',
    { peers: [{ ipBlock: { cidr: '169.254.20.10/32', except: [] } }], ports: dns },
  ],
  ['kube-dns on its named port', { peers: [{ namespaceSelector: system }], ports: [{ protocol: 'UDP', port: 'dns' }] }],
] as const)('PASSED when DNS is allowed to %s', ([, rule]) => {
  expect(judge(check, namespaceWith([database, rule])).status).toBe('PASSED');
});

test.for([
  ['nobody', []],
  ['pods of the own namespace only', [{ peers: [{ podSelector: labels({}) }], ports: dns }]],
  ['another namespace', [{ peers: [{ namespaceSelector: labels({ team: 'other' }) }], ports: dns }]],
  ['kube-dns by TCP only', [{ peers: [{ namespaceSelector: system }], ports: [{ protocol: 'TCP', port: 53 }] }]],
] as const)('FAILED when DNS is allowed to %s, and something else is allowed', ([, rules]) => {
  const namespace = {
    ...namespaceWith([database, ...rules]),
    clusterNamespaces: known({ 'kube-system': { 'kubernetes.io/metadata.name': 'kube-system' } }),
  };

  expect(judge(check, namespace)).toMatchObject({
    status: 'FAILED',
    reason: 'pods are isolated for egress and cannot resolve names',
    evidence: [{ path: 'Deployment/shop' }],
  });
});

test('UNKNOWN when a namespaceSelector may mean kube-system, whose labels are not known', () => {
  const rule = { peers: [{ namespaceSelector: labels({ role: 'infrastructure' }) }], ports: dns };
  const clusterNamespaces = denied('kubernetes:list namespaces');

  expect(judge(check, { ...namespaceWith([rule]), clusterNamespaces }).status).toBe('UNKNOWN');
});

test('UNKNOWN when it is not known whether anything enforces the policy', () => {
  const enforcement = undecidable('The engine is not known.');

  expect(judge(check, { ...namespaceWith([database]), enforcement }).status).toBe('UNKNOWN');
});

test.for([
  ['no policy isolates the pods for egress', kubernetesNamespace({ networkPolicies: known([]) })],
  ['the pods may call nobody at all', namespaceWith([])],
  ['nothing enforces the policies', { ...namespaceWith([database]), enforcement: known({ engines: [] }) }],
] as const)('NOT_APPLICABLE when %s', ([, namespace]) => {
  expect(judge(check, namespace).status).toBe('NOT_APPLICABLE');
});
