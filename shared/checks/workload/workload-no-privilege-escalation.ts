import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgeContainers, unlessOnLinux } from './judge-pods.ts';

/** Not set means allowed, and only containers have the field. */
export const workloadNoPrivilegeEscalation = defineCheck({
  id: 'workload-no-privilege-escalation',
  title: 'Kubernetes workloads should not allow privilege escalation',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'MEDIUM',
  rationale:
    'Without no_new_privs a program with the setuid bit, of which most images have some, makes root of any user that gets into the container.',
  remediation: {
    text: 'Set allowPrivilegeEscalation to false in the security context of every container, init containers too.',
    url: 'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.2.5'], 'nist-800-190': ['4.4.3'] },
  evaluate: (workload) =>
    judgeContainers(workload, ({ path, securityContext }, { spec }) => {
      const elsewhere = unlessOnLinux(spec, 'allowPrivilegeEscalation');
      if (elsewhere) return elsewhere;
      const observed = securityContext?.allowPrivilegeEscalation ?? null;
      if (observed === false) return passed();
      return failed('privilege escalation is allowed', [
        { path: `${path}.securityContext.allowPrivilegeEscalation`, observed, expected: false },
      ]);
    }),
});
