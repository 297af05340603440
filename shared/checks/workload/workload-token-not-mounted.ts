import { defineCheck } from '../../domain/check.ts';
import { fieldPath, type PodSpec } from '../../domain/pod-spec.ts';
import { failed, notApplicable, passed, type Verdict, whenKnown } from '../../domain/verdict.ts';
import { judgePods, type Workload } from './judge-pods.ts';
import { STATIC_POD, withoutRights } from './service-account.ts';

/** The pod's word overrides the account's; without either the token is mounted. */
export const workloadTokenNotMounted = defineCheck({
  id: 'workload-token-not-mounted',
  title: 'Kubernetes workloads should not mount service account tokens unless they need them',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'MEDIUM',
  rationale:
    'The token lets who breaks into a container talk to the API server as the workload: to read what it may read, and to find the next step.',
  limits:
    'Whether a workload needs the token is not seen: waive the finding for those that talk to the API server. Severity is LOW where RBAC is known to give the account nothing. Tokens that a projected volume names are not counted; IAM roles for service accounts need no mounted token of this kind.',
  remediation: {
    text: 'Set automountServiceAccountToken to false in the pod, or in the service account for all pods that use it.',
    url: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.1.6'] },
  evaluate: (workload) => {
    if (workload.isStatic) return notApplicable(STATIC_POD);
    return judgePods(workload, ({ spec }) => judgeToken(spec, workload));
  },
});

function judgeToken(spec: PodSpec, workload: Workload): Verdict {
  const mounted = (observed: boolean | null) =>
    failed(
      'the token of the service account is mounted',
      [{ path: fieldPath(spec, 'automountServiceAccountToken'), observed, expected: false }],
      withoutRights(workload),
    );
  if (spec.automountServiceAccountToken === false) return passed();
  if (spec.automountServiceAccountToken === true) return mounted(true);
  return whenKnown(workload.serviceAccount, (account) =>
    account?.automountServiceAccountToken === false ? passed('the service account says so') : mounted(null),
  );
}
