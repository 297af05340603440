import { defineCheck } from '../../domain/check.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import { failed, notApplicable, passed, unknownBecause, whenKnown } from '../../domain/verdict.ts';

type Workload = ResourceByType['KubernetesWorkload'];

/** A pod that calls AWS without an identity of its own calls it as its node (T55). */
export const identityWorkloadOwnRole = defineCheck({
  id: 'identity-workload-own-role',
  title: 'Kubernetes workloads that call AWS should have a role of their own',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'MEDIUM',
  rationale:
    'A workload that calls AWS with the credentials of its node has the rights of all workloads on that node, and CloudTrail cannot tell them apart.',
  limits:
    'Whether a workload calls AWS is told by its environment, arguments and image; without such a sign it is not judged. Whether its role exists is the subject of identity-annotation-resolves.',
  remediation: {
    text: 'Give the service account of the workload a role by a Pod Identity association or by the annotation eks.amazonaws.com/role-arn, and keep pods away from the metadata service of the nodes.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/service-accounts.html',
  },
  frameworks: { 'cis-eks-1.8.0': ['5.2.1'] },
  evaluate: (workload) =>
    whenKnown(workload.serviceAccount, (account) => {
      if (account?.roleArn !== undefined) return passed();
      const associated = account?.podIdentityRoleArn;
      if (associated?.known === true && associated.value !== null) return passed();
      const signs = signsOfAws(workload);
      // An association that could not be read would have been a pass.
      if (associated?.known === false && associated.reason.kind === 'unreadable') {
        return unknownBecause(associated.reason);
      }
      if (signs.length === 0) return notApplicable('nothing shows that the workload calls AWS');
      const reachable = workload.variants.some(({ spec }) => spec.hostNetwork === true)
        ? ({ known: true, value: true } as const)
        : workload.imdsReachable;
      if (reachable.known && !reachable.value)
        return notApplicable('pods do not reach the metadata service of their node');
      // Only an association could still prove the pass.
      if (associated?.known === false) return unknownBecause(associated.reason);
      return whenKnown(reachable, () =>
        failed('the workload calls AWS with the role of its node', [
          {
            path: `${workload.variants[0]?.spec.path ?? 'spec'}.serviceAccountName`,
            observed: account?.name ?? null,
            expected: 'an account with a role',
          },
          { path: 'signs', observed: [...signs], expected: null },
        ]),
      );
    }),
});

function signsOfAws({ variants }: Workload): readonly string[] {
  return [...new Set(variants.flatMap(({ spec }) => spec.containers.flatMap(({ awsSigns }) => awsSigns)))].sort();
}
