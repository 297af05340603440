import { READING_GROUP, readingRules } from '#shared/collectors/kubernetes/cluster-role.ts';
import type { KubernetesObject } from '../../world/kubernetes-state.ts';
import { object } from './objects.ts';

/** The role that the scanner ships, applied as its manual says. */
export function readerObjects(): KubernetesObject[] {
  return [
    object('rbac.authorization.k8s.io/v1', 'ClusterRole', 'hullcheck', { rules: readingRules() }),
    object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'hullcheck', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'hullcheck' },
      subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: READING_GROUP }],
    }),
  ];
}
