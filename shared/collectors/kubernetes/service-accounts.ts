import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import { present } from '../ecs/present.ts';
import type { EksClusterInside } from '../eks/model.ts';
import type { ClusterResources } from './cluster-resources.ts';
import type { KubernetesServiceAccount, KubernetesServiceAccountSummary } from './model.ts';
import type { Rbac } from './rbac.ts';
import type { ServiceAccountObject } from './read-service-account.ts';
import type { Workloads } from './workloads.ts';

/** Service accounts with all that is known of their rights, inside the cluster and in AWS. */
export class ServiceAccounts {
  readonly #accounts: Observed<ReadonlyMap<string, ServiceAccountObject>>;
  readonly #podIdentity: EksClusterInside['podIdentity'];
  readonly #rbac: Rbac;

  constructor(
    accounts: Observed<readonly ServiceAccountObject[]>,
    podIdentity: EksClusterInside['podIdentity'],
    rbac: Rbac,
  ) {
    this.#accounts = mapObserved(
      accounts,
      (all) => new Map(all.map((account) => [`${account.metadata.namespace}/${account.metadata.name}`, account])),
    );
    this.#podIdentity = podIdentity;
    this.#rbac = rbac;
  }

  /** Null where there is no such account: a pod that names it cannot be made. */
  summaryOf(namespace: string, name: string): Observed<KubernetesServiceAccountSummary | null> {
    return mapObserved(this.#accounts, (byName) => {
      const account = byName.get(`${namespace}/${name}`);
      return account === undefined ? null : this.summarize(account);
    });
  }

  summarize({
    metadata,
    automountServiceAccountToken,
    roleArn,
  }: ServiceAccountObject): KubernetesServiceAccountSummary {
    const { name, namespace = '' } = metadata;
    return {
      name,
      ...present('automountServiceAccountToken', automountServiceAccountToken),
      ...present('roleArn', roleArn),
      podIdentityRoleArn: this.#podIdentity.known
        ? known(
            this.#podIdentity.value.find((one) => one.namespace === namespace && one.serviceAccount === name)
              ?.roleArn ?? null,
          )
        : this.#podIdentity,
      rbac: mapObserved(this.#rbac.bindingsOf(namespace, name), (bindings) => ({ bindings })),
    };
  }
}

/** Service accounts as objects of their own, with who uses them. */
export function* serviceAccountResources(
  of: ClusterResources,
  accounts: readonly ServiceAccountObject[],
  joined: ServiceAccounts,
  workloads: Observed<Workloads>,
): Generator<KubernetesServiceAccount> {
  for (const account of accounts) {
    const { name, namespace = 'default' } = account.metadata;
    yield {
      ...of.base('KubernetesServiceAccount', { namespace, kind: 'ServiceAccount', name }),
      namespace,
      summary: joined.summarize(account),
      usedByWorkloads: mapObserved(workloads.known ? workloads.value.of(namespace) : workloads, (all) =>
        all
          .filter(({ resource }) =>
            resource.variants.some(({ spec }) => (spec.serviceAccountName ?? 'default') === name),
          )
          .map(({ resource }) => `${resource.kind}/${resource.name}`)
          .sort(),
      ),
    };
  }
}

/** The accounts that name a role in their annotation, `namespace/name`, sorted. */
export function accountsWithRole(accounts: readonly ServiceAccountObject[]): readonly string[] {
  return accounts
    .filter(({ roleArn }) => roleArn !== undefined)
    .map(({ metadata: { namespace, name } }) => `${namespace}/${name}`)
    .sort();
}
