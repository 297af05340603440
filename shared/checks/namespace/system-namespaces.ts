import type { ResourceByType } from '../../domain/resource.ts';
import { type NotApplicable, notApplicable } from '../../domain/verdict.ts';

type Namespace = ResourceByType['KubernetesNamespace'];

/** The namespaces of Kubernetes itself: what runs there needs the node, and nobody else should be there. */
const SYSTEM_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease'];

/** Why a rule for the namespaces of applications does not concern a namespace; undefined where it does. */
export function unlessOfApplications({ name, terminating, workloads }: Namespace): NotApplicable | undefined {
  if (SYSTEM_NAMESPACES.includes(name)) return notApplicable('the namespace is of Kubernetes itself');
  if (terminating) return notApplicable('the namespace is being deleted');
  if (workloads.known && workloads.value.length === 0) return notApplicable('nothing runs in the namespace');
  return undefined;
}
