import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { networkEgressDnsAllowed } from '#shared/checks/network/network-egress-dns-allowed.ts';
import { networkEgressImdsBlocked } from '#shared/checks/network/network-egress-imds-blocked.ts';
import { networkEgressIsolated } from '#shared/checks/network/network-egress-isolated.ts';
import { networkIngressIsolated } from '#shared/checks/network/network-ingress-isolated.ts';
import { networkNoOpenEgress } from '#shared/checks/network/network-no-open-egress.ts';
import { networkNoOpenIngress } from '#shared/checks/network/network-no-open-ingress.ts';
import { networkPolicySelectsSomething } from '#shared/checks/network/network-policy-selects-something.ts';
import type { KubernetesNamespace } from '#shared/collectors/kubernetes/model.ts';
import { selects } from '#shared/domain/network-isolation.ts';
import type {
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyRule,
} from '#shared/domain/network-policy.ts';
import { known } from '#shared/domain/observed.ts';
import { kubernetesNamespace, NAMESPACE, networkWorkload } from '#test/factories/kubernetes.ts';
import { resourceBase } from '#test/factories/resource.ts';
import { judge } from '#test/support/judge.ts';
import { isIsolated, mayReceive, maySend, type Pod } from '#test/support/naive-network.ts';

const NAMESPACES = {
  [NAMESPACE]: { 'kubernetes.io/metadata.name': NAMESPACE, team: 'shop' },
  'kube-system': { 'kubernetes.io/metadata.name': 'kube-system' },
  other: { 'kubernetes.io/metadata.name': 'other', team: 'other' },
};
const DNS: Pod = {
  namespace: 'kube-system',
  labels: { 'k8s-app': 'kube-dns' },
  ports: [{ name: 'dns', port: 53, protocol: 'UDP' }],
};

const labels = fc.record({ app: fc.constantFrom('api', 'web'), tier: fc.constantFrom('a', 'b') }, { requiredKeys: [] });
const expression = fc.record({
  key: fc.constantFrom('app', 'tier', 'team', 'kubernetes.io/metadata.name'),
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: fc.subarray(['api', 'web', 'a', 'shop', 'other', 'kube-system'], { minLength: 1 }),
});
const selector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: fc.oneof(
    fc.constant({}),
    labels as fc.Arbitrary<Record<string, string>>,
    fc.constantFrom({ 'k8s-app': 'kube-dns' }, { 'kubernetes.io/metadata.name': 'kube-system' }, { team: 'shop' }),
  ),
  matchExpressions: fc.array(expression, { maxLength: 2 }),
});
/** A hole must lie inside its block: the API server refuses others. */
const ipBlock = fc.oneof(
  fc.record({
    cidr: fc.constant('0.0.0.0/0'),
    except: fc.subarray(['169.254.169.254/32', '10.0.0.0/8', '169.254.0.0/16', '0.0.0.0/1', '128.0.0.0/1']),
  }),
  fc.record({ cidr: fc.constant('128.0.0.0/1'), except: fc.subarray(['169.254.169.254/32', '169.254.0.0/16']) }),
  fc.record({ cidr: fc.constantFrom('0.0.0.0/1', '10.0.0.0/8', '169.254.169.254/32'), except: fc.constant([]) }),
  fc.record({ cidr: fc.constant('169.254.0.0/16'), except: fc.subarray(['169.254.169.254/32']) }),
);
const peer: fc.Arbitrary<NetworkPolicyPeer> = fc.oneof(
  fc.record({ ipBlock }),
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ namespaceSelector: selector, podSelector: selector }),
);
const port = fc.oneof(
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP') }),
  fc.record({
    protocol: fc.constantFrom('TCP', 'UDP'),
    port: fc.constantFrom<number | string>(53, 80, 8080, 'dns', 'http'),
  }),
  fc.record({
    protocol: fc.constantFrom('TCP', 'UDP'),
    port: fc.constantFrom(1, 50),
    endPort: fc.constantFrom(60, 90),
  }),
);
const rule: fc.Arbitrary<NetworkPolicyRule> = fc.record(
  { peers: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) },
  { requiredKeys: [] },
);
const policy: fc.Arbitrary<NetworkPolicy> = fc.record(
  {
    name: fc.constantFrom('one', 'two', 'three'),
    namespace: fc.constant(NAMESPACE),
    podSelector: selector,
    policyTypes: fc.subarray(['Ingress', 'Egress']),
    ingress: fc.array(rule, { maxLength: 2 }),
    egress: fc.array(rule, { maxLength: 2 }),
  },
  { requiredKeys: ['name', 'namespace', 'podSelector'] },
);
const pod = labels.map(
  (given): Pod => ({
    namespace: NAMESPACE,
    labels: given as Record<string, string>,
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  }),
);
const world = fc.record({
  policies: fc.array(policy, { maxLength: 4 }),
  pods: fc.array(pod, { minLength: 1, maxLength: 3 }),
});

function namespaceOf(policies: readonly NetworkPolicy[], pods: readonly Pod[]): KubernetesNamespace {
  return kubernetesNamespace({
    networkPolicies: known(policies),
    clusterNamespaces: known(NAMESPACES),
    workloads: known(
      pods.map((one, index) =>
        networkWorkload({
          name: `workload-${index}`,
          pods: [{ labels: one.labels, ports: one.ports, hostNetwork: false, runsOn: known(['ec2']) }],
          imdsReachable: known(true),
        }),
      ),
    ),
  });
}

