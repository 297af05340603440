import { defineCheck } from '../../domain/check.ts';
import { passed, worstOf } from '../../domain/verdict.ts';
import { BUDGETED, judgeBudget } from './budgets.ts';
import { judgeContainers } from './judge-pods.ts';

const REASON = 'CPU or memory is not requested';

/** The scheduler counts requests and nothing else. */
export const workloadResourcesRequested = defineCheck({
  id: 'workload-resources-requested',
  title: 'Kubernetes workloads should request CPU and memory',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'LOW',
  rationale:
    'The scheduler puts pods without requests on any node however full it is, and they are the first to be killed or starved when it runs short.',
  remediation: {
    text: 'Set resources.requests.cpu and resources.requests.memory for every container, or for the pod as a whole.',
    url: 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
  },
  frameworks: {},
  evaluate: (workload) =>
    judgeContainers(
      workload,
      (container, { spec }) =>
        worstOf(
          (['cpu', 'memory'] as const).map((resource) => judgeBudget(container, spec, 'requests', resource, REASON)),
          passed(),
        ),
      BUDGETED,
    ),
});
