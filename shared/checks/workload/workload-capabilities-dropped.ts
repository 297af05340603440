import { defineCheck } from '../../domain/check.ts';
import { type Evidence, failed, passed } from '../../domain/verdict.ts';
import { judgeContainers, unlessOnLinux } from './judge-pods.ts';

/** What is added back by its name is added on purpose; adding ALL undoes the dropping. */
export const workloadCapabilitiesDropped = defineCheck({
  id: 'workload-capabilities-dropped',
  title: 'Kubernetes workloads should drop all Linux capabilities of their containers',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'MEDIUM',
  rationale:
    'Container runtimes leave a dozen capabilities of root to every container, among them forging packets and taking any file. Few programs need one.',
  limits:
    'ALL must be written in capital letters, as the Pod Security Standards ask. What a container adds by name is judged by workload-no-dangerous-capabilities and workload-pss-restricted.',
  remediation: {
    text: 'Set capabilities.drop to ["ALL"] in the security context of every container, and add back by name what it cannot do without.',
    url: 'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container',
  },
  frameworks: { 'nist-800-190': ['4.4.3'] },
  evaluate: (workload) =>
    judgeContainers(workload, ({ path, securityContext }, { spec }) => {
      const elsewhere = unlessOnLinux(spec, 'Linux capabilities');
      if (elsewhere) return elsewhere;
      const { add = [], drop = [] } = securityContext?.capabilities ?? {};
      const evidence: Evidence[] = [];
      const field = `${path}.securityContext.capabilities`;
      if (!drop.includes('ALL')) evidence.push({ path: `${field}.drop`, observed: drop, expected: ['ALL'] });
      if (add.includes('ALL')) evidence.push({ path: `${field}.add`, observed: add, expected: 'single capabilities' });
      return evidence.length === 0 ? passed() : failed('capabilities are not dropped', evidence);
    }),
});
