import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgeContainers } from './judge-pods.ts';

/** A privileged container is root on its node. */
export const workloadNotPrivileged = defineCheck({
  id: 'workload-not-privileged',
  title: 'Kubernetes workloads should not run privileged containers',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'CRITICAL',
  rationale:
    'A privileged container has all devices and all capabilities of its node. Who breaks into it owns the node, every pod on it and their credentials.',
  remediation: {
    text: 'Remove privileged from the security context of the container; add the single capability or device that it needs instead.',
    url: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.2.1'], 'nist-800-190': ['4.4.3'] },
  evaluate: (workload) =>
    judgeContainers(workload, ({ path, securityContext }) =>
      securityContext?.privileged === true
        ? failed('a container is privileged', [
            { path: `${path}.securityContext.privileged`, observed: true, expected: false },
          ])
        : passed(),
    ),
});
