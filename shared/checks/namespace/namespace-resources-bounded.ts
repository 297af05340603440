import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause, whenKnown } from '../../domain/verdict.ts';
import { unlessOfApplications } from './system-namespaces.ts';

/** A LimitRange bounds each pod and not how many there are, so that it is evidence only. */
export const namespaceResourcesBounded = defineCheck({
  id: 'namespace-resources-bounded',
  title: 'Kubernetes namespaces should bound the resources that their workloads take together',
  resourceType: 'KubernetesNamespace',
  baseSeverity: 'INFORMATIONAL',
  rationale:
    'Without a quota one namespace, by a mistake or by an intruder who mines coins, takes all nodes of the cluster, or makes the autoscaler buy more.',
  limits: 'That there is a ResourceQuota is seen, and not whether its numbers fit.',
  remediation: {
    text: 'Create a ResourceQuota for requests and limits of CPU and memory and for the number of pods, and a LimitRange with defaults so that every pod counts.',
    url: 'https://kubernetes.io/docs/concepts/policy/resource-quotas/',
  },
  frameworks: {},
  evaluate: (namespace) =>
    unlessOfApplications(namespace) ??
    whenKnown(namespace.resourceQuotas, (quotas) => {
      if (quotas.length > 0) return passed();
      if (!namespace.workloads.known) return unknownBecause(namespace.workloads.reason);
      const { limitRanges } = namespace;
      return failed('no ResourceQuota bounds the namespace', [
        { path: 'resourceQuotas', observed: [], expected: 'a ResourceQuota' },
        ...(limitRanges.known
          ? [{ path: 'limitRanges', observed: [...limitRanges.value], expected: 'any: bounds each pod only' }]
          : []),
      ]);
    }),
});
