import type { FactKind } from '../../domain/fact.ts';
import { type Observed, type UnknownReason, unknown } from '../../domain/observed.ts';
import type { CollectedItem, Collector, CollectorContext } from '../../domain/ports.ts';
import { collectNamed } from '../eks/collect.ts';
import type { EksClusterFact } from '../eks/model.ts';
import { clusterItems, clusterResource } from './cluster-items.ts';
import { ClusterReader, type ReadableCluster } from './cluster-reader.ts';
import { ClusterResources } from './cluster-resources.ts';
import { collectOne, RECHECKABLE_TYPES } from './collect-one.ts';
import { clusterFact, nothingKnown } from './facts.ts';
import { podIdentityFacts } from './role-uses.ts';
import { readSnapshot } from './snapshot.ts';
import { type StoredClusters, storedItems } from './stored.ts';
import { kubernetesTriggers } from './triggers.ts';

const FACTS = ['kubernetes-cluster', 'running-image', 'role-use'] as const;

const TYPES = [
  'KubernetesCluster',
  'KubernetesWorkload',
  'KubernetesNamespace',
  'KubernetesNetworkPolicy',
  'KubernetesService',
  'KubernetesIngress',
  'KubernetesRoleBinding',
  'KubernetesServiceAccount',
] as const;

/** Reads what is inside the EKS clusters of a region, by their own APIs. */
export const kubernetesCollector: Collector = {
  service: 'kubernetes',
  resourceTypes: TYPES,
  // The token is made without asking anybody; everything else is asked of the clusters.
  permissions: [],
  producesFacts: FACTS,
  needsFacts: ['eks-cluster'],
  resourcesFollowFacts: ['eks-cluster'],
  collect: (context) => collect(context),
  triggers: kubernetesTriggers,
  recheckableTypes: RECHECKABLE_TYPES,
  collectOne,
};

/**
 * The same, with clusters that only their own network reaches: their insides are taken from what `collect` left there,
 * and nothing connects to them.
 */
export function kubernetesCollectorWith(stored: StoredClusters): Collector {
  if (stored.collected.length === 0) return kubernetesCollector;
  return {
    ...kubernetesCollector,
    collect: (context) => collect(context, stored),
    // What is in a bucket is as old as it was; the next scan takes what is new in it.
    async *collectOne(context, touched) {
      const { partition, region, accountId } = context;
      const arn = `arn:${partition}:eks:${region}:${accountId}:cluster/${touched.resource.cluster}`;
      if (!stored.collected.some(({ cluster }) => cluster === arn)) yield* collectOne(context, touched);
    },
  };
}

/**
 * Reads the inside of one cluster, and of its outside only what leads there: what runs in the network of a cluster does
 * not have to see others.
 */
export function insideOfCluster(name: string): Collector {
  return {
    ...kubernetesCollector,
    needsFacts: [],
    async *collect(context) {
      const fact = await outsideOf(context, name);
      if (fact !== undefined) yield* collectClusters(context, [fact], new Set());
    },
  };
}

async function outsideOf(context: CollectorContext, name: string): Promise<EksClusterFact | undefined> {
  let isWhole = false;
  for await (const item of collectNamed(context, [name])) {
    if ('fact' in item && item.fact.kind === 'eks-cluster') return item.fact;
    if ('factsComplete' in item) isWhole = true;
  }
  if (isWhole) {
    context.reportGap({
      operation: 'eks:DescribeCluster',
      cause: 'not-found',
      reason: 'There is no cluster of this name in the account and region.',
      cluster: name,
    });
  }
  return undefined;
}

async function* collect(context: CollectorContext, stored?: StoredClusters): AsyncIterable<CollectedItem> {
  const { accountId, region } = context;
  const clusters = context.facts.about('eks-cluster', undefined, { accountId, region });
  const incomplete = new Set<FactKind>(clusters.complete ? [] : FACTS);
  reportUnlisted(context, clusters.whyIncomplete);
  yield* collectClusters(context, clusters.facts, incomplete, stored);
}

async function* collectClusters(
  context: CollectorContext,
  clusters: readonly EksClusterFact[],
  incomplete: Set<FactKind>,
  stored?: StoredClusters,
): AsyncIterable<CollectedItem> {
  // One after the other: each is read with several requests at once, and one at a time is in memory.
  for (const fact of [...clusters].sort((left, right) => (left.key < right.key ? -1 : 1))) {
    const { inside } = fact;
    if (inside === undefined) {
      reportClosed(context, fact.name, fact.key);
      for (const kind of FACTS) incomplete.add(kind);
      continue;
    }
    const cluster = stored?.collected.find((one) => one.cluster === fact.key);
    if (stored === undefined || cluster === undefined) {
      yield* collectCluster(context, { ...fact, inside }, incomplete);
      continue;
    }
    const bound = { arn: fact.key, name: fact.name };
    const from = { cluster, open: stored.open };
    const items = await storedItems(context, bound, from, { types: TYPES, kinds: FACTS, incomplete });
    if (items.known) yield* items.value;
    else yield* nothingSeen(context, new ClusterResources(context, { ...fact, inside }), items, incomplete);
  }
  for (const kind of FACTS) if (!incomplete.has(kind)) yield { factsComplete: kind };
}

/** What hides clusters, or a part of what is needed of them, hides their insides as well. */
function reportUnlisted(context: CollectorContext, reason: UnknownReason | undefined): void {
  if (reason === undefined) return;
  if (reason.kind === 'undecidable') {
    context.reportGap({
      operation: 'eks:ListClusters',
      cause: 'failed',
      reason: 'Which clusters there are is not known, because eks was not read: scan it together with kubernetes.',
    });
    return;
  }
  const { operation, cause, message, missingPermission } = reason;
  context.reportGap({
    operation,
    cause,
    reason: message,
    ...(missingPermission === undefined ? {} : { missingPermission }),
  });
}

function reportClosed(context: CollectorContext, cluster: string, resource: string): void {
  context.reportGap({
    operation: 'eks:DescribeCluster',
    cause: 'failed',
    reason:
      'eks:DescribeCluster does not say where the API server of the cluster is and whom to trust there: it is being made, or making it failed.',
    cluster,
    resource,
  });
}

async function* collectCluster(
  context: CollectorContext,
  cluster: ReadableCluster,
  incomplete: Set<FactKind>,
): AsyncIterable<CollectedItem> {
  const of = new ClusterResources(context, cluster);
  const reader = new ClusterReader(context, cluster);
  try {
    const opened = await reader.open();
    if (!opened.known) {
      yield* nothingSeen(context, of, opened, incomplete);
      return;
    }
    const snapshot = await readSnapshot(reader);
    yield* clusterItems(reader, of, snapshot, incomplete);
  } finally {
    reader.close();
  }
}

/** Nothing of the inside was seen: nothing is said of it but that. */
function* nothingSeen(
  context: CollectorContext,
  of: ClusterResources,
  { reason }: Observed<unknown> & { readonly known: false },
  incomplete: Set<FactKind>,
): Generator<CollectedItem> {
  const nothing = unknown(reason);
  yield { resource: clusterResource(of, { admissionPolicies: nothing, accountsWithRole: nothing }) };
  yield { fact: clusterFact(context, of, nothingKnown(nothing)) };
  incomplete.add('running-image').add('role-use');
  // Associations are known from outside; whether their accounts exist is not.
  for (const fact of podIdentityFacts(context, of)) yield { fact };
}
