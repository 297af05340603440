import type { FactKind } from '../../domain/fact.ts';
import { known, mapObserved } from '../../domain/observed.ts';
import type { CollectedItem } from '../../domain/ports.ts';
import { admissionPoliciesOf, policyEnginesOf } from './admission.ts';
import type { ClusterReader } from './cluster-reader.ts';
import type { ClusterResources } from './cluster-resources.ts';
import { enginesOf } from './enforcement.ts';
import { awsAuthOf, clusterFact, runningImageFacts } from './facts.ts';
import type { KubernetesCluster } from './model.ts';
import { namespaceResources, networkPoliciesOf, networkPolicyResources } from './namespaces.ts';
import { NodeIndex } from './nodes.ts';
import { Rbac } from './rbac.ts';
import { type NamespaceObject, readNamespace } from './read-namespace.ts';
import { KUBERNETES_READS } from './reads.ts';
import { podIdentityFacts, roleUseFacts } from './role-uses.ts';
import { accountsWithRole, ServiceAccounts, serviceAccountResources } from './service-accounts.ts';
import { ingressResources, serviceResources } from './services.ts';
import type { ClusterSnapshot } from './snapshot.ts';
import { policyVersion, workloadsOf } from './workloads.ts';

/**
 * Joins everything that was read in a cluster into resources and facts.
 *
 * @param incomplete gets the kinds of facts that could not all be stated
 */
export async function* clusterItems(
  reader: ClusterReader,
  of: ClusterResources,
  snapshot: ClusterSnapshot,
  incomplete: Set<FactKind>,
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
    nodes: new NodeIndex(snapshot.nodes, inside.nodeGroups, of.cluster),
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
    resource: clusterResource(of, {
      admissionPolicies: admissionPoliciesOf(snapshot, reader.groups),
      accountsWithRole: mapObserved(snapshot.serviceAccounts, accountsWithRole),
    }),
  };
  yield {
    fact: clusterFact(context, of, {
      awsAuth: awsAuthOf(snapshot.awsAuth),
      clusterAdminGroups: rbac.clusterAdmins(),
      clusterAdminUsers: rbac.clusterAdmins('User'),
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

/** The cluster itself, with what decides which objects are let in. */
export function clusterResource(
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
