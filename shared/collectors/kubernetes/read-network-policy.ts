import { z } from 'zod';
import type {
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyRule,
} from '../../domain/network-policy.ts';
import { present } from '../ecs/present.ts';
import { withholdSecretValue, withholdSecretValues } from '../secrets/tag-values.ts';
import {
  type Classify,
  integer,
  intOrText,
  listOf,
  optional,
  optionalListOf,
  readFields,
  text,
  textMap,
  texts,
} from './raw-fields.ts';
import { METADATA, metadataFrom, sorted } from './read-metadata.ts';

// Letter for letter: of what the API server would refuse, nothing is in force.
const OPERATOR = z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']);

const SELECTOR = optional(
  z.object({
    matchLabels: textMap,
    matchExpressions: listOf(z.object({ key: text, operator: OPERATOR, values: texts })),
  }),
);

const PEERS = optionalListOf(
  z.object({
    podSelector: SELECTOR,
    namespaceSelector: SELECTOR,
    ipBlock: optional(z.object({ cidr: text, except: texts })),
  }),
);

const PORTS = optionalListOf(z.object({ protocol: text, port: intOrText, endPort: integer }));

const POLICY = z.object({
  metadata: METADATA,
  spec: optional(
    z.object({
      podSelector: SELECTOR,
      policyTypes: listOf(z.enum(['Ingress', 'Egress'])),
      ingress: optionalListOf(z.object({ from: PEERS, ports: PORTS })),
      egress: optionalListOf(z.object({ to: PEERS, ports: PORTS })),
    }),
  ),
});

/**
 * A `networking.k8s.io/v1` NetworkPolicy. What is absent stays absent, because absent and empty mean different things
 * in it; `null` is absent, and an empty list of policy types too, as the API server fills in both alike.
 *
 * @param namespaceUnstated the namespace of a policy that names none
 * @throws WrongTypeError where the API server would not decode it, and what `classify` throws
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
export async function readNetworkPolicy(
  raw: unknown,
  classify: Classify,
  namespaceUnstated = 'default',
): Promise<NetworkPolicy> {
  const { metadata, spec } = readFields(POLICY, raw);
  const { name, namespace = namespaceUnstated } = metadataFrom(metadata);
  const policyTypes = spec?.policyTypes ?? [];
  const ingress = spec?.ingress?.map(({ from, ports }) => ({ peers: from, ports }));
  const egress = spec?.egress?.map(({ to, ports }) => ({ peers: to, ports }));
  return {
    name,
    namespace,
    podSelector: await selectorFrom(spec?.podSelector, classify),
    ...(policyTypes.length === 0 ? {} : { policyTypes }),
    ...present('ingress', ingress && (await rulesFrom(ingress, classify))),
    ...present('egress', egress && (await rulesFrom(egress, classify))),
  };
}

interface RawRule {
  readonly peers: z.output<typeof PEERS>;
  readonly ports: z.output<typeof PORTS>;
}

async function rulesFrom(rules: readonly RawRule[], classify: Classify): Promise<readonly NetworkPolicyRule[]> {
  const read: NetworkPolicyRule[] = [];
  for (const { peers, ports } of rules) {
    read.push({
      ...present('peers', peers && (await peersFrom(peers, classify))),
      ...present(
        'ports',
        ports?.map(({ protocol, port, endPort }) => ({
          protocol: protocol || 'TCP',
          ...present('port', port),
          ...present('endPort', endPort),
        })),
      ),
    });
  }
  return read;
}

async function peersFrom(
  peers: NonNullable<z.output<typeof PEERS>>,
  classify: Classify,
): Promise<readonly NetworkPolicyPeer[]> {
  const read: NetworkPolicyPeer[] = [];
  for (const { podSelector, namespaceSelector, ipBlock } of peers) {
    read.push({
      ...present('podSelector', podSelector && (await selectorFrom(podSelector, classify))),
      ...present('namespaceSelector', namespaceSelector && (await selectorFrom(namespaceSelector, classify))),
      ...present('ipBlock', ipBlock && { cidr: ipBlock.cidr ?? '', except: ipBlock.except }),
    });
  }
  return read;
}

/** Values are withheld as those of labels are, so that equal ones stay equal. */
async function selectorFrom(raw: z.output<typeof SELECTOR>, classify: Classify): Promise<LabelSelector> {
  const matchExpressions: LabelSelector['matchExpressions'][number][] = [];
  for (const { key = '', operator = '', values } of raw?.matchExpressions ?? []) {
    const shown: string[] = [];
    for (const value of values) shown.push(await withholdSecretValue(key, value, classify));
    matchExpressions.push({ key, operator, values: shown });
  }
  return { matchLabels: await withholdSecretValues(sorted(raw?.matchLabels ?? {}), classify), matchExpressions };
}
