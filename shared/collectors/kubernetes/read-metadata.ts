import { z } from 'zod';
import type { PodMetadata } from '../../domain/pod-spec.ts';
import { present } from '../ecs/present.ts';
import { withholdSecretValues } from '../secrets/tag-values.ts';
import { type Classify, flag, listOf, readFields, text, textMap } from './raw-fields.ts';

/** Who made an object: the one with `controller: true` keeps it as it is. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
}

/** The part of an object's metadata that readers and collectors look at. */
export interface ObjectMetadata {
  /** Empty where the object has none. */
  readonly name: string;
  readonly generateName?: string;
  /** Absent where the object names none (in a document) or has none (of the whole cluster). */
  readonly namespace?: string;
  readonly uid?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly owners: readonly OwnerReference[];
  readonly terminating: boolean;
}

export const METADATA = z
  .object({
    name: text,
    generateName: text,
    namespace: text,
    uid: text,
    labels: textMap,
    annotations: textMap,
    ownerReferences: listOf(z.object({ apiVersion: text, kind: text, name: text, uid: text, controller: flag })),
    deletionTimestamp: text,
  })
  .nullish();

/**
 * The annotations that were rules of the kubelet: AppArmor and seccomp profiles of versions that had no fields for them.
 *
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/
 */
const POD_ANNOTATION =
  /^(?:container\.apparmor\.security\.beta\.kubernetes\.io\/.|container\.seccomp\.security\.alpha\.kubernetes\.io\/.|seccomp\.security\.alpha\.kubernetes\.io\/pod$)/;

const OBJECT = z.object({ metadata: METADATA });

/**
 * The metadata of any object. Annotations are whole here: whoever keeps some of them picks these by name.
 *
 * @throws WrongTypeError as {@link readFields}
 */
export function readMetadata(raw: unknown): ObjectMetadata {
  return metadataFrom(readFields(OBJECT, raw).metadata);
}

export function metadataFrom(metadata: z.output<typeof METADATA>): ObjectMetadata {
  return {
    name: metadata?.name ?? '',
    ...present('generateName', metadata?.generateName),
    // The API server takes an empty namespace for none.
    ...present('namespace', metadata?.namespace || undefined),
    ...present('uid', metadata?.uid),
    labels: metadata?.labels ?? {},
    annotations: metadata?.annotations ?? {},
    owners: (metadata?.ownerReferences ?? []).map((owner) => ({
      apiVersion: owner.apiVersion ?? '',
      kind: owner.kind ?? '',
      name: owner.name ?? '',
      uid: owner.uid ?? '',
      controller: owner.controller ?? false,
    })),
    terminating: metadata?.deletionTimestamp !== undefined,
  };
}

/**
 * What checks see of a pod's metadata: its labels, without values that look like secrets, and the annotations that are
 * rules of the kubelet.
 *
 * @throws only what `classify` throws
 */
export async function podMetadataFrom(
  { labels, annotations }: Pick<ObjectMetadata, 'labels' | 'annotations'>,
  classify: Classify,
): Promise<PodMetadata> {
  return {
    labels: await withholdSecretValues(sorted(labels), classify),
    annotations: pick(annotations, (name) => POD_ANNOTATION.test(name)),
  };
}

/** The annotations whose names pass, in order of names. */
export function pick(
  annotations: Readonly<Record<string, string>>,
  keep: (name: string) => boolean,
): Readonly<Record<string, string>> {
  return sorted(Object.fromEntries(Object.entries(annotations).filter(([name]) => keep(name))));
}

export function sorted(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(map).sort(([left], [right]) => (left < right ? -1 : 1)));
}
