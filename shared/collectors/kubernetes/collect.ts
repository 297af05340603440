import type { FactKind } from '../../domain/fact.ts';
import { type UnknownReason, unknown } from '../../domain/observed.ts';
import type { CollectedItem, Collector, CollectorContext } from '../../domain/ports.ts';
import { clusterItems, clusterResource } from './cluster-items.ts';
import { ClusterReader, type ReadableCluster } from './cluster-reader.ts';
import { ClusterResources } from './cluster-resources.ts';
import { collectOne, RECHECKABLE_TYPES } from './collect-one.ts';
import { clusterFact, nothingKnown } from './facts.ts';
import { podIdentityFacts } from './role-uses.ts';
import { readSnapshot } from './snapshot.ts';
import { kubernetesTriggers } from './triggers.ts';

const FACTS = ['kubernetes-cluster', 'running-image', 'role-use'] as const;

/** Reads what is inside the EKS clusters of a region, by their own APIs. */
export const kubernetesCollector: Collector = {
  service: 'kubernetes',
  resourceTypes: [
    'KubernetesCluster',
    'KubernetesWorkload',
    'KubernetesNamespace',
    'KubernetesNetworkPolicy',
    'KubernetesService',
    'KubernetesIngress',
    'KubernetesRoleBinding',
    'KubernetesServiceAccount',
  ],
  // The token is made without asking anybody; everything else is asked of the clusters.
  permissions: [],
  producesFacts: FACTS,
  needsFacts: ['eks-cluster'],
  resourcesFollowFacts: ['eks-cluster'],
  collect,
  triggers: kubernetesTriggers,
  recheckableTypes: RECHECKABLE_TYPES,
  collectOne,
};

async function* collect(context: CollectorContext): AsyncIterable<CollectedItem> {
  const { accountId, region } = context;
  const clusters = context.facts.about('eks-cluster', undefined, { accountId, region });
  const incomplete = new Set<FactKind>(clusters.complete ? [] : FACTS);
  reportUnlisted(context, clusters.whyIncomplete);
  // One after the other: each is read with several requests at once, and one at a time is in memory.
  for (const fact of [...clusters.facts].sort((left, right) => (left.key < right.key ? -1 : 1))) {
    const { inside } = fact;
    if (inside === undefined) {
      reportClosed(context, fact.name, fact.key);
      for (const kind of FACTS) incomplete.add(kind);
      continue;
    }
    yield* collectCluster(context, { ...fact, inside }, incomplete);
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
      // Nothing of the inside was seen: nothing is said of it but that.
      const nothing = unknown(opened.reason);
      yield { resource: clusterResource(of, { admissionPolicies: nothing, accountsWithRole: nothing }) };
      yield { fact: clusterFact(context, of, nothingKnown(nothing)) };
      incomplete.add('running-image').add('role-use');
      // Associations are known from outside; whether their accounts exist is not.
      for (const fact of podIdentityFacts(context, of)) yield { fact };
      return;
    }
    const snapshot = await readSnapshot(reader);
    yield* clusterItems(reader, of, snapshot, incomplete);
  } finally {
    reader.close();
  }
}
