import type { FactByKind } from '../../domain/fact.ts';
import type { CollectorContext, RecheckedItem } from '../../domain/ports.ts';
import type { Resource } from '../../domain/resource.ts';
import type { Touched } from '../../domain/trigger.ts';
import { clusterItems } from './cluster-items.ts';
import { ClusterReader } from './cluster-reader.ts';
import { ClusterResources } from './cluster-resources.ts';
import { readSnapshot } from './snapshot.ts';

export const RECHECKABLE_TYPES = ['KubernetesNetworkPolicy', 'KubernetesWorkload'] as const;

/** What is judged by objects of one namespace; service accounts and bindings reach further. */
const JUDGED_WITH_IT: ReadonlySet<string> = new Set([
  ...RECHECKABLE_TYPES,
  'KubernetesIngress',
  'KubernetesNamespace',
  'KubernetesService',
]);

/**
 * Reads the namespace that an object is in: a workload is judged together with the policies that select it, and a policy
 * with all workloads. Where anything could not be read nothing is said to be gone.
 */
export async function* collectOne(
  context: CollectorContext,
  { resource: { type, name, cluster } }: Required<Touched>,
): AsyncGenerator<RecheckedItem> {
  const { accountId, region } = context;
  const known = context.facts.about('eks-cluster', undefined, { accountId, region });
  const fact = known.facts.find((one) => one.name === cluster);
  const [namespace] = name.split('/');
  if (fact?.inside === undefined || namespace === undefined) return;
  const of = new ClusterResources(context, { ...fact, inside: fact.inside });
  const reader = new ClusterReader(context, of.cluster, namespace);
  const seen: Resource[] = [];
  const images: FactByKind['running-image'][] = [];
  try {
    const opened = await reader.open();
    if (!opened.known) return;
    const snapshot = await readSnapshot(reader);
    for await (const item of clusterItems(reader, of, snapshot, new Set())) {
      if ('resource' in item) {
        const { resource } = item;
        if (JUDGED_WITH_IT.has(resource.type) && resource.namespace === namespace) seen.push(resource);
      } else if ('fact' in item && item.fact.kind === 'running-image') {
        images.push(item.fact);
      }
    }
    for (const resource of seen) yield { resource };
    const uid = `${of.cluster.key}/${name}`;
    const isListed = type === 'KubernetesWorkload' ? snapshot.pods.known : snapshot.networkPolicies.known;
    const isComplete = isListed && snapshot.unreadControllers.size === 0;
    if (!isComplete) return;
    if (!seen.some((resource) => resource.uid === uid)) yield { gone: { type, uid } };
    if (type === 'KubernetesWorkload') {
      const facts = images.filter(({ usedBy }) => usedBy === uid);
      yield { corrected: { subject: uid, kinds: ['running-image'], facts } };
    }
  } finally {
    reader.close();
  }
}
