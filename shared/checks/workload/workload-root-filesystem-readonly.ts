import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgeContainers, unlessOnLinux } from './judge-pods.ts';

/** No Pod Security Standard asks for it, so that nothing refuses a pod without it. */
export const workloadRootFilesystemReadonly = defineCheck({
  id: 'workload-root-filesystem-readonly',
  title: 'Kubernetes workloads should give containers read-only access to their root file systems',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'MEDIUM',
  rationale:
    'An attacker who can write to the root file system can replace binaries, drop tools and persist until the pod is replaced.',
  remediation: {
    text: 'Set readOnlyRootFilesystem to true in the security context of every container, and mount emptyDir volumes with a size limit for the paths that must be writable.',
    url: 'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
  },
  frameworks: { 'nist-800-190': ['4.4.4'] },
  evaluate: (workload) =>
    judgeContainers(workload, ({ path, securityContext }, { spec }) => {
      const elsewhere = unlessOnLinux(spec, 'a read-only root file system');
      if (elsewhere) return elsewhere;
      const observed = securityContext?.readOnlyRootFilesystem ?? null;
      if (observed === true) return passed();
      return failed('the root file system is writable', [
        { path: `${path}.securityContext.readOnlyRootFilesystem`, observed, expected: true },
      ]);
    }),
});
