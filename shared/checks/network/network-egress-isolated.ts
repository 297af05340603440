import { defineCheck } from '../../domain/check.ts';
import { judgeIsolation } from './judge-isolation.ts';

/** Kubernetes lets every pod call everywhere until a policy with egress selects it. */
export const networkEgressIsolated = defineCheck({
  id: 'network-egress-isolated',
  title: 'Kubernetes pods should be isolated for egress by a network policy',
  resourceType: 'KubernetesNamespace',
  baseSeverity: 'MEDIUM',
  rationale:
    'A pod that may call everywhere can carry data out, fetch tools from the internet and reach the metadata service of its node once somebody has broken into it.',
  limits:
    'Pods on the host network are bound by no policy and not judged here; on Fargate the security groups of the pods decide. Policies of Calico and Cilium are seen, not judged.',
  remediation: {
    text: 'Add a NetworkPolicy with an empty podSelector and policyTypes Egress to the namespace, and one for each workload that names whom it may call, DNS included.',
    url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-egress-traffic',
  },
  frameworks: { 'nist-800-190': ['4.4.2'] },
  relatedControls: { 'cis-eks-1.8.0': ['4.3.2'] },
  evaluate: (namespace) => judgeIsolation(namespace, 'egress'),
});
