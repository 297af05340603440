import { defineCheck } from '../../domain/check.ts';
import { exposesRuntimeSocket } from '../../domain/host-path.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { hostVolumesOf } from './host-volumes.ts';
import { judgePods } from './judge-pods.ts';

/** A read-only mount of a socket is no protection: it still takes orders. */
export const workloadNoContainerSocket = defineCheck({
  id: 'workload-no-container-socket',
  title: 'Kubernetes workloads should not mount the socket of the container runtime',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'CRITICAL',
  rationale:
    'Who can talk to containerd.sock, docker.sock or crio.sock starts privileged containers past every admission control, and so is root on the node with the credentials of every pod there.',
  limits:
    'Mounts of /, /run and /var/run count, because the socket is in them. A proxy in front of the socket under another name is not seen.',
  remediation: {
    text: 'Remove the hostPath volume with the socket; read metrics from the kubelet, build images with a builder that needs no daemon, and watch the runtime with an agent that AWS manages.',
    url: 'https://kubernetes.io/docs/concepts/storage/volumes/#hostpath',
  },
  frameworks: { 'nist-800-190': ['4.5.5'] },
  evaluate: (workload) =>
    judgePods(workload, ({ spec }) => {
      const sockets = hostVolumesOf(spec).filter(
        ({ hostPath, access }) => access !== 'none' && exposesRuntimeSocket(hostPath),
      );
      if (sockets.length === 0) return passed();
      return failed(
        'the socket of the container runtime is mounted',
        sockets.map(({ path, declared }) => ({ path, observed: declared, expected: 'no container runtime socket' })),
      );
    }),
});
