import { expect, test } from 'vitest';
import { networkNoOpenEgress as check } from '#shared/checks/network/network-no-open-egress.ts';
import type { NetworkPolicy } from '#shared/domain/network-policy.ts';
import { known } from '#shared/domain/observed.ts';
import { kubernetesNamespace, networkPolicy, networkWorkload } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

const judgeEgress = (egress: NetworkPolicy['egress'], imdsReachable = false) =>
  judge(
    check,
    kubernetesNamespace({
      networkPolicies: known([networkPolicy({ egress: egress ?? [] })]),
      workloads: known([networkWorkload({ imdsReachable: known(imdsReachable) })]),
    }),
  );
const everyNamespace = { namespaceSelector: { matchLabels: {}, matchExpressions: [] } };
const dns = [
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 53 },
];

test('PASSED when every rule names whom the pods may call; DNS to every namespace is not open', () => {
  expect(judge(check, kubernetesNamespace()).status).toBe('PASSED');
});

test('FAILED with a rule without "to", naming rule and workload (T76)', () => {
  expect(judgeEgress([{}])).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'a policy lets pods call everybody',
    evidence: [{ path: 'Deployment/shop: NetworkPolicy/shop: spec.egress[0]', observed: 'no "to": everybody' }],
  });
});

test('FAILED with a block for the internet, private addresses excepted or not', () => {
  const peers = [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '169.254.169.254/32'] } }];

  expect(judgeEgress([{ peers }]).status).toBe('FAILED');
});

test.for([
  ['DNS to everybody', [{ ports: dns }]],
  ['every pod of the cluster on every port (T79)', [{ peers: [everyNamespace] }]],
] as const)('FAILED at INFORMATIONAL with a rule for %s', ([, egress]) => {
  expect(judgeEgress(egress)).toMatchObject({ status: 'FAILED', severity: 'INFORMATIONAL' });
});

test('FAILED at INFORMATIONAL when network-egress-imds-blocked reports the same rule', () => {
  expect(judgeEgress([{}], true)).toMatchObject({ status: 'FAILED', severity: 'INFORMATIONAL' });
});

test('UNKNOWN when the policies could not be read', () => {
  const networkPolicies = denied('kubernetes:list networkpolicies');

  expect(judge(check, kubernetesNamespace({ networkPolicies })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE when no policy isolates anything: another check says so', () => {
  expect(judge(check, kubernetesNamespace({ networkPolicies: known([]) })).status).toBe('NOT_APPLICABLE');
});
