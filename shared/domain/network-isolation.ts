import type {
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicyRule,
} from './network-policy.ts';

/** The side of a pod a policy is about. */
export type Direction = 'ingress' | 'egress';

/**
 * Whether a label selector selects an object with these labels. The empty selector selects everything; an operator that
 * Kubernetes does not know selects nothing, as the API server refuses it.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function selects(
  { matchLabels, matchExpressions }: LabelSelector,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = (key: string) => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  return (
    Object.entries(matchLabels).every(([key, wanted]) => value(key) === wanted) &&
    matchExpressions.every(({ key, operator, values }) => {
      const found = value(key);
      if (operator === 'Exists') return found !== undefined;
      if (operator === 'DoesNotExist') return found === undefined;
      if (operator === 'In') return found !== undefined && values.includes(found);
      // NotIn selects what does not carry the key at all, too.
      return operator === 'NotIn' && (found === undefined || !values.includes(found));
    })
  );
}

/** Whether a selector asks for nothing. */
export function isEmptySelector({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/**
 * Whether a policy isolates the pods it selects. Without `policyTypes` it isolates for ingress, and for egress only if
 * it has egress rules (T75).
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec
 */
export function isolates({ policyTypes, egress }: NetworkPolicy, direction: Direction): boolean {
  if (policyTypes !== undefined && policyTypes.length > 0) {
    return policyTypes.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
  }
  return direction === 'ingress' || (egress !== undefined && egress.length > 0);
}

/** A rule that applies to a pod, and the policy it stands in. */
export interface EffectiveRule {
  /** `api-policy: spec.ingress[0]`. */
  readonly path: string;
  readonly policy: string;
  readonly rule: NetworkPolicyRule;
}

/**
 * The rules that bind a pod in one direction: the union of those of all policies that select it (T77).
 *
 * @param policies the policies of the pod's own namespace: no other can select it (T78)
 * @returns undefined where no policy isolates the pod: everything is allowed; an empty list where nothing is (T76)
 */
export function effectiveRules(
  policies: readonly NetworkPolicy[],
  labels: Readonly<Record<string, string>>,
  direction: Direction,
): readonly EffectiveRule[] | undefined {
  const isolating = policies.filter((policy) => isolates(policy, direction) && selects(policy.podSelector, labels));
  if (isolating.length === 0) return undefined;
  return isolating.flatMap((policy) =>
    (policy[direction] ?? []).map((rule, index) => ({
      path: `NetworkPolicy/${policy.name}: spec.${direction}[${index}]`,
      policy: policy.name,
      rule,
    })),
  );
}

/** Whether a rule names nobody, which means everybody, inside and outside the cluster (T76). */
export function admitsEverybody({ peers }: NetworkPolicyRule): boolean {
  return peers === undefined || peers.length === 0;
}

/** Whether a peer is every pod of every namespace: two empty selectors, or the namespace's alone (T79). */
export function isEveryPod({ ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer): boolean {
  return (
    ipBlock === undefined &&
    namespaceSelector !== undefined &&
    isEveryNamespace(namespaceSelector) &&
    (podSelector === undefined || isEmptySelector(podSelector))
  );
}

/** The label with its own name is on every namespace, put there by the API server. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

function isEveryNamespace({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return (
    Object.keys(matchLabels).length === 0 &&
    matchExpressions.every(({ key, operator }) => key === NAME_LABEL && operator === 'Exists')
  );
}

/** A pod as a peer. */
export interface PeerPod {
  readonly namespace: string;
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Whether a peer selects a pod: both selectors of one item must hold, and a pod selector alone means the policy's own
 * namespace (T79). An `ipBlock` is meant for addresses outside the cluster and selects no pod.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors
 */
export function peerSelectsPod(
  { ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer,
  pod: PeerPod,
  policyNamespace: string,
): boolean {
  if (ipBlock !== undefined) return false;
  if (namespaceSelector === undefined && podSelector === undefined) return false;
  const inNamespace =
    namespaceSelector === undefined
      ? pod.namespace === policyNamespace
      : selects(namespaceSelector, pod.namespaceLabels);
  return inNamespace && (podSelector === undefined || selects(podSelector, pod.labels));
}

/** Whether ports let a number through; a named port is looked up among the ports of the pod that listens. */
export function allowsPort(
  ports: readonly NetworkPolicyPort[] | undefined,
  wanted: { readonly protocol: string; readonly port: number },
  named: readonly { readonly name?: string; readonly port: number; readonly protocol: string }[] = [],
): boolean {
  if (ports === undefined || ports.length === 0) return true;
  return ports.some(({ protocol, port, endPort }) => {
    if (protocol !== wanted.protocol) return false;
    if (port === undefined) return true;
    if (typeof port === 'string') {
      return named.some((one) => one.name === port && one.protocol === protocol && one.port === wanted.port);
    }
    return wanted.port >= port && wanted.port <= (endPort ?? port);
  });
}

const ALL_PORTS = 65_535;

/** Whether a rule leaves every port of some protocol open: no ports, a protocol alone, or the whole range. */
export function allowsEveryPort({ ports }: NetworkPolicyRule): boolean {
  if (ports === undefined || ports.length === 0) return true;
  return ports.some(
    ({ port, endPort }) =>
      port === undefined || (typeof port === 'number' && port <= 1 && (endPort ?? port) >= ALL_PORTS),
  );
}
