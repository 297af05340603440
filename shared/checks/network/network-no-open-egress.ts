import { defineCheck } from '../../domain/check.ts';
import { isDnsOnly, judgeOpenness } from './judge-openness.ts';
import { admitsMetadataService } from './metadata-service.ts';

/** Egress to everybody is no isolation. */
export const networkNoOpenEgress = defineCheck({
  id: 'network-no-open-egress',
  title: 'Kubernetes network policies should name whom a pod may call',
  resourceType: 'KubernetesNamespace',
  baseSeverity: 'LOW',
  rationale:
    'A policy that allows egress to everywhere lets whoever breaks into the pod carry data out and fetch tools, although the pod counts as isolated.',
  limits:
    'Pods that no policy isolates are the finding of network-egress-isolated. DNS to every namespace is not open. Hosts by name cannot be told apart by address.',
  remediation: {
    text: 'Give every egress rule a "to" that names pods, namespaces or address blocks; send what must reach the internet through a proxy or a gateway.',
    url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors',
  },
  frameworks: { 'nist-800-190': ['4.4.2'] },
  evaluate: (namespace) =>
    judgeOpenness(namespace, 'egress', (openness, rule, { imdsReachable }) => {
      if (openness === 'every pod') {
        if (isDnsOnly(rule)) return undefined;
        return {
          reason: 'a policy lets pods call every pod of the cluster',
          lowered: { severity: 'INFORMATIONAL', because: 'only pods of the cluster can be called' },
        };
      }
      const reason = 'a policy lets pods call everybody';
      if (isDnsOnly(rule)) return { reason, lowered: { severity: 'INFORMATIONAL', because: 'only DNS is let out' } };
      // One cause, one finding: the graver consequence of the same rule is told of there.
      if (imdsReachable.known && imdsReachable.value && admitsMetadataService(rule)) {
        return {
          reason,
          lowered: { severity: 'INFORMATIONAL', because: 'network-egress-imds-blocked reports the same rule' },
        };
      }
      return { reason };
    }),
});
