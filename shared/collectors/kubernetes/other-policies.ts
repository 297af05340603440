import { z } from 'zod';
import { selects } from '../../domain/network-isolation.ts';
import type { LabelSelector } from '../../domain/network-policy.ts';
import { known, type Observed } from '../../domain/observed.ts';
import type { RawObject } from '../../kubernetes/api.ts';
import type { OtherNetworkPolicies, PolicyEffect } from './model.ts';
import { UNREAD_POLICY_GROUPS } from './reads.ts';
import type { ClusterSnapshot, CustomObject } from './snapshot.ts';

type Labels = Readonly<Record<string, string>>;

/** How a kind of policy says whom it is about. */
interface Kind {
  readonly name: string;
  /** `subject` selects namespaces; `namespace` is about its own; `everywhere` may be about any pod. */
  readonly reach: 'subject' | 'namespace' | 'everywhere';
  /** True where its rules are in a language of its own. */
  readonly opaque?: boolean;
}

const KINDS: Readonly<Record<string, Kind>> = {
  'applicationnetworkpolicies.networking.k8s.aws': {
    name: 'ApplicationNetworkPolicy.networking.k8s.aws',
    reach: 'namespace',
    opaque: true,
  },
  'clusternetworkpolicies.networking.k8s.aws': {
    name: 'ClusterNetworkPolicy.networking.k8s.aws',
    reach: 'subject',
  },
  'adminnetworkpolicies.policy.networking.k8s.io': {
    name: 'AdminNetworkPolicy.policy.networking.k8s.io',
    reach: 'subject',
  },
  'baselineadminnetworkpolicies.policy.networking.k8s.io': {
    name: 'BaselineAdminNetworkPolicy.policy.networking.k8s.io',
    reach: 'subject',
  },
  'clusternetworkpolicies.policy.networking.k8s.io': {
    name: 'ClusterNetworkPolicy.policy.networking.k8s.io',
    reach: 'subject',
  },
  'globalnetworkpolicies.crd.projectcalico.org': {
    name: 'GlobalNetworkPolicy.crd.projectcalico.org',
    reach: 'everywhere',
    opaque: true,
  },
  'networkpolicies.crd.projectcalico.org': {
    name: 'NetworkPolicy.crd.projectcalico.org',
    reach: 'namespace',
    opaque: true,
  },
  'ciliumclusterwidenetworkpolicies.cilium.io': {
    name: 'CiliumClusterwideNetworkPolicy.cilium.io',
    reach: 'everywhere',
    opaque: true,
  },
  ...Object.fromEntries(UNREAD_POLICY_GROUPS.map((group) => [`*.${group}`, { name: group, reach: 'everywhere' }])),
  'ciliumnetworkpolicies.cilium.io': { name: 'CiliumNetworkPolicy.cilium.io', reach: 'namespace', opaque: true },
};

const BOTH: readonly PolicyEffect[] = ['allow', 'deny'];
/** `Pass` leaves the decision to the next tier. */
const EFFECTS: Readonly<Record<string, readonly PolicyEffect[]>> = {
  Accept: ['allow'],
  Allow: ['allow'],
  Deny: ['deny'],
  Pass: [],
};

const selector = z
  .object({
    matchLabels: z.record(z.string(), z.string()).nullish(),
    matchExpressions: z
      .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).nullish() }))
      .nullish(),
  })
  .nullish();
const rules = z.array(z.object({ action: z.string().nullish() })).nullish();
const policy = z.object({
  spec: z.object({
    subject: z.object({ namespaces: selector, pods: z.object({ namespaceSelector: selector }).nullish() }).nullish(),
    ingress: rules,
    egress: rules,
  }),
});

/**
 * Policies of other kinds that select, or may select, pods of a namespace. What could not be understood counts as
 * being able to do everything: a verdict must not rest on it.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 * @see https://network-policy-api.sigs.k8s.io/api-overview/
 */
export function otherPoliciesOf(
  { custom }: ClusterSnapshot,
  namespace: string,
  labels: Labels,
): Observed<readonly OtherNetworkPolicies[]> {
  const found: OtherNetworkPolicies[] = [];
  for (const [resource, listed] of custom) {
    const kind = KINDS[resource];
    if (kind === undefined) continue;
    if (!listed.known) return listed;
    const concerned = listed.value.filter((one) => concerns(kind, one, namespace, labels));
    if (concerned.length === 0) continue;
    const effects = (direction: 'ingress' | 'egress') =>
      kind.opaque === true ? BOTH : [...new Set(concerned.flatMap(({ raw }) => effectsOf(raw, direction)))].sort();
    const [ingress, egress] = [effects('ingress'), effects('egress')];
    found.push({ kind: kind.name, count: concerned.length, ingress, egress });
  }
  return known(found.sort((left, right) => (left.kind < right.kind ? -1 : 1)));
}

function concerns({ reach }: Kind, { namespace: own, raw }: CustomObject, namespace: string, labels: Labels): boolean {
  if (reach === 'everywhere') return true;
  if (reach === 'namespace') return own === namespace;
  const parsed = policy.safeParse(raw);
  const subject = parsed.success ? parsed.data.spec.subject : undefined;
  const wanted = subject?.namespaces ?? subject?.pods?.namespaceSelector;
  return wanted === undefined || wanted === null || selects(selectorOf(wanted), labels);
}

function selectorOf({ matchLabels, matchExpressions }: NonNullable<z.output<typeof selector>>): LabelSelector {
  return {
    matchLabels: matchLabels ?? {},
    matchExpressions: (matchExpressions ?? []).map(({ key, operator, values }) => ({
      key,
      operator,
      values: values ?? [],
    })),
  };
}

function effectsOf(raw: RawObject, direction: 'ingress' | 'egress'): readonly PolicyEffect[] {
  const parsed = policy.safeParse(raw);
  if (!parsed.success) return BOTH;
  return (parsed.data.spec[direction] ?? []).flatMap(({ action }) =>
    Object.hasOwn(EFFECTS, action ?? '') ? (EFFECTS[action ?? ''] ?? BOTH) : BOTH,
  );
}