/** Addresses evenly over all of IPv4, so that their share is the share of the internet. */
const INTERNET = Array.from({ length: 64 }, (_, index) => `${index * 4 + 2}.77.3.9`);
const PORTS = [1, 53, 55, 80, 8080, 443].flatMap((number) => [
  { protocol: 'TCP', port: number },
  { protocol: 'UDP', port: number },
]);

describe('the verdicts mean what the API means, held against a model written from its words', () => {
  test('network-ingress-isolated and network-egress-isolated FAIL exactly when a pod is bound by nothing', () => {
    fc.assert(
      fc.property(world, ({ policies, pods }) => {
        const namespace = namespaceOf(policies, pods);
        for (const [check, type] of [
          [networkIngressIsolated, 'Ingress'],
          [networkEgressIsolated, 'Egress'],
        ] as const) {
          const bare = pods.some((one) => !isIsolated(one, type, policies));
          expect(judge(check, namespace).status).toBe(bare ? 'FAILED' : 'PASSED');
        }
      }),
      { numRuns: 400 },
    );
  });

  test('network-egress-imds-blocked FAILS exactly when a pod may call 169.254.169.254', () => {
    fc.assert(
      fc.property(world, ({ policies, pods }) => {
        const imds = { address: '169.254.169.254' };
        const reached = pods.some((one) => maySend(one, imds, { protocol: 'TCP', port: 80 }, policies, NAMESPACES));
        expect(judge(networkEgressImdsBlocked, namespaceOf(policies, pods)).status).toBe(reached ? 'FAILED' : 'PASSED');
      }),
      { numRuns: 600 },
    );
  });

  test('network-no-open-ingress does not pass what most of the internet may reach, and fails nothing else', () => {
    fc.assert(
      fc.property(world, ({ policies, pods }) => {
        const isolated = pods.filter((one) => isIsolated(one, 'Ingress', policies));
        const open = isolated.some((one) => {
          const addresses = INTERNET.filter((address) =>
            PORTS.some((wanted) => mayReceive(one, { address }, wanted, policies, NAMESPACES)),
          );
          return addresses.length * 4 > INTERNET.length * 3;
        });
        const finding = judge(networkNoOpenIngress, namespaceOf(policies, pods));
        const saysInternet = finding.status === 'FAILED' && finding.reason === 'a policy lets everybody in';
        if (isolated.length === 0) expect(finding.status).toBe('NOT_APPLICABLE');
        else if (open) expect(finding.status).toBe('FAILED');
        else expect(saysInternet && !mentionsHiddenPort(policies)).toBe(false);
      }),
      { numRuns: 600 },
    );
  });

  test('network-no-open-egress does not pass a pod that may call most of the internet', () => {
    fc.assert(
      fc.property(world, ({ policies, pods }) => {
        const open = pods.some((one) => {
          if (!isIsolated(one, 'Egress', policies)) return false;
          const addresses = INTERNET.filter((address) =>
            PORTS.some((wanted) => maySend(one, { address }, wanted, policies, NAMESPACES)),
          );
          return addresses.length * 4 > INTERNET.length * 3;
        });
        if (open) expect(judge(networkNoOpenEgress, namespaceOf(policies, pods)).status).toBe('FAILED');
      }),
      { numRuns: 600 },
    );
  });

  test('network-egress-dns-allowed FAILS no pod that may ask kube-dns, and passes none that may ask nobody', () => {
    fc.assert(
      fc.property(world, ({ policies, pods }) => {
        const asks = (one: Pod) =>
          maySend(one, { pod: DNS }, { protocol: 'UDP', port: 53 }, policies, NAMESPACES) ||
          ['10.0.0.10', '1.1.1.1', '201.0.0.1', '169.254.20.10', '169.254.169.254'].some((address) =>
            maySend(one, { address }, { protocol: 'UDP', port: 53 }, policies, NAMESPACES),
          );
        const { status } = judge(networkEgressDnsAllowed, namespaceOf(policies, pods));
        if (pods.every(asks)) expect(status).not.toBe('FAILED');
        const isolated = pods.filter((one) => isIsolated(one, 'Egress', policies));
        if (isolated.length > 0 && !isolated.some(asks)) expect(status).not.toBe('PASSED');
      }),
      { numRuns: 600 },
    );
  });

  test('network-policy-selects-something FAILS exactly when no pod matches a selector that asks for something', () => {
    fc.assert(
      fc.property(policy, fc.array(pod, { maxLength: 3 }), (one, pods) => {
        const names = pods.flatMap((each, index) =>
          selects(one.podSelector, each.labels) ? [`Deployment/${index}`] : [],
        );
        const resource = {
          ...resourceBase('KubernetesNetworkPolicy' as const, 'uid', one.name),
          namespace: NAMESPACE,
          policy: one,
          selects: known(names),
        };
        // The naive model says whether a policy with both types binds the pod.
        const both = { ...one, policyTypes: ['Ingress', 'Egress'] };
        const bound = pods.some((each) => isIsolated(each, 'Ingress', [both]));
        expect(judge(networkPolicySelectsSomething, resource).status === 'PASSED').toBe(bound);
      }),
      { numRuns: 300 },
    );
  });
});

/** A rule for everybody on a named port the pod does not have, or on a hole in the probed ports, reaches nothing here. */
function mentionsHiddenPort(policies: readonly NetworkPolicy[]): boolean {
  return policies.some(({ ingress = [] }) =>
    ingress.some(({ ports = [] }) => ports.some(({ port: given }) => typeof given === 'string')),
  );
}
