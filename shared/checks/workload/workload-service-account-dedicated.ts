import { defineCheck } from '../../domain/check.ts';
import { fieldPath } from '../../domain/pod-spec.ts';
import { failed, notApplicable, passed } from '../../domain/verdict.ts';
import { judgePods } from './judge-pods.ts';
import { STATIC_POD, withoutRights } from './service-account.ts';

/** Whoever grants something to `default` grants it to every pod that names no account. */
export const workloadServiceAccountDedicated = defineCheck({
  id: 'workload-service-account-dedicated',
  title: 'Kubernetes workloads should use a service account of their own instead of the default one',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'MEDIUM',
  rationale:
    'All pods that name no service account share one. What it is granted for one of them, RBAC or an IAM role, all of them have, and so has who breaks into any of them.',
  limits:
    'Severity is LOW where RBAC is known to give the account nothing. Two workloads that share another account pass.',
  remediation: {
    text: 'Create a service account for the workload, grant it what this workload needs, and name it in serviceAccountName.',
    url: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.1.5'] },
  evaluate: (workload) => {
    if (workload.isStatic) return notApplicable(STATIC_POD);
    return judgePods(workload, ({ spec }) => {
      const name = spec.serviceAccountName ?? '';
      if (name !== '' && name !== 'default') return passed();
      const evidence = [
        {
          path: fieldPath(spec, 'serviceAccountName'),
          observed: name === '' ? null : name,
          expected: 'an own account',
        },
      ];
      return failed('the default service account is used', evidence, withoutRights(workload));
    });
  },
});
