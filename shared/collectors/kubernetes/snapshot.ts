import pMap from 'p-map';
import { allKnown, known, mapObserved, type Observed, type UnknownReason, undecidable } from '../../domain/observed.ts';
import type { RawObject } from '../../kubernetes/api.ts';
import type { ClusterReader } from './cluster-reader.ts';
import { type Controller, readController } from './controllers.ts';
import { type NodeObject, readNode } from './nodes.ts';
import { type PodGroup, PodGroups } from './pod-groups.ts';
import { readMetadata } from './read-metadata.ts';
import { type RoleBindingObject, type RoleObject, readRole, readRoleBinding } from './read-rbac.ts';
import { type IngressObject, readIngress, readService, type ServiceObject } from './read-service.ts';
import { readServiceAccount, type ServiceAccountObject } from './read-service-account.ts';
import { CUSTOM_READS, KUBERNETES_READS, type KubernetesRead, UNREAD_POLICY_GROUPS } from './reads.ts';

/** Where an object is. */
interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** An object of a kind that only says that it is there, or that is looked at later. */
export interface CustomObject extends Named {
  readonly raw: RawObject;
}

/** Everything that was read in a cluster; what could not be read says why. */
export interface ClusterSnapshot {
  readonly namespaces: Observed<readonly RawObject[]>;
  readonly pods: Observed<readonly PodGroup[]>;
  readonly controllers: readonly Controller[];
  /** Why controllers of a kind could not be listed. */
  readonly unreadControllers: ReadonlyMap<string, UnknownReason>;
  readonly nodes: Observed<readonly NodeObject[]>;
  readonly services: Observed<readonly ServiceObject[]>;
  readonly ingresses: Observed<readonly IngressObject[]>;
  readonly ingressClasses: Observed<readonly RawObject[]>;
  readonly serviceAccounts: Observed<readonly ServiceAccountObject[]>;
  readonly limitRanges: Observed<readonly Named[]>;
  readonly resourceQuotas: Observed<readonly Named[]>;
  readonly networkPolicies: Observed<readonly RawObject[]>;
  readonly clusterRoles: Observed<readonly RoleObject[]>;
  readonly roles: Observed<readonly RoleObject[]>;
  readonly clusterRoleBindings: Observed<readonly RoleBindingObject[]>;
  readonly roleBindings: Observed<readonly RoleBindingObject[]>;
  readonly daemonSets: Observed<readonly Controller[]>;
  /** Null where the version does not have it. */
  readonly admission: Readonly<Record<AdmissionPart, Observed<readonly RawObject[] | null>>>;
  readonly awsAuth: Observed<RawObject | null>;
  readonly vpcCni: Observed<RawObject | null>;
  /** Of the kinds whose groups the cluster serves, by `plural.group`. */
  readonly custom: ReadonlyMap<string, Observed<readonly CustomObject[]>>;
}

type AdmissionPart = 'admissionPolicies' | 'admissionBindings' | 'validatingWebhooks' | 'mutatingWebhooks';

const CONTROLLERS = [
  KUBERNETES_READS.deployments,
  KUBERNETES_READS.replicaSets,
  KUBERNETES_READS.statefulSets,
  KUBERNETES_READS.daemonSets,
  KUBERNETES_READS.jobs,
  KUBERNETES_READS.cronJobs,
  KUBERNETES_READS.replicationControllers,
] as const;

/** Lists under way at once in one cluster: each holds a page in memory. */
const LISTS_AT_ONCE = 2;

