import { defineCheck } from '../../domain/check.ts';
import { isHarmlessReadOnly, isKernelView, isRuntimeSocket } from '../../domain/host-path.ts';
import { failed, type LoweredSeverity, passed, worstOf } from '../../domain/verdict.ts';
import { hostVolumesOf } from './host-volumes.ts';
import { judgePods } from './judge-pods.ts';

type HostVolume = ReturnType<typeof hostVolumesOf>[number];

/** The standards forbid every path of the node; how much one opens depends on what may be written there. */
export const workloadNoHostPaths = defineCheck({
  id: 'workload-no-host-paths',
  title: 'Kubernetes workloads should not mount directories of their node',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'HIGH',
  rationale:
    "A container that writes to its node's files can leave its confinement: through /etc, through the kubelet's directories, even through the links in /var/log. One that reads them finds keys and the tokens of other pods.",
  limits:
    'A mount of a container runtime socket alone is reported by workload-no-container-socket. Directories of the node that a PersistentVolume of type local or hostPath gives are not seen.',
  remediation: {
    text: 'Replace the hostPath volume by an emptyDir with a size limit, a PersistentVolumeClaim, a configMap or a projected volume; where an agent must see the node, mount the one file it needs read-only.',
    url: 'https://kubernetes.io/docs/concepts/storage/volumes/#hostpath',
  },
  frameworks: { 'nist-800-190': ['4.5.5'] },
  evaluate: (workload) =>
    judgePods(workload, ({ spec }) =>
      worstOf(
        hostVolumesOf(spec)
          .filter(({ hostPath }) => !isRuntimeSocket(hostPath))
          .map((volume) =>
            failed(
              'a directory of the node is mounted',
              [{ path: volume.path, observed: describe(volume), expected: 'no hostPath volume' }],
              lowering(volume),
            ),
          ),
        passed(),
      ),
    ),
});

function describe({ declared, access }: HostVolume): string {
  if (access === 'write') return declared;
  return access === 'read' ? `${declared} (read-only)` : `${declared} (not mounted)`;
}

function lowering({ hostPath, access }: HostVolume): LoweredSeverity | undefined {
  if (access === 'write') return undefined;
  if (access === 'none') return { severity: 'LOW', because: 'no container mounts it' };
  if (isHarmlessReadOnly(hostPath)) return { severity: 'LOW', because: 'read-only, and holds nothing secret' };
  if (isKernelView(hostPath)) return { severity: 'LOW', because: 'only /proc or /sys, and read-only' };
  return { severity: 'MEDIUM', because: 'mounted read-only' };
}
