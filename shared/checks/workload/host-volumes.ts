import { normalizeHostPath } from '../../domain/host-path.ts';
import type { PodSpec } from '../../domain/pod-spec.ts';
import { runsOnWindows } from './judge-pods.ts';

/** A volume that is a place on the node. */
interface HostVolume {
  /** Evidence path of the place. */
  readonly path: string;
  /** As written. */
  readonly declared: string;
  /** One spelling for each place; as written where it is no absolute path. */
  readonly hostPath: string;
  readonly access: 'write' | 'read' | 'none';
}

/**
 * The `hostPath` volumes of a pod and how its containers may use them.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
 */
export function hostVolumesOf(spec: PodSpec): readonly HostVolume[] {
  return spec.volumes
    .filter(({ sources }) => sources.includes('hostPath'))
    .map((volume) => {
      const declared = volume.hostPath?.path ?? '';
      const mounts = spec.containers.flatMap(({ volumeMounts }) =>
        volumeMounts.filter(({ name }) => name === volume.name),
      );
      const written = mounts.some(({ readOnly }) => !readOnly);
      return {
        path: `${volume.path}.hostPath.path`,
        declared,
        hostPath: normalizeHostPath(declared, runsOnWindows(spec)) ?? declared,
        access: written ? 'write' : mounts.length > 0 ? 'read' : 'none',
      };
    });
}
