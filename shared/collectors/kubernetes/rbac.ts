import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import { isDefaultBinding } from './bootstrap-rbac.ts';
import type { ClusterResources } from './cluster-resources.ts';
import type { KubernetesRoleBinding, RbacRule } from './model.ts';
import { isBootstrap, namesAccount, type RoleBindingObject } from './read-rbac.ts';
import { type ClusterSnapshot, together } from './snapshot.ts';

const CLUSTER_ADMIN = 'cluster-admin';

/** Bindings of the whole cluster and of single namespaces, with the rules they give. */
export class Rbac {
  readonly #snapshot: ClusterSnapshot;
  readonly #rolesByPlace: ReadonlyMap<string, { readonly rules: readonly RbacRule[]; readonly isBootstrap: boolean }>;

  constructor(snapshot: ClusterSnapshot) {
    this.#snapshot = snapshot;
    const { clusterRoles, roles } = snapshot;
    const listed = [clusterRoles, roles].flatMap((list) => (list.known ? list.value : []));
    this.#rolesByPlace = new Map(
      // The rules of an aggregated role are filled in by the control plane.
      listed.map(({ metadata, rules }) => [placeOf(metadata), { rules, isBootstrap: isBootstrap(metadata) }]),
    );
  }

  /** All bindings that could be read, as resources (T82). */
  *resources(of: ClusterResources): Generator<KubernetesRoleBinding> {
    const { clusterRoleBindings, roleBindings } = this.#snapshot;
    for (const list of [clusterRoleBindings, roleBindings]) {
      if (!list.known) continue;
      for (const binding of list.value) {
        const { metadata, roleKind, roleName, subjects } = binding;
        const { namespace } = metadata;
        const kind = namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding';
        const role = this.#roleOf(binding);
        yield {
          ...of.base('KubernetesRoleBinding', { kind, name: metadata.name, ...(namespace ? { namespace } : {}) }),
          kind,
          roleKind,
          roleName,
          subjects,
          rules: mapObserved(role, (found) => found?.rules ?? null),
          isBootstrap: this.#isBootstrap(binding),
        };
      }
    }
  }

  /**
   * The bindings that give a service account more than every authenticated account has, sorted. What Kubernetes itself
   * grants to all accounts counts for nothing.
   */
  bindingsOf(namespace: string, name: string): Observed<readonly string[]> {
    const { clusterRoleBindings, roleBindings } = this.#snapshot;
    const groups = new Set(['system:authenticated', 'system:serviceaccounts', `system:serviceaccounts:${namespace}`]);
    return mapObserved(together(clusterRoleBindings, roleBindings), (bindings) =>
      bindings
        .filter(
          (binding) =>
            namesAccount(binding, namespace, name) ||
            (binding.subjects.some(({ kind, name: group }) => kind === 'Group' && groups.has(group)) &&
              !this.#isBootstrap(binding)),
        )
        .map(({ metadata }) =>
          metadata.namespace === undefined
            ? `ClusterRoleBinding ${metadata.name}`
            : `RoleBinding ${metadata.namespace}/${metadata.name}`,
        )
        .sort(),
    );
  }

  /**
   * Groups and users that are bound to `cluster-admin` in the whole cluster, sorted.
   *
   * @param only one of both
   */
  clusterAdmins(only?: 'Group' | 'User'): Observed<readonly string[]> {
    return mapObserved(this.#snapshot.clusterRoleBindings, (bindings) => {
      const names = bindings
        .filter(({ roleKind, roleName }) => roleKind === 'ClusterRole' && roleName === CLUSTER_ADMIN)
        .flatMap(({ subjects }) => subjects)
        .flatMap(({ kind, name }) => (kind === 'ServiceAccount' || (only ?? kind) !== kind ? [] : [name]));
      return [...new Set(names)].sort();
    });
  }

  /** A binding keeps its role for ever: where roles could not be read, its own subjects say enough. */
  #isBootstrap(binding: RoleBindingObject): boolean {
    const role = this.#roleOf(binding);
    if (!role.known) return isDefaultBinding(binding, undefined);
    return role.value?.isBootstrap === true && isDefaultBinding(binding, role.value.rules);
  }

  #roleOf({ metadata, roleKind, roleName }: RoleBindingObject) {
    const { clusterRoles, roles } = this.#snapshot;
    const list = roleKind === 'ClusterRole' ? clusterRoles : roles;
    if (!list.known) return list;
    const namespace = roleKind === 'ClusterRole' ? undefined : metadata.namespace;
    return known(this.#rolesByPlace.get(placeOf({ name: roleName, namespace })) ?? null);
  }
}

function placeOf({ name, namespace }: { readonly name: string; readonly namespace?: string | undefined }): string {
  return `${namespace ?? ''}/${name}`;
}
