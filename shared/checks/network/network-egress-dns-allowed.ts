import { defineCheck } from '../../domain/check.ts';
import { holdsAnything } from '../../domain/cidr.ts';
import { admitsEverybody, allowsPort, type EffectiveRule, peerSelectsPod } from '../../domain/network-isolation.ts';
import type { NetworkPolicyPeer } from '../../domain/network-policy.ts';
import { type Observed, undecidable } from '../../domain/observed.ts';
import { failed, notApplicable, passed, unknownBecause, whenKnown } from '../../domain/verdict.ts';
import { judgeWorkloads, NOT_ISOLATED, settleOthers } from './judge-workloads.ts';

/** The most common mistake of egress policies: everything is named but the name server. */
export const networkEgressDnsAllowed = defineCheck({
  id: 'network-egress-dns-allowed',
  title: 'Kubernetes pods that are isolated for egress should be able to resolve names',
  resourceType: 'KubernetesNamespace',
  baseSeverity: 'INFORMATIONAL',
  rationale:
    'An egress policy that forgets DNS breaks the pods it protects; under pressure it is then replaced by one that allows everything.',
  limits:
    'The name server is taken to be the pods of kube-dns in kube-system, or an address block that a rule names. A pod that is allowed to call nobody needs no names and is not judged.',
  remediation: {
    text: 'Add an egress rule to the pods of kube-dns in the namespace kube-system on port 53, UDP and TCP.',
    url: 'https://docs.aws.amazon.com/eks/latest/best-practices/network-security.html',
  },
  frameworks: {},
  evaluate: (namespace) => {
    const byObjects = judgeWorkloads(namespace, 'egress', ({ workload, rules }) => {
      if (rules === undefined) return NOT_ISOLATED;
      if (rules.length === 0) return notApplicable('the pods may call nobody');
      return whenKnown(resolves(rules, namespace.name, systemLabels(namespace.clusterNamespaces)), (found) =>
        found
          ? passed()
          : failed('pods are isolated for egress and cannot resolve names', [
              { path: workload, observed: 'no rule allows DNS', expected: 'egress to kube-dns on port 53' },
            ]),
      );
    });
    const settled = settleOthers(byObjects, namespace, 'egress');
    if (settled.status !== 'FAILED') return settled;
    const { enforcement } = namespace;
    if (!enforcement.known) return unknownBecause(enforcement.reason, settled.evidence);
    return enforcement.value.engines.length === 0 ? notApplicable('nothing enforces the network policies') : settled;
  },
});

const SYSTEM = 'kube-system';
const DNS_PODS = { 'k8s-app': 'kube-dns' };
const PORT = { protocol: 'UDP', port: 53 } as const;
/** CoreDNS names its port so. */
const DNS_PORTS = [{ name: 'dns', port: 53, protocol: 'UDP' }] as const;

function systemLabels(
  namespaces: Observed<Readonly<Record<string, Readonly<Record<string, string>>>>>,
): Observed<Readonly<Record<string, string>>> {
  if (!namespaces.known) return namespaces;
  const labels = namespaces.value[SYSTEM];
  return labels === undefined
    ? undecidable('The labels of the namespace kube-system are not known.')
    : { known: true, value: labels };
}

function resolves(
  rules: readonly EffectiveRule[],
  namespace: string,
  system: Observed<Readonly<Record<string, string>>>,
): Observed<boolean> {
  const forDns = rules.filter(({ rule }) => allowsPort(rule.ports, PORT, DNS_PORTS));
  const peers = forDns.flatMap(({ rule }) => rule.peers ?? []);
  if (forDns.some(({ rule }) => admitsEverybody(rule))) return { known: true, value: true };
  // Which address the name server has is not seen: a block on port 53 is taken for it. Addresses have no named ports.
  const blocks = rules.flatMap(({ rule }) => (allowsPort(rule.ports, PORT) ? (rule.peers ?? []) : []));
  if (blocks.some(({ ipBlock }) => ipBlock !== undefined && holdsAnything(ipBlock)))
    return { known: true, value: true };
  const selectsDns = (peer: NetworkPolicyPeer, namespaceLabels: Readonly<Record<string, string>>) =>
    peerSelectsPod(peer, { namespace: SYSTEM, namespaceLabels, labels: DNS_PODS }, namespace);
  // The API server labels every namespace with its name, so that most selectors are decided without looking.
  const certain = { 'kubernetes.io/metadata.name': SYSTEM };
  if (peers.some((peer) => selectsDns(peer, system.known ? system.value : certain)))
    return { known: true, value: true };
  return system.known || peers.every(({ namespaceSelector }) => namespaceSelector === undefined)
    ? { known: true, value: false }
    : system;
}
