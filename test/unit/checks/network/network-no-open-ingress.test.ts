import { expect, test } from 'vitest';
import { networkNoOpenIngress as check } from '#shared/checks/network/network-no-open-ingress.ts';
import type { NetworkPolicy } from '#shared/domain/network-policy.ts';
import { known } from '#shared/domain/observed.ts';
import { kubernetesNamespace, networkPolicy } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

const judgeIngress = (ingress: NetworkPolicy['ingress'], ...more: readonly NetworkPolicy[]) =>
  judge(check, kubernetesNamespace({ networkPolicies: known([networkPolicy({ ingress: ingress ?? [] }), ...more]) }));
const all = { matchLabels: {}, matchExpressions: [] };
const block = (cidr: string, ...except: readonly string[]) => ({ ipBlock: { cidr, except } });

test('PASSED when every rule names who may come in', () => {
  expect(judge(check, kubernetesNamespace()).status).toBe('PASSED');
});

test('PASSED when no rule lets anybody in (T76)', () => {
  expect(judgeIngress([]).status).toBe('PASSED');
});

test.for([
  ['an empty rule (T76)', [{}]],
  ['a rule with an empty from (T76)', [{ peers: [], ports: [{ protocol: 'TCP', port: 443 }] }]],
  ['a rule for 0.0.0.0/0', [{ peers: [block('0.0.0.0/0')] }]],
  ['a rule for ::/0', [{ peers: [block('::/0')] }]],
  ['a rule for the internet without private addresses', [{ peers: [block('0.0.0.0/0', '10.0.0.0/8')] }]],
  ['two rules that are the internet together', [{ peers: [block('0.0.0.0/1')] }, { peers: [block('128.0.0.0/1')] }]],
] as const)('FAILED with %s', ([, ingress]) => {
  expect(judgeIngress(ingress)).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'a policy lets everybody in',
  });
});

test('FAILED when one policy opens what another isolates, and the evidence names rule and workload (T77)', () => {
  const finding = judgeIngress([], networkPolicy({ name: 'open', ingress: [{}] }));

  expect(finding).toMatchObject({
    status: 'FAILED',
    evidence: [{ path: 'Deployment/shop: NetworkPolicy/open: spec.ingress[0]', observed: 'no "from": everybody' }],
  });
});

test('FAILED at LOW when only the pods of the cluster are let in: an empty namespaceSelector is all of them (T79)', () => {
  expect(judgeIngress([{ peers: [{ namespaceSelector: all }] }])).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'a policy lets every pod of the cluster in',
  });
});

test('PASSED when an empty podSelector means the own namespace (T79)', () => {
  expect(judgeIngress([{ peers: [{ podSelector: all }] }]).status).toBe('PASSED');
});

test('PASSED when one item asks for namespace and pod at once; two items let every pod in (T79)', () => {
  const frontend = { matchLabels: { app: 'frontend' }, matchExpressions: [] };

  expect(judgeIngress([{ peers: [{ namespaceSelector: all, podSelector: frontend }] }]).status).toBe('PASSED');
  expect(judgeIngress([{ peers: [{ namespaceSelector: all }, { podSelector: frontend }] }]).status).toBe('FAILED');
});

test('UNKNOWN when the policies could not be read', () => {
  const networkPolicies = denied('kubernetes:list networkpolicies');

  expect(judge(check, kubernetesNamespace({ networkPolicies })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE when no policy isolates anything: another check says so', () => {
  expect(judge(check, kubernetesNamespace({ networkPolicies: known([]) })).status).toBe('NOT_APPLICABLE');
});
