import { known, type Observed, type UnknownReason, unknown } from '../../domain/observed.ts';
import type { RawObject } from '../../kubernetes/api.ts';
import { present } from '../ecs/present.ts';
import type { PodGroup } from './pod-groups.ts';
import { objectAt } from './pod-identity.ts';
import { type OwnerReference, readMetadata } from './read-metadata.ts';
import type { KubernetesRead } from './reads.ts';

/** Something that makes pods, or makes what makes them. */
export interface Controller {
  readonly apiVersion: string;
  readonly kind: string;
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly owner?: OwnerReference;
  /** Nothing of it is meant to run: scaled to nothing, suspended, or without a node to run on. */
  readonly atRest: boolean;
  /** It has run, and will not again. */
  readonly over: boolean;
  /** With its template; only of those that nothing else made. */
  readonly raw?: RawObject;
}

/** Who is responsible for pods: the name under which people know them. */
export interface TopOwner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What is kept of a controller. */
export function readController({ group, version, kind }: KubernetesRead, raw: RawObject): Controller {
  const { name, namespace = '', uid = '', owners } = readMetadata(raw);
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const owner = owners.find(({ controller }) => controller);
  const [spec, status] = [objectAt(raw, 'spec'), objectAt(raw, 'status')];
  return {
    apiVersion,
    kind,
    uid,
    namespace,
    name,
    ...present('owner', owner),
    atRest: spec.replicas === 0 || spec.suspend === true || status.desiredNumberScheduled === 0,
    over: kind === 'Job' && isOver(status),
    ...(owner === undefined ? { raw: { apiVersion, kind, metadata: { name, namespace }, spec } } : {}),
  };
}

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions */
function isOver({ conditions }: Readonly<Record<string, unknown>>): boolean {
  return (
    Array.isArray(conditions) &&
    conditions.some(
      (condition: { type?: unknown; status?: unknown } | null) =>
        (condition?.type === 'Complete' || condition?.type === 'Failed') && condition.status === 'True',
    )
  );
}

/**
 * Goes up from pods to the topmost controller: Pod → ReplicaSet → Deployment, Job → CronJob, or to a kind of somebody
 * else's (T70). The uid of the owner decides, never a name: a name may have been given again.
 *
 * @param unread why kinds could not be listed
 * @returns unknown where somebody in between could not be read
 */
export function topOwnerOf(
  { namespace, owner, name, templateHash }: PodGroup,
  controllers: ControllerIndex,
  unread: ReadonlyMap<string, UnknownReason>,
): Observed<TopOwner> {
  if (owner === undefined) return known({ apiVersion: 'v1', kind: 'Pod', namespace, name });
  const found = controllers.get(owner.uid);
  if (found !== undefined) return known(topOf(found, controllers));
  // A ReplicaSet that could not be read, or is gone by now: its name is the Deployment's with the hash of the template.
  if (owner.kind === 'ReplicaSet' && templateHash !== undefined && owner.name.endsWith(`-${templateHash}`)) {
    const deployment = owner.name.slice(0, -templateHash.length - 1);
    return known({ apiVersion: owner.apiVersion, kind: 'Deployment', namespace, name: deployment });
  }
  const reason = MIDDLE_KINDS.has(owner.kind) ? unread.get(owner.kind) : undefined;
  if (reason !== undefined) return unknown(reason);
  return known({ apiVersion: owner.apiVersion, kind: owner.kind, namespace, name: owner.name });
}

/** Kinds that others make in their turn. */
const MIDDLE_KINDS: ReadonlySet<string> = new Set(['Job', 'ReplicaSet']);

export type ControllerIndex = ReadonlyMap<string, Controller>;

function topOf(controller: Controller, controllers: ControllerIndex): TopOwner {
  let top = controller;
  // Bounded: owners of owners of owners are rare, and a circle must not hang the scan.
  for (let steps = 0; steps < 8 && top.owner !== undefined; steps += 1) {
    const next = controllers.get(top.owner.uid);
    if (next === undefined) {
      const { apiVersion, kind, name } = top.owner;
      return { apiVersion, kind, namespace: top.namespace, name };
    }
    top = next;
  }
  const { apiVersion, kind, namespace, name } = top;
  return { apiVersion, kind, namespace, name };
}