/** Reads everything in a cluster that is open, each list once. */
export async function readSnapshot(reader: ClusterReader): Promise<ClusterSnapshot> {
  const { authenticationMode } = reader.cluster.inside;
  const parts: Partial<Record<string, unknown>> = {};
  const custom = new Map<string, Observed<readonly CustomObject[]>>();
  const controllers = new Map<string, Observed<readonly Controller[]>>();
  const unreadControllers = new Map<string, UnknownReason>();
  const part = async (name: keyof ClusterSnapshot | AdmissionPart, value: Promise<unknown>) => {
    parts[name] = await value;
  };
  const reads = KUBERNETES_READS;
  const tasks: (() => Promise<void>)[] = [
    // The longest first, so that the others run beside it.
    () => part('pods', readPods(reader)),
    ...CONTROLLERS.map((what) => async () => {
      const listed = await reader.listBuiltIn(what, (raw) => readController(what, raw));
      controllers.set(what.resource, listed);
      if (!listed.known) unreadControllers.set(what.kind, listed.reason);
    }),
    () => part('namespaces', reader.listBuiltIn(reads.namespaces, plain)),
    () => part('nodes', reader.listBuiltIn(reads.nodes, readNode)),
    () => part('services', reader.listBuiltIn(reads.services, readService)),
    () => part('ingresses', reader.listBuiltIn(reads.ingresses, readIngress)),
    () => part('ingressClasses', reader.listBuiltIn(reads.ingressClasses, plain)),
    () => part('serviceAccounts', reader.listBuiltIn(reads.serviceAccounts, readServiceAccount)),
    () => part('limitRanges', reader.listBuiltIn(reads.limitRanges, named)),
    () => part('resourceQuotas', reader.listBuiltIn(reads.resourceQuotas, named)),
    () => part('networkPolicies', reader.listBuiltIn(reads.networkPolicies, plain)),
    () => part('clusterRoles', reader.listBuiltIn(reads.clusterRoles, readRole)),
    () => part('roles', reader.listBuiltIn(reads.roles, readRole)),
    () => part('clusterRoleBindings', reader.listBuiltIn(reads.clusterRoleBindings, readRoleBinding)),
    () => part('roleBindings', reader.listBuiltIn(reads.roleBindings, readRoleBinding)),
    ...(['admissionPolicies', 'admissionBindings', 'validatingWebhooks', 'mutatingWebhooks'] as const).map(
      (name) => () => part(name, reader.list(reads[name], plain)),
    ),
    // Without a mode the cluster is older than access entries.
    () => part('awsAuth', authenticationMode === 'API' ? Promise.resolve(known(null)) : reader.get(reads.awsAuth)),
    () => part('vpcCni', reader.cluster.autoMode ? reader.get(reads.vpcCni) : Promise.resolve(known(null))),
    ...servedCustomReads(reader).map((what) => async () => {
      const listed = await reader.list(what, customObject);
      if (listed.known && listed.value === null) return;
      custom.set(`${what.resource}.${what.group}`, listed as Observed<readonly CustomObject[]>);
    }),
  ];
  await pMap(tasks, (task) => task(), { concurrency: LISTS_AT_ONCE });
  for (const group of unreadPolicyGroups(reader.groups)) {
    custom.set(`*.${group}`, undecidable(`Network policies of ${group} are not read.`));
  }
  const { admissionPolicies, admissionBindings, validatingWebhooks, mutatingWebhooks, ...rest } = parts;
  return {
    ...rest,
    controllers: [...controllers.values()].flatMap((listed) => (listed.known ? listed.value : [])),
    unreadControllers,
    daemonSets: controllers.get(reads.daemonSets.resource),
    admission: { admissionPolicies, admissionBindings, validatingWebhooks, mutatingWebhooks },
    custom,
  } as unknown as ClusterSnapshot;
}

/** What custom kinds there are to read, in a version that the cluster serves. */
function servedCustomReads(reader: ClusterReader): readonly KubernetesRead[] {
  return CUSTOM_READS.flatMap((what) => {
    const versions = reader.versionsOf(what.group);
    const version = versions.includes(what.version) ? what.version : versions[0];
    return version === undefined ? [] : [{ ...what, version }];
  });
}

/** Calico serves the same objects under two names, where it serves both. */
function unreadPolicyGroups(groups: ReadonlySet<string>): readonly string[] {
  return UNREAD_POLICY_GROUPS.filter(
    (group) => groups.has(group) && !(group === 'projectcalico.org' && groups.has('crd.projectcalico.org')),
  );
}

async function readPods(reader: ClusterReader): Promise<Observed<readonly PodGroup[]>> {
  const groups = new PodGroups();
  const streamed = await reader.stream(KUBERNETES_READS.pods, groups);
  return mapObserved(streamed, () => groups.list());
}

/** All of a list of observations that are known, or the first reason why one is not. */
export function together<T>(...lists: readonly Observed<readonly T[]>[]): Observed<readonly T[]> {
  return mapObserved(allKnown(lists), (all) => all.flat());
}

function plain(raw: RawObject): RawObject {
  const { managedFields: _, ...metadata } = (raw.metadata ?? {}) as Record<string, unknown>;
  return { ...raw, metadata };
}

function named(raw: RawObject): Named {
  const { name, namespace = '' } = readMetadata(raw);
  return { name, namespace };
}

function customObject(raw: RawObject): CustomObject {
  return { ...named(raw), raw: plain(raw) };
}
