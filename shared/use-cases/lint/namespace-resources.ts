import type { KubernetesNamespace, NetworkWorkload, OtherNetworkPolicies } from '../../collectors/kubernetes/model.ts';
import { known, type Observed, undecidable } from '../../domain/observed.ts';
import type { DocumentSource, LintedResource } from './document-source.ts';
import { NOWHERE, nameOf } from './identity.ts';
import type { ReadObjects } from './read-objects.ts';

/**
 * The namespaces that documents describe, and those that they only name because something of them is there. Whether
 * anything enforces network policies is not asked of documents; it is taken as given.
 */
export function namespaceResources(objects: ReadObjects): readonly LintedResource[] {
  const described = new Set(objects.namespaces.map(({ namespace }) => namespace));
  const named = new Map<string, DocumentSource>();
  for (const { namespace, source } of [...objects.workloads, ...objects.policies]) {
    if (!described.has(namespace) && !named.has(namespace)) named.set(namespace, source);
  }
  return [
    ...objects.namespaces.map((one) => ({
      resource: namespaceOf(one.namespace, objects, one),
      source: one.source,
      named: namedIn(one.namespace, objects),
    })),
    ...[...named].map(([namespace, source]) => ({
      resource: namespaceOf(namespace, objects, undefined),
      source,
      named: namedIn(namespace, objects),
    })),
  ];
}

/** The objects by which evidence about a namespace names what breaks the rule. */
function namedIn(namespace: string, { workloads, policies }: ReadObjects): ReadonlyMap<string, DocumentSource> {
  return new Map([
    ...workloads
      .filter((one) => one.namespace === namespace)
      .map(({ kind, metadata, source }) => [`${kind}/${nameOf(metadata)}`, source] as const),
    ...policies
      .filter((one) => one.namespace === namespace)
      .map(({ metadata, source }) => [`NetworkPolicy/${nameOf(metadata)}`, source] as const),
  ]);
}

function namespaceOf(
  name: string,
  objects: ReadObjects,
  described: ReadObjects['namespaces'][number] | undefined,
): KubernetesNamespace {
  const notDescribed = undecidable('No document describes the namespace.');
  const inIt = <T extends { readonly namespace: string }>(all: readonly T[]) =>
    all.filter(({ namespace }) => namespace === name);
  const namesIn = (all: ReadObjects['quotas'], what: string) =>
    ifAny(
      inIt(all).map(({ metadata }) => nameOf(metadata)),
      `No document has a ${what} of the namespace.`,
    );
  return {
    ...NOWHERE,
    type: 'KubernetesNamespace',
    uid: `manifest/${name}`,
    name,
    namespace: name,
    inUse: 'unknown',
    labels: described === undefined ? notDescribed : known(described.labels),
    podSecurity: described === undefined ? notDescribed : known(described.podSecurity),
    terminating: described?.metadata.terminating ?? false,
    workloads: ifAny(inIt(objects.workloads).map(networkWorkload), 'No document has a workload of the namespace.'),
    allPodsPassBaseline: undecidable('Documents do not show every pod of the namespace.'),
    networkPolicies: ifAny(
      inIt(objects.policies).map(({ policy }) => policy),
      'No document has a network policy of the namespace.',
    ),
    otherPolicies: known(otherPoliciesOf(name, objects)),
    enforcement: known({ engines: [{ name: 'assumed', seenAs: 'taken as given for documents' }] }),
    clusterNamespaces: ifAny(objects.namespaces, 'No document describes the namespaces of the cluster.', (all) =>
      Object.fromEntries(all.map(({ namespace, labels }) => [namespace, labels])),
    ),
    resourceQuotas: namesIn(objects.quotas, 'ResourceQuota'),
    limitRanges: namesIn(objects.limitRanges, 'LimitRange'),
    unreadPolicyEngines: known([]),
  };
}

function ifAny<T, U = readonly T[]>(
  all: readonly T[],
  missing: string,
  transform: (all: readonly T[]) => U = (same) => same as U,
): Observed<U> {
  return all.length === 0 ? undecidable(missing) : known(transform(all));
}

function networkWorkload({ kind, metadata, pod }: ReadObjects['workloads'][number]): NetworkWorkload {
  return {
    kind,
    name: nameOf(metadata),
    pods: [
      {
        labels: pod.metadata.labels,
        ports: pod.spec.containers.flatMap(({ ports }) =>
          ports.flatMap(({ name, containerPort, protocol }) =>
            containerPort === undefined
              ? []
              : [{ ...(name === undefined ? {} : { name }), port: containerPort, protocol: protocol || 'TCP' }],
          ),
        ),
        hostNetwork: pod.spec.hostNetwork === true,
        runsOn: known([]),
      },
    ],
    imdsReachable: undecidable('Documents do not show on which nodes a pod will run.'),
  };
}

/** What policies of other kinds do is not read: they may allow and deny. */
function otherPoliciesOf(name: string, { otherPolicies }: ReadObjects): readonly OtherNetworkPolicies[] {
  const counts = new Map<string, number>();
  for (const { kind, namespace, namespaceStated } of otherPolicies) {
    // One without a namespace may be of the whole cluster.
    if (namespaceStated && namespace !== name) continue;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([kind, count]) => ({ kind, count, ingress: ['allow', 'deny'], egress: ['allow', 'deny'] }));
}
