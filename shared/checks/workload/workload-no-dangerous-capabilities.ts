import { dangerousCapabilities } from '../../domain/capabilities.ts';
import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgeContainers, unlessOnLinux } from './judge-pods.ts';

/** What is added counts whatever is dropped beside it, because dropping comes first. */
export const workloadNoDangerousCapabilities = defineCheck({
  id: 'workload-no-dangerous-capabilities',
  title: 'Kubernetes workloads should not add dangerous Linux capabilities to containers',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'HIGH',
  rationale:
    'Capabilities such as SYS_ADMIN, SYS_MODULE, SYS_PTRACE or NET_ADMIN reach beyond the container: its kernel, its network, other processes. With one of them an escape needs no further flaw.',
  limits: 'A privileged container holds all capabilities; workload-not-privileged reports it.',
  remediation: {
    text: 'Remove the capability from capabilities.add, or move what needs it to a workload of its own on separate nodes.',
    url: 'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container',
  },
  frameworks: { 'nist-800-190': ['4.4.3'] },
  evaluate: (workload) =>
    judgeContainers(workload, ({ path, securityContext }, { spec }) => {
      const elsewhere = unlessOnLinux(spec, 'Linux capabilities');
      if (elsewhere) return elsewhere;
      const { add = [], drop = [] } = securityContext?.capabilities ?? {};
      const added = dangerousCapabilities({ add, drop });
      if (added.length === 0) return passed();
      return failed('a dangerous capability is added', [
        {
          path: `${path}.securityContext.capabilities.add`,
          observed: added,
          expected: 'no dangerous capabilities',
        },
      ]);
    }),
});
