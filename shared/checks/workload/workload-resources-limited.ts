import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { passed, worstOf } from '../../domain/verdict.ts';
import { BUDGETED, judgeBudget } from './budgets.ts';
import { judgeContainers } from './judge-pods.ts';

/** Memory that nothing bounds is taken from the neighbours. CPU is shared out by weight, so its limit is a choice. */
export const workloadResourcesLimited = defineCheck({
  id: 'workload-resources-limited',
  title: 'Kubernetes workloads should limit the memory of their containers',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'MEDIUM',
  rationale:
    'A container without a memory limit can take all memory of its node, and the kernel then kills whatever it likes, pods of others included.',
  limits: 'What a LimitRange fills in is seen in pods that run, and not in templates or documents.',
  remediation: {
    text: 'Set resources.limits.memory for every container, or for the pod as a whole, or give the namespace a LimitRange with defaults.',
    url: 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.4.3'] },
  parameters: z.strictObject({
    requireCpu: z.boolean().default(false).describe('Also ask for a CPU limit.'),
  }),
  evaluate: (workload, { parameters }) =>
    judgeContainers(
      workload,
      (container, { spec }) =>
        worstOf(
          [
            judgeBudget(container, spec, 'limits', 'memory', 'memory is not limited'),
            ...(parameters.requireCpu ? [judgeBudget(container, spec, 'limits', 'cpu', 'CPU is not limited')] : []),
          ],
          passed(),
        ),
      BUDGETED,
    ),
});
