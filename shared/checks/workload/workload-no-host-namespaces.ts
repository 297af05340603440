import { defineCheck } from '../../domain/check.ts';
import { fieldPath } from '../../domain/pod-spec.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgePods } from './judge-pods.ts';

const FIELDS = ['hostNetwork', 'hostPID', 'hostIPC'] as const;

/** On the network of its node, a pod also reaches the node's metadata service past any hop limit. */
export const workloadNoHostNamespaces = defineCheck({
  id: 'workload-no-host-namespaces',
  title: 'Kubernetes workloads should not share the namespaces of their node',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'HIGH',
  rationale:
    "With the node's network a pod reaches its metadata service, and so the node's role, and no network policy binds it; with its process namespace it reads the memory and environment of every pod there.",
  remediation: {
    text: 'Remove hostNetwork, hostPID and hostIPC from the pod. Publish ports through a Service, and use an identity of the pod instead of the role of the node.',
    url: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.2.2', '4.2.3', '4.2.4'], 'nist-800-190': ['4.4.3'] },
  evaluate: (workload) =>
    judgePods(workload, ({ spec }) => {
      const shared = FIELDS.filter((field) => spec[field] === true);
      if (shared.length === 0) return passed();
      return failed(
        'a namespace of the node is shared',
        shared.map((field) => ({ path: fieldPath(spec, field), observed: true, expected: false })),
      );
    }),
});
