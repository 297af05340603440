import { known, mapObserved, type UnknownReason, unknown } from '../../domain/observed.ts';
import type { CollectedItem, Collector, CollectorContext } from '../../domain/ports.ts';
import { admissionPoliciesOf, policyEnginesOf } from './admission.ts';
import { ClusterReader, type ReadableCluster } from './cluster-reader.ts';
import { ClusterResources } from './cluster-resources.ts';
import { enginesOf } from './enforcement.ts';
import { awsAuthOf, clusterFact, nothingKnown, runningImageFacts } from './facts.ts';
import type { KubernetesCluster } from './model.ts';
import { namespaceResources, networkPoliciesOf, networkPolicyResources } from './namespaces.ts';
import { NodeIndex } from './nodes.ts';
import { Rbac } from './rbac.ts';
import { type NamespaceObject, readNamespace } from './read-namespace.ts';
import { KUBERNETES_READS } from './reads.ts';
import { podIdentityFacts, roleUseFacts } from './role-uses.ts';
import { accountsWithRole, ServiceAccounts, serviceAccountResources } from './service-accounts.ts';
import { ingressResources, serviceResources } from './services.ts';
import { type ClusterSnapshot, readSnapshot } from './snapshot.ts';
import { policyVersion, workloadsOf } from './workloads.ts';

const FACTS = ['kubernetes-cluster', 'running-image', 'role-use'] as const;
type StatedKind = (typeof FACTS)[number];

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
};

async function* collect(context: CollectorContext): AsyncIterable<CollectedItem> {
  const { accountId, region } = context;
  const clusters = context.facts.about('eks-cluster', undefined, { accountId, region });
  const incomplete = new Set<StatedKind>(clusters.complete ? [] : FACTS);
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
  if (reason?.kind !== 'unreadable') return;
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
      'EKS does not say where the API server of the cluster is and whom to trust there: it is being made, or making it failed.',
    cluster,
    resource,
  });
}

async function* collectCluster(
  context: CollectorContext,
  cluster: ReadableCluster,
  incomplete: Set<StatedKind>,
): AsyncIterable<CollectedItem> {
  const of = new ClusterResources(context, cluster);
  const reader = new ClusterReader(context, cluster);
  try {
    const opened = await reader.open();
    if (!opened.known) {
      // Nothing of the inside was seen: nothing is said of it but that.
      yield { resource: closedCluster(of, opened.reason) };
      yield { fact: clusterFact(context, of, nothingKnown(unknown(opened.reason))) };
      incomplete.add('running-image').add('role-use');
      // Associations are known from outside; whether their accounts exist is not.
      for (const fact of podIdentityFacts(context, of)) yield { fact };
      return;
    }
    const snapshot = await readSnapshot(reader);
    yield* itemsOf(reader, of, snapshot, incomplete);
  } finally {
    reader.close();
  }
}

async function* itemsOf(
  reader: ClusterReader,
  of: ClusterResources,
  snapshot: ClusterSnapshot,
  incomplete: Set<StatedKind>,
): AsyncIterable<CollectedItem> {
  const { context } = reader;
  const { inside, autoMode } = of.cluster;
  const rbac = new Rbac(snapshot);
  const serviceAccounts = new ServiceAccounts(snapshot.serviceAccounts, inside.podIdentity, rbac);
  const namespaces = await readNamespaces(reader, snapshot);
  const pinned = mapObserved(
    namespaces,
    (all) => new Map(all.map(({ metadata, podSecurity }) => [metadata.name, podSecurity.enforceVersion])),
  );
  const workloads = await workloadsOf(reader, snapshot, {
    of,
    nodes: new NodeIndex(snapshot.nodes, inside.nodeGroups, autoMode),
    serviceAccounts,
    policyVersionOf: (name) =>
      policyVersion(
        inside.version,
        mapObserved(pinned, (all) => all.get(name)),
      ),
  });
  const networkPolicies = await networkPoliciesOf(reader, snapshot.networkPolicies);
  const engines = enginesOf(snapshot, autoMode);
  if (workloads.known) {
    if (snapshot.unreadControllers.size > 0) incomplete.add('running-image');
    for (const { resource } of workloads.value.all) yield { resource };
    for (const fact of runningImageFacts(context, workloads.value.all)) yield { fact };
  } else {
    incomplete.add('running-image');
  }
  if (namespaces.known) {
    const joins = {
      of,
      snapshot,
      workloads,
      networkPolicies,
      enforcement: mapObserved(engines, (seen) => ({ engines: seen })),
      policyEngines: policyEnginesOf(reader.groups),
    };
    for (const resource of await namespaceResources(namespaces.value, joins, context.classify)) yield { resource };
  }
  if (networkPolicies.known) {
    for (const resource of networkPolicyResources(of, networkPolicies.value, workloads)) yield { resource };
  }
  for (const resource of serviceResources(of, snapshot)) yield { resource };
  for (const resource of ingressResources(of, snapshot)) yield { resource };
  for (const resource of rbac.resources(of)) yield { resource };
  if (snapshot.serviceAccounts.known) {
    const accounts = snapshot.serviceAccounts.value;
    for (const resource of serviceAccountResources(of, accounts, serviceAccounts, workloads)) yield { resource };
    for (const fact of roleUseFacts(context, of, accounts)) yield { fact };
  } else {
    incomplete.add('role-use');
  }
  const existing = mapObserved(
    snapshot.serviceAccounts,
    (all) => new Set(all.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)),
  );
  for (const fact of podIdentityFacts(context, of, existing)) yield { fact };
  if (!inside.podIdentity.known) incomplete.add('role-use');
  yield {
    resource: openCluster(of, {
      admissionPolicies: admissionPoliciesOf(snapshot, reader.groups),
      accountsWithRole: mapObserved(snapshot.serviceAccounts, accountsWithRole),
    }),
  };
  yield {
    fact: clusterFact(context, of, {
      awsAuth: awsAuthOf(snapshot.awsAuth),
      clusterAdminGroups: rbac.clusterAdmins(),
      networkPolicyEngines: engines,
    }),
  };
}

async function readNamespaces(reader: ClusterReader, { namespaces }: ClusterSnapshot) {
  if (!namespaces.known) return namespaces;
  const all: NamespaceObject[] = [];
  for (const raw of namespaces.value) {
    const read = await reader.reading(KUBERNETES_READS.namespaces, () => readNamespace(raw, reader.context.classify));
    if (read !== undefined) all.push(read);
  }
  return known(all);
}

function openCluster(
  of: ClusterResources,
  seen: Pick<KubernetesCluster, 'admissionPolicies' | 'accountsWithRole'>,
): KubernetesCluster {
  const { key, name, inside } = of.cluster;
  return {
    ...of.base('KubernetesCluster', { name }),
    uid: key,
    arn: key,
    ...(inside.version === undefined ? {} : { version: inside.version }),
    ...seen,
    oidcProvider: inside.oidcProvider,
  };
}

function closedCluster(of: ClusterResources, reason: UnknownReason): KubernetesCluster {
  return openCluster(of, { admissionPolicies: unknown(reason), accountsWithRole: unknown(reason) });
}
