import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed } from '../../domain/verdict.ts';
import { judgeContainers } from './judge-pods.ts';

/** On the network of the node the API server fills in each port as one of the node: that is one problem, not two. */
export const workloadNoHostPorts = defineCheck({
  id: 'workload-no-host-ports',
  title: 'Kubernetes workloads should not take ports of their node',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'MEDIUM',
  rationale:
    'A port of the node answers on every address of the node, past Services and, with many network plugins, past network policies; and only one such pod fits on a node.',
  remediation: {
    text: 'Remove hostPort from the container and publish the port through a Service, an Ingress or a Gateway.',
    url: 'https://kubernetes.io/docs/concepts/configuration/overview/#services',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.4.2'] },
  evaluate: (workload) =>
    judgeContainers(workload, ({ path, ports }, { spec }) => {
      if (spec.hostNetwork === true) return notApplicable('the pod is on the network of its node');
      const taken = ports.flatMap(({ hostPort = 0 }, index) =>
        hostPort === 0 ? [] : [{ path: `${path}.ports[${index}].hostPort`, observed: hostPort, expected: 0 }],
      );
      return taken.length === 0 ? passed() : failed('a port of the node is taken', taken);
    }),
});
