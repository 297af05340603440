import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause } from '../../domain/verdict.ts';

/** A namespace is where quotas, policies and rights end; the default one is where everything lands by mistake. */
export const workloadNotInDefaultNamespace = defineCheck({
  id: 'workload-not-in-default-namespace',
  title: 'Kubernetes workloads should not run in the default namespace',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'LOW',
  rationale:
    'What shares the default namespace shares its service account, its quotas and its network policies, and whoever may do something in it may do it to all of them.',
  remediation: {
    text: 'Create a namespace for the application, with its own quotas, policies and rights, and move the workload there.',
    url: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.5.2'] },
  evaluate: ({ namespace, namespaceStated }) => {
    const evidence = [
      { path: 'metadata.namespace', observed: namespaceStated ? namespace : null, expected: 'a namespace of its own' },
    ];
    if (!namespaceStated)
      return unknownBecause(
        { kind: 'undecidable', message: 'No namespace is named, so whoever applies the document decides.' },
        evidence,
      );
    return namespace === 'default' ? failed('the workload is in the default namespace', evidence) : passed();
  },
});
