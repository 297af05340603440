import type {
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyRule,
} from '#shared/domain/network-policy.ts';

/**
 * The meaning of NetworkPolicy written down as plainly as possible, one connection at a time, and without a line of the
 * product: it is what the checks are held against.
 */
export interface Pod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: string }[];
}

export type Endpoint = { readonly pod: Pod } | { readonly address: string };
type Labels = Readonly<Record<string, string>>;

export interface Connection {
  readonly protocol: string;
  readonly port: number;
}

export function mayReceive(
  pod: Pod,
  from: Endpoint,
  connection: Connection,
  policies: readonly NetworkPolicy[],
  namespaces: Readonly<Record<string, Labels>>,
): boolean {
  return may('Ingress', pod, from, pod, connection, policies, namespaces);
}

export function maySend(
  pod: Pod,
  to: Endpoint,
  connection: Connection,
  policies: readonly NetworkPolicy[],
  namespaces: Readonly<Record<string, Labels>>,
): boolean {
  return may('Egress', pod, to, 'pod' in to ? to.pod : undefined, connection, policies, namespaces);
}

/** Whether any policy of its namespace selects the pod and speaks of the direction. */
export function isIsolated(pod: Pod, type: 'Ingress' | 'Egress', policies: readonly NetworkPolicy[]): boolean {
  return bindingPolicies(pod, type, policies).length > 0;
}

function bindingPolicies(pod: Pod, type: 'Ingress' | 'Egress', policies: readonly NetworkPolicy[]) {
  const bound: NetworkPolicy[] = [];
  for (const policy of policies) {
    if (policy.namespace !== pod.namespace) continue;
    if (!matches(policy.podSelector, pod.labels)) continue;
    let types = policy.policyTypes ?? [];
    if (types.length === 0) {
      types = ['Ingress'];
      if (policy.egress !== undefined && policy.egress.length > 0) types = ['Ingress', 'Egress'];
    }
    if (types.includes(type)) bound.push(policy);
  }
  return bound;
}

function may(
  type: 'Ingress' | 'Egress',
  pod: Pod,
  other: Endpoint,
  listener: Pod | undefined,
  connection: Connection,
  policies: readonly NetworkPolicy[],
  namespaces: Readonly<Record<string, Labels>>,
): boolean {
  const binding = bindingPolicies(pod, type, policies);
  if (binding.length === 0) return true;
  for (const policy of binding) {
    const rules: readonly NetworkPolicyRule[] = (type === 'Ingress' ? policy.ingress : policy.egress) ?? [];
    for (const rule of rules) {
      const peers = rule.peers ?? [];
      const peerFits = peers.length === 0 || peers.some((peer) => fits(peer, other, policy.namespace, namespaces));
      const ports = rule.ports ?? [];
      let portFits = ports.length === 0;
      for (const { protocol, port, endPort } of ports) {
        if (protocol !== connection.protocol) continue;
        if (port === undefined) portFits = true;
        else if (typeof port === 'number') {
          const last = endPort === undefined ? port : endPort;
          for (let one = port; one <= last; one += 1) if (one === connection.port) portFits = true;
        } else {
          for (const named of listener?.ports ?? []) {
            if (named.name === port && named.protocol === protocol && named.port === connection.port) portFits = true;
          }
        }
      }
      if (peerFits && portFits) return true;
    }
  }
  return false;
}

function fits(
  peer: NetworkPolicyPeer,
  other: Endpoint,
  policyNamespace: string,
  namespaces: Readonly<Record<string, Labels>>,
): boolean {
  if ('address' in other) {
    if (peer.ipBlock === undefined) return false;
    return (
      inBlock(other.address, peer.ipBlock.cidr) && !peer.ipBlock.except.some((hole) => inBlock(other.address, hole))
    );
  }
  if (peer.ipBlock !== undefined) return false;
  const { pod } = other;
  if (peer.namespaceSelector !== undefined) {
    if (!matches(peer.namespaceSelector, namespaces[pod.namespace] ?? {})) return false;
    return peer.podSelector === undefined || matches(peer.podSelector, pod.labels);
  }
  return peer.podSelector !== undefined && pod.namespace === policyNamespace && matches(peer.podSelector, pod.labels);
}

function matches(selector: LabelSelector, labels: Labels): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels)) if (labels[key] !== value) return false;
  for (const { key, operator, values } of selector.matchExpressions) {
    const has = key in labels;
    switch (operator) {
      case 'Exists':
        if (!has) return false;
        break;
      case 'DoesNotExist':
        if (has) return false;
        break;
      case 'In':
        if (!has || !values.includes(labels[key] as string)) return false;
        break;
      case 'NotIn':
        if (has && values.includes(labels[key] as string)) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

/** IPv4 only. */
function inBlock(address: string, cidr: string): boolean {
  const [base = '', bits = '0'] = cidr.split('/');
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size);
}
