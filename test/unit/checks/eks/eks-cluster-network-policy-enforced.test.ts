import { describe, expect, test } from 'vitest';
import { eksClusterNetworkPolicyEnforced as check } from '#shared/checks/eks/eks-cluster-network-policy-enforced.ts';
import type { EksCluster } from '#shared/collectors/eks/model.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { eksCluster, vpcCni } from '#test/factories/eks.ts';
import { denied, judge } from '#test/support/judge.ts';

const fromOutside = (overrides: Partial<EksCluster> = {}) =>
  eksCluster({
    networkPolicyEngines: undecidable('Which engine enforces network policies can only be seen inside the cluster.'),
    ...overrides,
  });
const fromInside = (overrides: Partial<EksCluster> = {}) =>
  eksCluster({ networkPolicyEngines: known([]), ...overrides });

describe('seen from outside only', () => {
  test('PASSED when the VPC CNI add-on enforces network policies (T80, D17)', () => {
    expect(judge(check, fromOutside()).status).toBe('PASSED');
  });

  test.for([
    ['does not have them switched on', { enabled: false }],
    ['is too old: 1.9 is older than 1.14 (T42)', { version: 'v1.9.3-eksbuild.1' }],
    ['could not be installed', { status: 'CREATE_FAILED' }],
  ] as const)('UNKNOWN when the add-on %s, because another engine may', ([, cni]) => {
    const finding = judge(check, fromOutside({ addons: known([vpcCni(cni)]) }));

    expect(finding.unknown).toMatchObject({
      kind: 'undecidable',
      message: expect.stringContaining('VPC CNI add-on does not enforce'),
    });
    expect(finding.evidence.map(({ path }) => path)).toContain('addons[vpc-cni].version');
  });

  test('UNKNOWN without the add-on: the CNI is self-managed (T80)', () => {
    expect(judge(check, fromOutside({ addons: known([]) })).unknown?.kind).toBe('undecidable');
  });

  test('UNKNOWN with Auto Mode, whose nodes take no notice of the add-on', () => {
    expect(judge(check, fromOutside({ autoMode: true })).unknown).toMatchObject({
      message: expect.stringContaining('Auto Mode'),
    });
  });

  test('a cluster security group proves nothing (D1)', () => {
    const cluster = fromOutside({ addons: known([]), clusterSecurityGroupId: 'sg-0123' });

    expect(judge(check, cluster).status).toBe('UNKNOWN');
  });

  test.for([
    ['add-ons could not be listed', denied('eks:ListAddons')],
    ['the add-on could not be described', known([{ name: 'vpc-cni', details: denied('eks:DescribeAddon') }])],
  ] as const)('UNKNOWN when the %s', ([, addons]) => {
    expect(judge(check, fromOutside({ addons })).unknown?.kind).toBe('unreadable');
  });

  test.for([
    ['enforces', known([vpcCni({ enabled: true })])],
    ['does not enforce', known([vpcCni({ enabled: false })])],
  ] as const)('UNKNOWN when the add-on %s, but all pods may run on Fargate (T46)', ([, addons]) => {
    const cluster = fromOutside({
      addons,
      fargateProfiles: known([{ name: 'all', details: denied('eks:DescribeFargateProfile') }]),
      nodegroups: denied('eks:ListNodegroups'),
    });

    expect(judge(check, cluster).unknown).toMatchObject({ missingPermission: 'eks:ListNodegroups' });
  });

  test('NOT_APPLICABLE when everything runs on Fargate', () => {
    const cluster = fromOutside({
      nodegroups: known([]),
      fargateProfiles: known([{ name: 'all', details: denied('eks:DescribeFargateProfile') }]),
    });

    expect(judge(check, cluster).status).toBe('NOT_APPLICABLE');
  });
});

describe('seen from inside as well', () => {
  test.for(['calico', 'cilium', 'auto-mode'])('PASSED with %s (D17)', (name) => {
    const networkPolicyEngines = known([{ name, seenAs: `kube-system/daemonsets/${name}` }]);

    expect(
      judge(check, eksCluster({ autoMode: name === 'auto-mode', addons: known([]), networkPolicyEngines })),
    ).toMatchObject({ status: 'PASSED', evidence: [{ observed: `${name} (kube-system/daemonsets/${name})` }] });
  });

  test.for([
    ['nothing enforces them', { addons: known([]) }],
    ['the add-on does not and nothing else does', { addons: known([vpcCni({ enabled: false })]) }],
    ['Auto Mode has its controller off', { autoMode: true }],
  ] as const)('FAILED when %s', ([, overrides]) => {
    const finding = judge(check, fromInside(overrides));

    expect(finding).toMatchObject({
      status: 'FAILED',
      severity: 'HIGH',
      reason: 'nothing enforces network policies',
    });
    expect(finding.evidence).toContainEqual(expect.objectContaining({ path: 'networkPolicyEngine', observed: null }));
  });

  test('UNKNOWN when the inside could not be reached (T45)', () => {
    const cluster = fromInside({
      addons: known([vpcCni({ enabled: false })]),
      networkPolicyEngines: denied('kubernetes:list daemonsets'),
    });

    expect(judge(check, cluster).unknown?.kind).toBe('unreadable');
  });

  test('UNKNOWN when nothing enforces, but it may all be Fargate', () => {
    const cluster = fromInside({
      addons: known([]),
      fargateProfiles: known([{ name: 'all', details: denied('eks:DescribeFargateProfile') }]),
      nodegroups: denied('eks:ListNodegroups'),
    });

    expect(judge(check, cluster).unknown).toMatchObject({ missingPermission: 'eks:ListNodegroups' });
  });
});
