import { z } from 'zod';
import type { PodMetadata, PodSpec } from '../../domain/pod-spec.ts';
import { present } from '../ecs/present.ts';
import { type Classify, integer, optional, readFields, text } from './raw-fields.ts';
import { METADATA, metadataFrom, type ObjectMetadata, podMetadataFrom } from './read-metadata.ts';
import { readPodMetadata, readPodSpec } from './read-pod-spec.ts';

/** A pod, or something that makes pods, as its object says. */
export interface WorkloadObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  /** Of the pod itself, or of the pods it makes. */
  readonly pod: { readonly metadata: PodMetadata; readonly spec: PodSpec };
  /** As written; absent for kinds that have none. */
  readonly replicas?: number;
}

/** Where the pod stands in each kind; the API groups are those in which the kind is, or was, a built-in one. */
const KINDS: Readonly<Record<string, { readonly groups: readonly string[]; readonly template: readonly string[] }>> = {
  Pod: { groups: [''], template: [] },
  PodTemplate: { groups: [''], template: ['template'] },
  ReplicationController: { groups: [''], template: ['spec', 'template'] },
  Deployment: { groups: ['apps', 'extensions'], template: ['spec', 'template'] },
  ReplicaSet: { groups: ['apps', 'extensions'], template: ['spec', 'template'] },
  StatefulSet: { groups: ['apps'], template: ['spec', 'template'] },
  DaemonSet: { groups: ['apps', 'extensions'], template: ['spec', 'template'] },
  Job: { groups: ['batch'], template: ['spec', 'template'] },
  CronJob: { groups: ['batch'], template: ['spec', 'jobTemplate', 'spec', 'template'] },
};

/** The group of an API version: `apps` of `apps/v1`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** Whether an object of this kind is read by {@link readWorkload}. */
export function isWorkloadKind(apiVersion: string, kind: string): boolean {
  return Object.hasOwn(KINDS, kind) && KINDS[kind]?.groups.includes(groupOf(apiVersion)) === true;
}

const WORKLOAD = z.object({
  apiVersion: text,
  kind: text,
  metadata: METADATA,
  spec: optional(z.object({ replicas: integer })),
});

/**
 * A Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod, ReplicationController or PodTemplate.
 *
 * @param raw of one of the kinds that {@link isWorkloadKind} accepts; items of lists, which have no kind of their own,
 *   take it from `kindOfList`
 * @throws WrongTypeError where the API server would not decode it, and what `classify` throws
 */
export async function readWorkload(
  raw: unknown,
  classify: Classify,
  kindOfList: { readonly apiVersion: string; readonly kind: string } | undefined = undefined,
): Promise<WorkloadObject> {
  const fields = readFields(WORKLOAD, raw);
  const apiVersion = fields.apiVersion ?? kindOfList?.apiVersion ?? '';
  const kind = fields.kind ?? kindOfList?.kind ?? '';
  const metadata = metadataFrom(fields.metadata);
  const { template = [] } = KINDS[kind] ?? {};
  const holder = holderOf(raw, template);
  const path = template.join('.');
  return {
    apiVersion,
    kind,
    metadata,
    pod: {
      metadata:
        template.length === 0
          ? await podMetadataFrom(metadata, classify)
          : await readPodMetadata(holder, path, classify),
      spec: await readPodSpec(fieldOf(holder, 'spec'), [...template, 'spec'].join('.'), classify),
    },
    ...present('replicas', fields.spec?.replicas),
  };
}

const MAPPING = z.looseObject({});

/** @throws WrongTypeError where something on the way is no mapping */
function holderOf(raw: unknown, keys: readonly string[]): unknown {
  let holder = raw;
  for (const [index, key] of keys.entries()) {
    holder = readFields(MAPPING, fieldOf(holder, key), keys.slice(0, index + 1).join('.'));
  }
  return holder;
}

function fieldOf(holder: unknown, key: string): unknown {
  return holder !== null && typeof holder === 'object' ? (holder as Record<string, unknown>)[key] : undefined;
}
