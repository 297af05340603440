/**
 * What Hullcheck keeps of a `networking.k8s.io/v1` NetworkPolicy. Absent and empty differ here: that is the meaning of
 * the API, so nothing is filled in by the reader.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
export interface NetworkPolicy {
  readonly name: string;
  readonly namespace: string;
  /** The empty selector selects all pods of the namespace. */
  readonly podSelector: LabelSelector;
  /** As written; absent: Ingress, and Egress where there is an egress rule. */
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly NetworkPolicyRule[];
  readonly egress?: readonly NetworkPolicyRule[];
}

/** One rule: `peers` is its `from` or `to`. Absent or empty peers = everybody; absent or empty ports = every port. */
export interface NetworkPolicyRule {
  readonly peers?: readonly NetworkPolicyPeer[];
  readonly ports?: readonly NetworkPolicyPort[];
}

export interface NetworkPolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except: readonly string[] };
}

export interface NetworkPolicyPort {
  /** `TCP` where it was not set. */
  readonly protocol: string;
  /** A number, or the name of a container port; absent = every port of the protocol. */
  readonly port?: number | string;
  readonly endPort?: number;
}

/** A label selector: all that is given must hold; the empty one matches everything. */
export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly LabelExpression[];
}

export interface LabelExpression {
  readonly key: string;
  /** `In`, `NotIn`, `Exists`, `DoesNotExist`. */
  readonly operator: string;
  readonly values: readonly string[];
}
