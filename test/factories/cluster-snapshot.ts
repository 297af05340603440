import type { ClusterSnapshot } from '#shared/collectors/kubernetes/snapshot.ts';
import { known } from '#shared/domain/observed.ts';

/** A cluster with nothing in it. */
export function clusterSnapshot(parts: Partial<ClusterSnapshot> = {}): ClusterSnapshot {
  const none = known([]);
  return {
    namespaces: none,
    pods: none,
    controllers: [],
    unreadControllers: new Map(),
    nodes: none,
    services: none,
    ingresses: none,
    ingressClasses: none,
    serviceAccounts: none,
    limitRanges: none,
    resourceQuotas: none,
    networkPolicies: none,
    clusterRoles: none,
    roles: none,
    clusterRoleBindings: none,
    roleBindings: none,
    daemonSets: none,
    admission: { admissionPolicies: none, admissionBindings: none, validatingWebhooks: none, mutatingWebhooks: none },
    awsAuth: known(null),
    vpcCni: known(null),
    custom: new Map(),
    ...parts,
  };
}
