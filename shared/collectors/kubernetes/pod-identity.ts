import { createHash } from 'node:crypto';
import type { RawObject } from '../../kubernetes/api.ts';

/**
 * Labels that controllers write anew for every rollout, run or pod: they tell pods of one workload apart and say nothing
 * about how they were made.
 */
const GENERATED_LABELS: ReadonlySet<string> = new Set([
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/job-name',
  'controller-revision-hash',
  'controller-uid',
  'job-name',
  'pod-template-generation',
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
]);

/** Of these, the ones that no policy can sensibly select by: they change with every rollout. */
const HASH_LABELS: ReadonlySet<string> = new Set([
  'batch.kubernetes.io/controller-uid',
  'controller-revision-hash',
  'controller-uid',
  'pod-template-generation',
  'pod-template-hash',
  'rollouts-pod-template-hash',
]);

/** Where a pod was put, and what follows from it. */
const PLACEMENT = ['affinity', 'hostname', 'nodeName', 'tolerations'];

/** The volume of the service account's token has a name of its own in each pod. */
const TOKEN_VOLUME = /^kube-api-access-[a-z0-9]{5}$/;
const TOKEN_VOLUME_NAME = 'kube-api-access';

type Fields = Readonly<Record<string, unknown>>;

/** The labels by which network policies may select a pod. */
export function selectableLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return without(labels, HASH_LABELS);
}

/**
 * A pod without what its controller, the scheduler and admission generate for each one, so that pods of one workload
 * that were made alike are alike. What webhooks add (variables, volumes, sidecars) is kept: it runs.
 */
export function withoutGenerated(raw: RawObject): RawObject {
  const { labels, annotations } = objectAt(raw, 'metadata');
  const spec = Object.fromEntries(
    Object.entries(objectAt(raw, 'spec'))
      .filter(([name]) => !PLACEMENT.includes(name))
      .map(([name, value]) => {
        if (name === 'volumes') return [name, eachObject(value, plainVolume)];
        return /containers$/i.test(name) ? [name, eachObject(value, plainContainer)] : [name, value];
      }),
  );
  const plainLabels = without((labels ?? {}) as Record<string, string>, GENERATED_LABELS);
  return { apiVersion: 'v1', kind: 'Pod', metadata: { labels: plainLabels, annotations }, spec };
}

/** Tells pods that are alike from others: annotations differ in many ways that mean nothing, so few of them count. */
export function keyOfPod({ metadata, spec }: RawObject): string {
  const { labels, annotations } = metadata as { labels: unknown; annotations?: Record<string, string> | null };
  const kubelet = Object.entries(annotations ?? {}).filter(([name]) => /apparmor|seccomp/.test(name));
  return createHash('sha256')
    .update(JSON.stringify([labels, kubelet.sort(), spec]))
    .digest('base64');
}

function plainVolume(volume: Fields): Fields {
  const { name, persistentVolumeClaim } = volume;
  return {
    ...volume,
    name: plainName(name),
    // Each pod of a StatefulSet has a claim of its own.
    ...(isObject(persistentVolumeClaim) ? { persistentVolumeClaim: {} } : {}),
  };
}

function plainContainer(container: Fields): Fields {
  const { volumeMounts } = container;
  if (!Array.isArray(volumeMounts)) return container;
  return {
    ...container,
    volumeMounts: eachObject(volumeMounts, (mount) => ({ ...mount, name: plainName(mount.name) })),
  };
}

function plainName(name: unknown): unknown {
  return typeof name === 'string' && TOKEN_VOLUME.test(name) ? TOKEN_VOLUME_NAME : name;
}

function without(
  labels: Readonly<Record<string, string>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.has(name)));
}

function eachObject(list: unknown, change: (item: Fields) => Fields): unknown {
  return Array.isArray(list) ? list.map((item) => (isObject(item) ? change(item) : item)) : list;
}

/** A part of an object that is itself one; empty where it is not. */
export function objectAt(raw: Fields, name: string): Fields {
  const value = raw[name];
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
