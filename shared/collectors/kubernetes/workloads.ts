import { known, type Observed, undecidable } from '../../domain/observed.ts';
import type { ClusterReader } from './cluster-reader.ts';
import type { ClusterResources } from './cluster-resources.ts';
import { type Controller, type ControllerIndex, type TopOwner, topOwnerOf } from './controllers.ts';
import type { KubernetesWorkload, PodVariant } from './model.ts';
import type { NodeIndex } from './nodes.ts';
import type { LikePods, PodGroup } from './pod-groups.ts';
import { objectAt } from './pod-identity.ts';
import { readWorkload } from './read-workload.ts';
import { KUBERNETES_READS } from './reads.ts';
import type { ServiceAccounts } from './service-accounts.ts';

/** A workload with the pods that were seen of it. */
export interface SeenWorkload {
  readonly resource: KubernetesWorkload;
  /** None where only a template is there. */
  readonly pods: readonly LikePods[];
}

/** What workloads are joined with. */
export interface WorkloadJoins {
  readonly of: ClusterResources;
  readonly nodes: NodeIndex;
  readonly serviceAccounts: ServiceAccounts;
  /** The version of the Pod Security Standards that a namespace's pods are judged by. */
  readonly policyVersionOf: (namespace: string) => Observed<string>;
}

/**
 * The workloads of a cluster: each top controller with its distinct pods, and the templates of which nothing runs
 * (T70, T71). Where pods could not be read there are none: a template alone does not show what runs.
 */
export async function workloadsOf(
  reader: ClusterReader,
  pods: Observed<readonly PodGroup[]>,
  controllers: readonly Controller[],
  joins: WorkloadJoins,
): Promise<Observed<readonly SeenWorkload[]>> {
  if (!pods.known) return pods;
  const index: ControllerIndex = new Map(controllers.map((controller) => [controller.uid, controller]));
  const byOwner = new Map<string, { owner: TopOwner; isStatic: boolean; variants: Map<string, LikePods> }>();
  for (const group of pods.value) {
    const owner = topOwnerOf(group, index);
    const key = joins.of.uid(owner);
    const gathered = byOwner.get(key) ?? { owner, isStatic: group.isStatic, variants: new Map() };
    byOwner.set(key, gathered);
    for (const [variant, alike] of group.variants)
      gathered.variants.set(variant, merged(gathered.variants.get(variant), alike));
  }
  const workloads: SeenWorkload[] = [];
  for (const { owner, isStatic, variants } of byOwner.values()) {
    const ordered = [...variants].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, alike]) => alike);
    const seen = await runningWorkload(reader, owner, isStatic, ordered, joins);
    if (seen !== undefined) workloads.push(seen);
  }
  for (const controller of controllers) {
    if (!isIdle(controller) || byOwner.has(joins.of.uid(controller))) continue;
    const seen = await templateOf(reader, controller, joins);
    if (seen !== undefined) workloads.push(seen);
  }
  return known(workloads);
}

/** A top controller that may run pods again. What a rollout left behind, and a job that is over, will not. */
function isIdle({ raw, kind, atRest, over }: Controller): boolean {
  if (raw === undefined || over) return false;
  return !(atRest && (kind === 'ReplicaSet' || kind === 'ReplicationController'));
}

async function runningWorkload(
  reader: ClusterReader,
  owner: TopOwner,
  isStatic: boolean,
  pods: readonly LikePods[],
  joins: WorkloadJoins,
): Promise<SeenWorkload | undefined> {
  const { classify } = reader.context;
  const variants: PodVariant[] = [];
  for (const alike of pods) {
    const read = await reader.reading(KUBERNETES_READS.pods, () => readWorkload(alike.raw, classify));
    if (read !== undefined) variants.push({ ...read.pod, runsOn: joins.nodes.runsOn(alike.nodes) });
  }
  const [first] = variants;
  if (first === undefined) return undefined;
  const imdsReachable = joins.nodes.reachesMetadata(pods, usesHostNetwork);
  return {
    resource: resourceOf(owner, { source: 'pods', isStatic, variants, imdsReachable, inUse: 'yes' }, joins),
    pods,
  };
}

async function templateOf(
  reader: ClusterReader,
  controller: Controller,
  joins: WorkloadJoins,
): Promise<SeenWorkload | undefined> {
  const { raw, atRest } = controller;
  const what = Object.values(KUBERNETES_READS).find(({ kind }) => kind === controller.kind) ?? KUBERNETES_READS.pods;
  const read = await reader.reading(what, () => readWorkload(raw, reader.context.classify));
  if (read === undefined) return undefined;
  const variants: PodVariant[] = [{ ...read.pod, runsOn: known([]) }];
  const imdsReachable = joins.nodes.wouldReachMetadata(read.pod.spec.hostNetwork === true);
  const settings = {
    source: 'template',
    isStatic: false,
    variants,
    imdsReachable,
    inUse: atRest ? 'no' : 'yes',
  } as const;
  return { resource: resourceOf(controller, settings, joins), pods: [] };
}

type Settings = Pick<KubernetesWorkload, 'source' | 'isStatic' | 'variants' | 'imdsReachable' | 'inUse'>;

function resourceOf(owner: TopOwner, settings: Settings, joins: WorkloadJoins): KubernetesWorkload {
  const { apiVersion, kind, namespace, name } = owner;
  const account = settings.variants[0]?.spec.serviceAccountName ?? 'default';
  return {
    ...joins.of.base('KubernetesWorkload', { kind, namespace, name }),
    namespace,
    apiVersion,
    kind,
    ...settings,
    policyVersion: joins.policyVersionOf(namespace),
    serviceAccount: joins.serviceAccounts.summaryOf(namespace, account),
    namespaceStated: true,
  };
}

function usesHostNetwork({ raw }: LikePods): boolean {
  return objectAt(raw, 'spec').hostNetwork === true;
}

/** Pods of several runs or revisions that are alike after all. */
function merged(one: LikePods | undefined, other: LikePods): LikePods {
  if (one === undefined) return other;
  return {
    raw: one.raw,
    nodes: new Set([...one.nodes, ...other.nodes]),
    labelSets: new Set([...one.labelSets, ...other.labelSets]),
    images: new Map([...one.images, ...other.images]),
  };
}

/**
 * The version of the standards that admission judges a namespace's pods by: what the namespace pins, else the cluster's
 * own. `latest` is the cluster's, too.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces
 */
export function policyVersion(
  clusterVersion: string | undefined,
  pinned: Observed<string | undefined>,
): Observed<string> {
  const [, version] = /^v(1\.\d{1,4})$/.exec((pinned.known ? pinned.value : undefined) ?? '') ?? [];
  if (!pinned.known) return pinned;
  if (version !== undefined) return known(version);
  return clusterVersion === undefined ? undecidable('The version of the cluster is not known.') : known(clusterVersion);
}
