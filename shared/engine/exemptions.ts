import type { Check } from '../domain/check.ts';
import type { Resource, ResourceByType } from '../domain/resource.ts';
import { VENDOR_WORKLOADS, VENDOR_WORKLOADS_VERSION, vendorWorkloadOf } from '../domain/vendor-workloads.ts';
import { passed, type Verdict } from '../domain/verdict.ts';

/**
 * Lets a check pass what a vendor manages although it breaks the rule (PE-14). The verdict says so: the exemption is
 * its first evidence, and what would have failed follows. What nothing can decide is exempt too, because it would pass
 * either way; what could not be read stays UNKNOWN. A check from which nothing is exempt is returned as it is.
 */
export function withExemptions(check: Check): Check {
  if (!VENDOR_WORKLOADS.some(({ checks }) => checks.includes(check.id))) return check;
  return {
    ...check,
    exemptions: VENDOR_WORKLOADS_VERSION,
    evaluate: (resource, context) => {
      // The registry holds checks of all resource types; the caller pairs each with resources of its own type.
      const verdict = check.evaluate(resource as never, context);
      const open = verdict.status === 'UNKNOWN' && verdict.reason.kind === 'undecidable';
      return open || verdict.status === 'FAILED' ? exempted(verdict, resource, check.id) : verdict;
    },
  };
}

function exempted(verdict: Verdict, resource: Resource, checkId: string): Verdict {
  const workload = vendorWorkloadOf(resource, checkId);
  if (workload === undefined) return verdict;
  const { namespace, kind, name } = resource as ResourceByType['KubernetesWorkload'];
  return passed('vendor-managed', [
    {
      path: 'metadata.name',
      observed: `${namespace}/${kind}/${name}`,
      expected: `exempt: ${workload.because} (list of ${VENDOR_WORKLOADS_VERSION}, ${workload.source})`,
    },
    ...verdict.evidence,
  ]);
}
