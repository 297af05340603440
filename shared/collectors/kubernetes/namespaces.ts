import { selects } from '../../domain/network-isolation.ts';
import type { NetworkPolicy } from '../../domain/network-policy.ts';
import { known, mapObserved, type Observed, undecidable } from '../../domain/observed.ts';
import { brokenControls, minorVersionOf } from '../../domain/pod-security/standards.ts';
import { withholdSecretValues } from '../secrets/tag-values.ts';
import type { ClusterReader } from './cluster-reader.ts';
import type { ClusterResources } from './cluster-resources.ts';
import type { KubernetesNamespace, KubernetesNetworkPolicy, NetworkWorkload } from './model.ts';
import { otherPoliciesOf } from './other-policies.ts';
import type { NamespaceObject } from './read-namespace.ts';
import { readNetworkPolicy } from './read-network-policy.ts';
import { KUBERNETES_READS } from './reads.ts';
import type { ClusterSnapshot } from './snapshot.ts';
import type { SeenWorkload, Workloads } from './workloads.ts';

/** What namespaces are joined with. */
export interface NamespaceJoins {
  readonly of: ClusterResources;
  readonly snapshot: ClusterSnapshot;
  readonly workloads: Observed<Workloads>;
  readonly networkPolicies: Observed<readonly NetworkPolicy[]>;
  readonly enforcement: KubernetesNamespace['enforcement'];
  readonly policyEngines: readonly string[];
}

/** All NetworkPolicy objects of the cluster. */
export async function networkPoliciesOf(
  reader: ClusterReader,
  raws: ClusterSnapshot['networkPolicies'],
): Promise<Observed<readonly NetworkPolicy[]>> {
  if (!raws.known) return raws;
  const policies: NetworkPolicy[] = [];
  const what = KUBERNETES_READS.networkPolicies;
  for (const raw of raws.value) {
    const read = await reader.reading(what, () => readNetworkPolicy(raw, reader.context.classify, 'default'));
    if (read !== undefined) policies.push(read);
  }
  return known(policies);
}

/** The namespaces of a cluster, each with all that decides about its pods. */
export async function namespaceResources(
  namespaces: readonly NamespaceObject[],
  joins: NamespaceJoins,
  classify: ClusterReader['context']['classify'],
): Promise<readonly KubernetesNamespace[]> {
  const { of, snapshot, workloads, networkPolicies, enforcement, policyEngines } = joins;
  const clusterNamespaces = known(
    Object.fromEntries(namespaces.map(({ metadata, labels }) => [metadata.name, labels])),
  );
  const resources: KubernetesNamespace[] = [];
  for (const { metadata, labels, podSecurity } of namespaces) {
    const { name, terminating } = metadata;
    const seen = workloads.known ? workloads.value.of(name) : workloads;
    const namesOf = (list: ClusterSnapshot['limitRanges']) =>
      mapObserved(list, (all) =>
        all
          .filter(({ namespace }) => namespace === name)
          .map((one) => one.name)
          .sort(),
      );
    resources.push({
      ...of.base('KubernetesNamespace', { name }),
      namespace: name,
      labels: known(labels),
      podSecurity: known(podSecurity),
      terminating,
      workloads: seen.known ? known(await networkWorkloads(seen.value, classify)) : seen,
      allPodsPassBaseline: allPass(seen),
      networkPolicies: mapObserved(networkPolicies, (all) => all.filter(({ namespace }) => namespace === name)),
      otherPolicies: otherPoliciesOf(snapshot, name, labels),
      enforcement,
      clusterNamespaces,
      resourceQuotas: namesOf(snapshot.resourceQuotas),
      limitRanges: namesOf(snapshot.limitRanges),
      unreadPolicyEngines: known(policyEngines),
    });
  }
  return resources;
}

/** NetworkPolicy objects as what they select: a policy that selects nothing protects nothing. */
export function networkPolicyResources(
  of: ClusterResources,
  policies: readonly NetworkPolicy[],
  workloads: Observed<Workloads>,
): readonly KubernetesNetworkPolicy[] {
  return policies.map((policy) => ({
    ...of.base('KubernetesNetworkPolicy', { namespace: policy.namespace, kind: 'NetworkPolicy', name: policy.name }),
    namespace: policy.namespace,
    policy,
    selects: mapObserved(workloads.known ? workloads.value.of(policy.namespace) : workloads, (all) =>
      all
        .filter((seen) => labelSetsOf(seen).some((labels) => selects(policy.podSelector, labels)))
        .map(({ resource }) => `${resource.kind}/${resource.name}`)
        .sort(),
    ),
  }));
}

/** Distinct labels of the pods of a workload; of its template where nothing runs. */
function labelSetsOf({ resource, pods }: SeenWorkload): readonly Readonly<Record<string, string>>[] {
  if (pods.length === 0) return resource.variants.map(({ metadata }) => metadata.labels);
  return [...new Set(pods.flatMap(({ labelSets }) => [...labelSets]))].sort().map(labelsFrom);
}

function labelsFrom(json: string): Readonly<Record<string, string>> {
  return Object.fromEntries(JSON.parse(json) as [string, string][]);
}

async function networkWorkloads(
  seen: readonly SeenWorkload[],
  classify: ClusterReader['context']['classify'],
): Promise<readonly NetworkWorkload[]> {
  const workloads: NetworkWorkload[] = [];
  for (const { resource, pods } of seen) {
    const { kind, name, variants, imdsReachable } = resource;
    const views: NetworkWorkload['pods'][number][] = [];
    for (const [index, { metadata, spec, runsOn }] of variants.entries()) {
      const labelSets = pods[index]?.labelSets;
      const sets = labelSets === undefined ? [metadata.labels] : [...labelSets].sort().map(labelsFrom);
      const ports = spec.containers.flatMap((container) =>
        container.ports.flatMap(({ name: portName, containerPort: port, protocol }) =>
          port === undefined
            ? []
            : [{ ...(portName === undefined ? {} : { name: portName }), port, protocol: protocol || 'TCP' }],
        ),
      );
      for (const labels of sets) {
        const kept = await withholdSecretValues(labels, classify);
        views.push({ labels: kept, ports, hostNetwork: spec.hostNetwork === true, runsOn });
      }
    }
    workloads.push({ kind, name, pods: views, imdsReachable });
  }
  return workloads.sort((left, right) => (`${left.kind}/${left.name}` < `${right.kind}/${right.name}` ? -1 : 1));
}

/** Whether the baseline could be enforced at once; without pods nobody knows. */
function allPass(seen: Observed<readonly SeenWorkload[]>): Observed<boolean> {
  if (!seen.known) return seen;
  const running = seen.value.filter(({ pods }) => pods.length > 0);
  if (running.length === 0) return undecidable('Nothing runs in the namespace that could show it.');
  let doubt: Observed<boolean> | undefined;
  for (const { resource } of running) {
    const { policyVersion, variants } = resource;
    if (!policyVersion.known) {
      doubt = policyVersion;
      continue;
    }
    const minor = minorVersionOf(policyVersion.value) ?? Number.POSITIVE_INFINITY;
    if (variants.some((pod) => brokenControls('baseline', minor, pod).length > 0)) return known(false);
  }
  return doubt ?? known(true);
}
