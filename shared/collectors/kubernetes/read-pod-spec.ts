import { z } from 'zod';
import type { PodContainer, PodMetadata, PodSpec } from '../../domain/pod-spec.ts';
import { present } from '../ecs/present.ts';
import { withoutUndefined } from '../eks/without-undefined.ts';
import { type Classify, flag, listOf, optional, readFields, text, textMap } from './raw-fields.ts';
import { budgetFrom, CONTAINER, containerFrom, RESOURCES } from './read-container.ts';
import { METADATA, metadataFrom, podMetadataFrom, sorted } from './read-metadata.ts';
import { POD_SECURITY_CONTEXT, podSecurityContextFrom } from './read-security-context.ts';
import { VOLUME, volumeFrom } from './read-volume.ts';

const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers'] as const;

const POD_SPEC = z.object({
  os: optional(z.object({ name: text })),
  serviceAccountName: text,
  serviceAccount: text,
  automountServiceAccountToken: flag,
  hostNetwork: flag,
  hostPID: flag,
  hostIPC: flag,
  hostUsers: flag,
  nodeSelector: textMap,
  runtimeClassName: text,
  securityContext: POD_SECURITY_CONTEXT,
  containers: listOf(CONTAINER),
  initContainers: listOf(CONTAINER),
  ephemeralContainers: listOf(CONTAINER),
  volumes: listOf(VOLUME),
  resources: RESOURCES,
  imagePullSecrets: listOf(z.object({ name: text })),
});

const POD_METADATA = z.object({ metadata: METADATA });

/**
 * A PodSpec as checks see it, from a live object or a document. Nothing is filled in but what the API itself takes for
 * the same; texts that may hold secrets are classified and go no further.
 *
 * @param raw the object that the API calls PodSpec; absent or null is an empty one
 * @param path where it stands in its object, for field paths: `spec.template.spec`
 * @throws WrongTypeError where the API server would not decode it, and what `classify` throws
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
export async function readPodSpec(raw: unknown, path: string, classify: Classify): Promise<PodSpec> {
  const spec = readFields(POD_SPEC, raw, path);
  const { automountServiceAccountToken, hostNetwork, hostPID, hostIPC, hostUsers, runtimeClassName } = spec;
  const containers: PodContainer[] = [];
  for (const list of CONTAINER_LISTS) {
    for (const [index, container] of spec[list].entries()) {
      containers.push(await containerFrom(container, list, `${path}.${list}[${index}]`, classify));
    }
  }
  return {
    path,
    ...withoutUndefined({
      os: spec.os?.name,
      // The old name of the field, which the API server still reads.
      serviceAccountName: spec.serviceAccountName || spec.serviceAccount || undefined,
      automountServiceAccountToken,
      hostNetwork,
      hostPID,
      hostIPC,
      hostUsers,
      runtimeClassName,
    }),
    nodeSelector: sorted(spec.nodeSelector),
    ...present('securityContext', podSecurityContextFrom(spec.securityContext)),
    containers,
    volumes: spec.volumes.map((volume, index) => volumeFrom(volume, `${path}.volumes[${index}]`)),
    ...present('resources', spec.resources && budgetFrom(spec.resources)),
    imagePullSecrets: spec.imagePullSecrets.flatMap(({ name }) => name || []),
  };
}

/**
 * The metadata of a pod or a pod template as checks see it.
 *
 * @param raw the object that holds `metadata` (a Pod, or the `template` of a controller)
 * @param path where it stands, for the paths of problems
 * @throws WrongTypeError where the API server would not decode it, and what `classify` throws
 */
export async function readPodMetadata(raw: unknown, path: string, classify: Classify): Promise<PodMetadata> {
  return podMetadataFrom(metadataFrom(readFields(POD_METADATA, raw, path).metadata), classify);
}
