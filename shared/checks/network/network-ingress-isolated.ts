import { defineCheck } from '../../domain/check.ts';
import { judgeIsolation } from './judge-isolation.ts';

/** Kubernetes lets every pod be reached by every other until a policy selects it. */
export const networkIngressIsolated = defineCheck({
  id: 'network-ingress-isolated',
  title: 'Kubernetes pods should be isolated for ingress by a network policy',
  resourceType: 'KubernetesNamespace',
  baseSeverity: 'MEDIUM',
  rationale:
    'A pod that no policy isolates can be reached by every pod of the cluster: whoever breaks into one of them can attack all the others.',
  limits:
    'Pods on the host network are bound by no policy and not judged here; on Fargate the security groups of the pods decide. Policies of Calico and Cilium are seen, not judged.',
  remediation: {
    text: 'Add a NetworkPolicy with an empty podSelector and policyTypes Ingress to the namespace, which denies everything, and one for each workload that names who may reach it.',
    url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-traffic',
  },
  frameworks: { 'nist-800-190': ['4.3.3'] },
  relatedControls: { 'cis-eks-1.8.0': ['4.3.2'] },
  evaluate: (namespace) => judgeIsolation(namespace, 'ingress'),
});
