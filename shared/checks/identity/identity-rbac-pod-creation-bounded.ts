import { defineCheck } from '../../domain/check.ts';
import { notApplicable } from '../../domain/verdict.ts';
import { isClusterAdmin } from './cluster-admin.ts';
import { allows, judgeBinding, type Rule, type RuleOffence } from './judge-binding.ts';

export const identityRbacPodCreationBounded = defineCheck({
  id: 'identity-rbac-pod-creation-bounded',
  title: 'Kubernetes role bindings should give the creation of pods to few',
  resourceType: 'KubernetesRoleBinding',
  baseSeverity: 'MEDIUM',
  rationale:
    'Whoever may create pods, or what makes pods, can run one as any service account of the namespace and mount every secret and, where admission allows it, the node.',
  limits: 'What admission refuses is not taken into account. Controllers of Kubernetes itself are not judged.',
  remediation: {
    text: 'Give the creation of pods and workloads to the pipeline that deploys and to nobody else; people need it in their own namespaces at most.',
    url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.1.4'] },
  evaluate: (binding) =>
    isClusterAdmin(binding)
      ? notApplicable('identity-rbac-no-cluster-admin judges it')
      : judgeBinding(binding, offencesOf, 'no creation of pods'),
});

/** Pods, and what makes them. */
const MAKERS = [
  ['', 'pods'],
  ['', 'replicationcontrollers'],
  ['apps', 'deployments'],
  ['apps', 'daemonsets'],
  ['apps', 'statefulsets'],
  ['apps', 'replicasets'],
  ['batch', 'jobs'],
  ['batch', 'cronjobs'],
] as const;

function offencesOf(rule: Rule): readonly RuleOffence[] {
  const made = MAKERS.filter(([group, resource]) => allows(rule, group, resource, 'create')).map(
    ([, resource]) => resource,
  );
  return made.length === 0 ? [] : [{ reason: 'pods can be created', allows: `create ${made.join(', ')}` }];
}
