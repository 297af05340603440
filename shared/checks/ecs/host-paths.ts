import { normalizeHostPath } from '../../domain/host-path.ts';
import type { TaskDefinitionRevision } from './judge-revisions.ts';

/** A path of the instance that at least one container mounts. */
export interface HostMount {
  /** Evidence path of the volume. */
  readonly path: string;
  /** As registered. */
  readonly declared: string;
  /** One spelling for each place: absolute, no `.`, `..`, doubled or trailing slashes, no drive letter. */
  readonly hostPath: string;
  /** True when no container may write through it. */
  readonly readOnly: boolean;
}

/**
 * The host paths that containers mount. A volume that no container mounts opens nothing; one without a source path
 * gets an empty directory from the runtime.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
 */
export function hostMountsOf(definition: TaskDefinitionRevision, windows: boolean): readonly HostMount[] {
  return definition.volumes.flatMap((volume) => {
    const declared = volume.hostSourcePath ?? '';
    const mounts = definition.containers.flatMap((container) =>
      container.mountPoints.filter((mount) => mount.sourceVolume === volume.name),
    );
    const hostPath = normalizeHostPath(declared, windows);
    if (hostPath === undefined || mounts.length === 0) return [];
    const readOnly = mounts.every((mount) => mount.readOnly === true);
    return [{ path: `volumes[${volume.name}].host.sourcePath`, declared, hostPath, readOnly }];
  });
}
