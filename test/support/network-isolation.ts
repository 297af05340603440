import { describe, expect, test } from 'vitest';
import type { Check } from '#shared/domain/check.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { kubernetesNamespace, networkPolicy, networkWorkload } from '#test/factories/kubernetes.ts';
import { denied, judge } from './judge.ts';

/** What both checks of isolation promise, each for its own direction. */
export function describeIsolation(check: Check, direction: 'ingress' | 'egress'): void {
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  const otherType = direction === 'ingress' ? 'Egress' : 'Ingress';
  const [pod] = networkWorkload().pods as [ReturnType<typeof networkWorkload>['pods'][number]];
  const running = (change: Partial<typeof pod>) =>
    kubernetesNamespace({ workloads: known([networkWorkload({ pods: [{ ...pod, ...change }] })]) });

  test('PASSED when a policy with an empty podSelector isolates every pod of the namespace (T74)', () => {
    expect(judge(check, kubernetesNamespace()).status).toBe('PASSED');
  });

  test('FAILED without any policy, naming the workload', () => {
    const finding = judge(check, kubernetesNamespace({ networkPolicies: known([]) }));

    expect(finding).toMatchObject({
      status: 'FAILED',
      reason: `pods are not isolated for ${direction}`,
      evidence: [
        {
          path: 'Deployment/shop',
          observed: 'no network policy selects its pods',
          expected: `a policy of type ${type}`,
        },
      ],
    });
  });

  test('FAILED for the one workload that no policy selects, and only that is evidence (T77)', () => {
    const policy = networkPolicy({ podSelector: { matchLabels: { app: 'shop' }, matchExpressions: [] } });
    const other = networkWorkload({ name: 'basket', pods: [{ ...pod, labels: { app: 'basket' } }] });
    const namespace = kubernetesNamespace({
      networkPolicies: known([policy]),
      workloads: known([networkWorkload(), other]),
    });

    expect(judge(check, namespace).evidence.map(({ path }) => path)).toEqual(['Deployment/basket']);
  });

  test('FAILED when the policies that select the pods speak of the other direction only', () => {
    const policies = known([networkPolicy({ policyTypes: [otherType] })]);

    expect(judge(check, kubernetesNamespace({ networkPolicies: policies })).status).toBe('FAILED');
  });

  describe('without policyTypes (T75)', () => {
    const withoutTypes = (change: Parameters<typeof networkPolicy>[0]) => {
      const { policyTypes: _, ...policy } = networkPolicy(change);
      return judge(check, kubernetesNamespace({ networkPolicies: known([policy]) })).status;
    };

    test('a policy with rules for both isolates for both', () => {
      expect(withoutTypes({})).toBe('PASSED');
    });

    test('an empty list of egress rules isolates for ingress alone', () => {
      expect(withoutTypes({ egress: [] })).toBe(direction === 'ingress' ? 'PASSED' : 'FAILED');
    });

    test('no ingress rule isolates for ingress all the same: nobody gets in (T76)', () => {
      expect(withoutTypes({ ingress: [] })).toBe('PASSED');
    });
  });

  test('UNKNOWN for pods on Fargate, where policies have no effect (T80)', () => {
    expect(judge(check, running({ runsOn: known(['fargate']) })).unknown?.kind).toBe('undecidable');
  });

  test.for(['auto', 'hybrid', 'windows'] as const)(
    'UNKNOWN for pods on nodes of the kind "%s", on which the VPC CNI binds none (T80)',
    (kind) => {
      expect(judge(check, running({ runsOn: known(['ec2', kind]) })).unknown?.kind).toBe('undecidable');
      const enforcement = known({ engines: [{ name: 'calico', seenAs: 'calico-system/daemonsets/calico-node' }] });
      expect(judge(check, { ...running({ runsOn: known([kind]) }), enforcement }).status).toBe('PASSED');
    },
  );

  test('UNKNOWN when it cannot be told where the pods run', () => {
    expect(judge(check, running({ runsOn: denied('kubernetes:list nodes') })).status).toBe('UNKNOWN');
  });

  test.for([
    ['the policies', { networkPolicies: denied('kubernetes:list networkpolicies') }],
    ['the workloads', { workloads: denied('kubernetes:list pods') }],
    ['what enforces policies', { enforcement: undecidable('The engine is not known.') }],
    ['policies of other kinds', { otherPolicies: denied('kubernetes:list clusternetworkpolicies') }],
  ] as const)('UNKNOWN when %s could not be read', ([, change]) => {
    expect(judge(check, kubernetesNamespace(change)).status).toBe('UNKNOWN');
  });

  test('FAILED at INFORMATIONAL when nothing enforces the policies: another check reports the cause (T80)', () => {
    expect(judge(check, kubernetesNamespace({ enforcement: known({ engines: [] }) }))).toMatchObject({
      status: 'FAILED',
      severity: 'INFORMATIONAL',
      reason: 'nothing enforces the network policies',
    });
  });

  describe('policies of other kinds (T81)', () => {
    const others = (effect: 'allow' | 'deny', policies = [networkPolicy()]) => {
      const effects = { ingress: [], egress: [], [direction]: [effect] };
      return judge(
        check,
        kubernetesNamespace({
          networkPolicies: known(policies),
          otherPolicies: known([{ kind: 'CiliumNetworkPolicy.cilium.io', count: 1, ...effects }]),
        }),
      );
    };

    test('UNKNOWN without NetworkPolicy objects when another kind may deny, naming the kind', () => {
      expect(others('deny', []).unknown).toMatchObject({
        kind: 'undecidable',
        message: expect.stringContaining('CiliumNetworkPolicy.cilium.io'),
      });
    });

    test('UNKNOWN with NetworkPolicy objects when another kind may allow', () => {
      expect(others('allow').status).toBe('UNKNOWN');
    });

    test('what another kind cannot change stays', () => {
      expect(others('allow', []).status).toBe('FAILED');
      expect(others('deny').status).toBe('PASSED');
    });
  });

  test.for([
    ['an empty namespace (T78)', kubernetesNamespace({ workloads: known([]) })],
    ['a namespace that is being deleted (T78)', kubernetesNamespace({ terminating: true })],
    ['pods on the host network (T80)', running({ hostNetwork: true })],
  ] as const)('NOT_APPLICABLE to %s', ([, namespace]) => {
    expect(judge(check, namespace).status).toBe('NOT_APPLICABLE');
  });
}
