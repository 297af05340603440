import { known, type Observed, type UnknownReason, undecidable, unknown } from '../../domain/observed.ts';
import type { ClusterReader } from './cluster-reader.ts';
import type { ClusterResources } from './cluster-resources.ts';
import { type Controller, type ControllerIndex, type TopOwner, topOwnerOf } from './controllers.ts';
import type { KubernetesWorkload, PodVariant } from './model.ts';
import type { NodeIndex } from './nodes.ts';
import type { LikePods } from './pod-groups.ts';
import { objectAt } from './pod-identity.ts';
import { readWorkload } from './read-workload.ts';
import { KUBERNETES_READS } from './reads.ts';
import type { ServiceAccounts } from './service-accounts.ts';
import type { ClusterSnapshot } from './snapshot.ts';

/** A workload with the pods that were seen of it. */
export interface SeenWorkload {
  readonly resource: KubernetesWorkload;
  /** None where only a template is there. */
  readonly pods: readonly LikePods[];
}

/** The workloads of a cluster, as far as pods could be told apart. */
export class Workloads {
  readonly all: readonly SeenWorkload[];
  readonly #byNamespace = new Map<string, SeenWorkload[]>();
  readonly #unattributed: ReadonlyMap<string, UnknownReason>;

  /** @param unattributed namespaces with pods of which nobody knows whose they are, and why */
  constructor(all: readonly SeenWorkload[], unattributed: ReadonlyMap<string, UnknownReason>) {
    this.all = all;
    this.#unattributed = unattributed;
    for (const seen of all) {
      const group = this.#byNamespace.get(seen.resource.namespace) ?? [];
      this.#byNamespace.set(seen.resource.namespace, group);
      group.push(seen);
    }
  }

  /** Unknown where some pods of the namespace could not be attributed. */
  of(namespace: string): Observed<readonly SeenWorkload[]> {
    const reason = this.#unattributed.get(namespace);
    return reason === undefined ? known(this.#byNamespace.get(namespace) ?? []) : unknown(reason);
  }
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
  { pods, controllers, unreadControllers }: Pick<ClusterSnapshot, 'pods' | 'controllers' | 'unreadControllers'>,
  joins: WorkloadJoins,
): Promise<Observed<Workloads>> {
  if (!pods.known) return pods;
  const index: ControllerIndex = new Map(controllers.map((controller) => [controller.uid, controller]));
  const byOwner = new Map<string, { owner: TopOwner; isStatic: boolean; variants: Map<string, LikePods> }>();
  const unattributed = new Map<string, UnknownReason>();
  for (const group of pods.value) {
    const top = topOwnerOf(group, index, unreadControllers);
    if (!top.known) {
      unattributed.set(group.namespace, top.reason);
      continue;
    }
    const owner = top.value;
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
    // Pods of its jobs may run.
    if (controller.kind === 'CronJob' && unattributed.has(controller.namespace)) continue;
    const seen = await templateOf(reader, controller, joins);
    if (seen !== undefined) workloads.push(seen);
  }
  return known(new Workloads(workloads, unattributed));
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
  const accounts = new Set(settings.variants.map(({ spec }) => spec.serviceAccountName ?? 'default'));
  const [account = 'default', ...others] = accounts;
  return {
    ...joins.of.base('KubernetesWorkload', { kind, namespace, name }),
    namespace,
    apiVersion,
    kind,
    ...settings,
    policyVersion: joins.policyVersionOf(namespace),
    serviceAccount:
      others.length === 0
        ? joins.serviceAccounts.summaryOf(namespace, account)
        : undecidable('Pods of the workload use several service accounts.'),
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
