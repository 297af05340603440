import { defineCheck } from '../../domain/check.ts';
import { judgeOpenness } from './judge-openness.ts';

/** One rule for everybody undoes all other policies of the same pods. */
export const networkNoOpenIngress = defineCheck({
  id: 'network-no-open-ingress',
  title: 'Kubernetes network policies should name who may reach a pod',
  resourceType: 'KubernetesNamespace',
  baseSeverity: 'MEDIUM',
  rationale:
    'Policies add up: one rule that lets everybody in opens the pods it selects, whatever the other policies say, and the namespace still looks protected.',
  limits:
    'Pods that no policy isolates are the finding of network-ingress-isolated. A rule for every pod of the cluster is told of at a lower severity.',
  remediation: {
    text: 'Give every ingress rule a "from" that names pods, namespaces or address blocks, for example those of the load balancer.',
    url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors',
  },
  frameworks: { 'nist-800-190': ['4.3.3'] },
  evaluate: (namespace) =>
    judgeOpenness(namespace, 'ingress', (openness) =>
      openness === 'everybody'
        ? { reason: 'a policy lets everybody in' }
        : {
            reason: 'a policy lets every pod of the cluster in',
            lowered: { severity: 'LOW', because: 'only pods of the cluster are let in' },
          },
    ),
});
