import { defineCheck } from '../../domain/check.ts';
import { isEmptySelector } from '../../domain/network-isolation.ts';
import { failed, notApplicable, passed, whenKnown } from '../../domain/verdict.ts';

/** A policy that selects nothing protects nothing, and looks as if it did. */
export const networkPolicySelectsSomething = defineCheck({
  id: 'network-policy-selects-something',
  title: 'Kubernetes network policies should select pods that exist',
  resourceType: 'KubernetesNetworkPolicy',
  baseSeverity: 'INFORMATIONAL',
  rationale:
    'A policy whose selector matches no workload has no effect: often a label was changed or misspelt, and the pods it was written for are open.',
  limits:
    'Workloads that are scaled to nothing are counted by their templates; pods of jobs that come and go may be missed.',
  remediation: {
    text: 'Correct the podSelector of the policy so that it matches the labels of the pods, or delete the policy.',
    url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.3.3'] },
  evaluate: ({ policy, selects }) =>
    whenKnown(selects, (workloads) => {
      if (workloads.length > 0) return passed();
      // It waits for whatever will come.
      if (isEmptySelector(policy.podSelector)) return notApplicable('nothing runs in the namespace');
      return failed('the policy selects no workload', [
        {
          path: 'spec.podSelector',
          observed: {
            matchLabels: policy.podSelector.matchLabels,
            matchExpressions: policy.podSelector.matchExpressions.map(({ key, operator, values }) => ({
              key,
              operator,
              values,
            })),
          },
          expected: 'labels of a workload in the namespace',
        },
      ]);
    }),
});
