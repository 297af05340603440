import type { ResourceByType } from '../../domain/resource.ts';
import { type Evidence, failed, passed, unknownBecause, type Verdict, whenKnown } from '../../domain/verdict.ts';

type Cluster = ResourceByType['KubernetesCluster'];
type AdmissionPolicy = Extract<Cluster['admissionPolicies'], { known: true }>['value'][number];
type Flag = AdmissionPolicy['enforces'];

/**
 * PASSED when a policy is sure to have all properties, FAILED when every policy is sure to lack one, else UNKNOWN.
 *
 * @param reason of the failure
 */
export function judgePolicies(
  { admissionPolicies }: Cluster,
  properties: (policy: AdmissionPolicy) => readonly Flag[],
  { reason, expected }: { readonly reason: string; readonly expected: string },
): Verdict {
  return whenKnown(admissionPolicies, (policies) => {
    const judged = policies.map((policy) => ({ policy, flags: properties(policy) }));
    const having = judged.filter(({ flags }) => flags.every((flag) => flag.known && flag.value));
    if (having.length > 0)
      return passed(
        undefined,
        evidenceOf(
          having.map(({ policy }) => policy),
          expected,
        ),
      );
    const doubt = judged
      .filter(({ flags }) => flags.every((flag) => !flag.known || flag.value))
      .flatMap(({ flags }) => flags)
      .find((flag) => !flag.known);
    if (doubt !== undefined && !doubt.known) return unknownBecause(doubt.reason, evidenceOf(policies, expected));
    const evidence = evidenceOf(policies, expected);
    return failed(reason, evidence.length > 0 ? evidence : [{ path: 'admissionPolicies', observed: [], expected }]);
  });
}

function evidenceOf(policies: readonly AdmissionPolicy[], expected: string): readonly Evidence[] {
  return policies.map(({ kind, name, source }) => ({
    path: `admissionPolicies[${kind}/${name}]`,
    observed: source,
    expected,
  }));
}
