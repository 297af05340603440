import { expect, test } from 'vitest';
import { namespacePssEnforced as check } from '#shared/checks/namespace/namespace-pss-enforced.ts';
import type { PodSecurityLabels } from '#shared/collectors/kubernetes/model.ts';
import { known } from '#shared/domain/observed.ts';
import { kubernetesNamespace } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

const LABEL = 'metadata.labels[pod-security.kubernetes.io/enforce]';

function labelled(podSecurity: PodSecurityLabels, change: Parameters<typeof kubernetesNamespace>[0] = {}) {
  return kubernetesNamespace({ podSecurity: known(podSecurity), allPodsPassBaseline: known(false), ...change });
}

test.for(['baseline', 'restricted'])('PASSED when %s is enforced', (enforce) => {
  expect(judge(check, labelled({ enforce, enforceVersion: 'latest' })).status).toBe('PASSED');
});

test.for(['Restricted', '', 'strict'])(
  'T69: PASSED for the invalid level "%s", which counts as restricted',
  (enforce) => {
    expect(judge(check, labelled({ enforce }))).toMatchObject({
      status: 'PASSED',
      evidence: [{ path: LABEL, observed: enforce }],
    });
  },
);

test('T69: PASSED with evidence when an older version is pinned', () => {
  expect(judge(check, labelled({ enforce: 'baseline', enforceVersion: 'v1.24' }))).toMatchObject({
    status: 'PASSED',
    evidence: [{ path: LABEL }, { path: `${LABEL.replace('enforce', 'enforce-version')}`, observed: 'v1.24' }],
  });
});

test.for<[string, PodSecurityLabels]>([
  ['there is no label, and the default of EKS is privileged', {}],
  ['privileged is enforced', { enforce: 'privileged' }],
  ['others only warn', { warn: 'restricted', audit: 'restricted' }],
])('T69: FAILED when %s', ([, labels]) => {
  expect(judge(check, labelled(labels))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'no Pod Security Standard is enforced',
    evidence: expect.arrayContaining([
      { path: LABEL, observed: labels.enforce ?? null, expected: ['baseline', 'restricted'] },
    ]),
  });
});

test('LOW when every pod meets the baseline already', () => {
  expect(judge(check, labelled({}, { allPodsPassBaseline: known(true) }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
  });
});

test('not lowered when not all pods were judged', () => {
  expect(judge(check, labelled({}, { allPodsPassBaseline: denied('kubernetes:list pods') })).severity).toBe('MEDIUM');
});

test('UNKNOWN without a label when a policy engine was seen and its policies were not read', () => {
  expect(judge(check, labelled({}, { unreadPolicyEngines: known(['Kyverno']) }))).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable' },
    evidence: expect.arrayContaining([{ path: 'policyEngines', observed: ['Kyverno'], expected: 'policies read' }]),
  });
});

test('PASSED with a label whatever engines there are', () => {
  const unreadPolicyEngines = known(['Kyverno']);

  expect(judge(check, labelled({ enforce: 'baseline' }, { unreadPolicyEngines })).status).toBe('PASSED');
});

test('UNKNOWN when the labels could not be read', () => {
  expect(judge(check, kubernetesNamespace({ podSecurity: denied('kubernetes:list namespaces') })).status).toBe(
    'UNKNOWN',
  );
});

test.for<[string, Parameters<typeof kubernetesNamespace>[0]]>([
  ['kube-system', { name: 'kube-system', namespace: 'kube-system' }],
  ['kube-public', { name: 'kube-public', namespace: 'kube-public' }],
  ['kube-node-lease', { name: 'kube-node-lease', namespace: 'kube-node-lease' }],
  ['a namespace that is being deleted', { terminating: true }],
  ['a namespace in which nothing runs', { workloads: known([]) }],
])('NOT_APPLICABLE to %s', ([, change]) => {
  expect(judge(check, labelled({}, change)).status).toBe('NOT_APPLICABLE');
});
