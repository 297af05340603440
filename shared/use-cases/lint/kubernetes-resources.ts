import { present } from '../../collectors/ecs/present.ts';
import { isDefaultBinding } from '../../collectors/kubernetes/bootstrap-rbac.ts';
import type {
  KubernetesIngress,
  KubernetesNetworkPolicy,
  KubernetesRoleBinding,
  KubernetesService,
  KubernetesServiceAccount,
  KubernetesServiceAccountSummary,
  KubernetesWorkload,
  RbacRule,
} from '../../collectors/kubernetes/model.ts';
import type { ObjectMetadata } from '../../collectors/kubernetes/read-metadata.ts';
import { namesAccount } from '../../collectors/kubernetes/read-rbac.ts';
import { selects } from '../../domain/network-isolation.ts';
import { known, type Observed, undecidable } from '../../domain/observed.ts';
import type { ResourceBase } from '../../domain/resource.ts';
import type { LintedResource } from './document-source.ts';
import { NOWHERE, nameOf } from './identity.ts';
import { namespaceResources } from './namespace-resources.ts';
import type { Placed, ReadObjects } from './read-objects.ts';

/**
 * The resources that checks judge, made of documents. What documents cannot show is undecidable, and says what is
 * missing.
 *
 * @param version the version of Kubernetes the documents are for, `1.34`
 */
export function kubernetesResources(objects: ReadObjects, version: string): readonly LintedResource[] {
  return [
    ...objects.workloads.map((workload) => ({
      resource: workloadOf(workload, objects, version),
      source: workload.source,
    })),
    ...namespaceResources(objects),
    ...objects.policies.map((policy) => ({ resource: networkPolicyOf(policy, objects), source: policy.source })),
    ...objects.services.map((service) => ({ resource: serviceOf(service), source: service.source })),
    ...objects.ingresses.map((ingress) => ({ resource: ingressOf(ingress), source: ingress.source })),
    ...objects.accounts.map((account) => ({ resource: accountOf(account, objects), source: account.source })),
    ...objects.bindings.map((binding) => ({ resource: bindingOf(binding, objects), source: binding.source })),
  ];
}

function base<T extends string>(
  type: T,
  kind: string,
  { metadata, namespace }: { readonly metadata: ObjectMetadata; readonly namespace?: string },
): ResourceBase<T> {
  const name = nameOf(metadata);
  return {
    ...NOWHERE,
    type,
    uid: ['manifest', namespace, kind, name].filter((part) => part !== undefined).join('/'),
    name,
    ...present('namespace', namespace),
    inUse: 'unknown',
  };
}

function workloadOf(
  workload: Placed<ReadObjects['workloads'][number]>,
  objects: ReadObjects,
  version: string,
): KubernetesWorkload {
  const { kind, apiVersion, namespace, namespaceStated, pod } = workload;
  return {
    ...base('KubernetesWorkload', kind, workload),
    namespace,
    apiVersion,
    kind,
    source: 'template',
    variants: [{ metadata: pod.metadata, spec: pod.spec, runsOn: known([]) }],
    isStatic: false,
    policyVersion: known(policyVersion(namespace, objects, version)),
    serviceAccount: serviceAccountOf(pod.spec.serviceAccountName ?? 'default', namespace, objects),
    imdsReachable: undecidable('Documents do not show on which nodes a pod will run.'),
    namespaceStated,
  };
}

/** A namespace may be held to a version of the standards of its own. */
function policyVersion(namespace: string, { namespaces }: ReadObjects, version: string): string {
  const pinned = namespaces.find((one) => one.namespace === namespace)?.podSecurity.enforceVersion;
  return /^v1\.\d{1,3}$/.test(pinned ?? '') ? (pinned?.slice(1) ?? version) : version;
}

function serviceAccountOf(
  name: string,
  namespace: string,
  objects: ReadObjects,
): Observed<KubernetesServiceAccountSummary | null> {
  const account = objects.accounts.find((one) => one.namespace === namespace && one.metadata.name === name);
  if (account === undefined) return undecidable('No document has the service account of the pod.');
  return known(summaryOf(account, objects));
}

function summaryOf(
  account: ReadObjects['accounts'][number],
  { bindings }: ReadObjects,
): KubernetesServiceAccountSummary {
  const { metadata, namespace, automountServiceAccountToken, roleArn } = account;
  const bound = bindings.filter(({ metadata: own, subjects, namespace: bindingNamespace }) =>
    namesAccount({ metadata: { ...own, namespace: bindingNamespace }, subjects }, namespace, metadata.name),
  );
  return {
    name: nameOf(metadata),
    ...present('automountServiceAccountToken', automountServiceAccountToken),
    ...present('roleArn', roleArn),
    podIdentityRoleArn: undecidable('Documents do not show Pod Identity associations.'),
    rbac:
      bound.length === 0
        ? undecidable('No document has a role binding of the service account.')
        : known({
            bindings: bound
              .map((binding) =>
                binding.kind === 'RoleBinding'
                  ? `RoleBinding ${binding.namespace}/${nameOf(binding.metadata)}`
                  : `ClusterRoleBinding ${nameOf(binding.metadata)}`,
              )
              .sort(),
          }),
  };
}

function networkPolicyOf(
  { policy, namespace, metadata }: ReadObjects['policies'][number],
  { workloads }: ReadObjects,
): KubernetesNetworkPolicy {
  const selected = workloads
    .filter((one) => one.namespace === namespace && selects(policy.podSelector, one.pod.metadata.labels))
    .map(({ kind, metadata: { name, generateName } }) => `${kind}/${name || generateName}`);
  return {
    ...base('KubernetesNetworkPolicy', 'NetworkPolicy', { metadata, namespace }),
    namespace,
    policy,
    selects:
      selected.length === 0
        ? undecidable('No document has a workload that the policy selects.')
        : known([...new Set(selected)].sort()),
  };
}

function serviceOf(service: ReadObjects['services'][number]): KubernetesService {
  const { metadata, source: _, namespaceStated: __, ...parts } = service;
  return { ...base('KubernetesService', 'Service', service), ...parts };
}

function ingressOf(ingress: ReadObjects['ingresses'][number]): KubernetesIngress {
  const { metadata, source: _, namespaceStated: __, ...parts } = ingress;
  const hasClass = ingress.ingressClassName !== undefined;
  return {
    ...base('KubernetesIngress', 'Ingress', ingress),
    ...parts,
    classDefaults: hasClass ? undecidable('Documents do not show what the ingress class decides.') : known(null),
  };
}

function accountOf(account: ReadObjects['accounts'][number], objects: ReadObjects): KubernetesServiceAccount {
  const name = account.metadata.name;
  const users = objects.workloads
    .filter((one) => one.namespace === account.namespace && (one.pod.spec.serviceAccountName ?? 'default') === name)
    .map(({ kind, metadata }) => `${kind}/${nameOf(metadata)}`);
  return {
    ...base('KubernetesServiceAccount', 'ServiceAccount', account),
    namespace: account.namespace,
    summary: summaryOf(account, objects),
    usedByWorkloads:
      users.length === 0
        ? undecidable('No document has a workload that uses the service account.')
        : known([...new Set(users)].sort()),
  };
}

/** What everybody's cluster has from the start; other built-in roles change from version to version. */
const CLUSTER_ADMIN: readonly RbacRule[] = [
  { apiGroups: ['*'], resources: ['*'], resourceNames: [], verbs: ['*'], nonResourceURLs: [] },
  { apiGroups: [], resources: [], resourceNames: [], verbs: ['*'], nonResourceURLs: ['*'] },
];

function bindingOf(binding: ReadObjects['bindings'][number], { roles }: ReadObjects): KubernetesRoleBinding {
  const { kind, roleKind, roleName, subjects, metadata, namespace } = binding;
  const ofCluster = kind === 'ClusterRoleBinding';
  const role = roles.find(
    (one) =>
      one.kind === roleKind &&
      one.metadata.name === roleName &&
      (roleKind === 'ClusterRole' || one.namespace === namespace),
  );
  return {
    ...base('KubernetesRoleBinding', kind, ofCluster ? { metadata } : { metadata, namespace }),
    kind,
    roleKind,
    roleName,
    subjects,
    rules: rulesOf(role, roleKind, roleName, roles),
    isBootstrap: isDefaultBinding(binding, role?.aggregates === undefined ? role?.rules : undefined),
  };
}

function rulesOf(
  role: ReadObjects['roles'][number] | undefined,
  roleKind: string,
  roleName: string,
  roles: ReadObjects['roles'],
): Observed<readonly RbacRule[]> {
  if (role === undefined) {
    return roleKind === 'ClusterRole' && roleName === 'cluster-admin'
      ? known(CLUSTER_ADMIN)
      : undecidable('No document has the role of the binding.');
  }
  if (role.aggregates === undefined) return known(role.rules);
  const parts = roles.filter(
    (one) => one.kind === 'ClusterRole' && role.aggregates?.some((selector) => selects(selector, one.metadata.labels)),
  );
  return parts.length === 0
    ? undecidable('No document has a role that the role of the binding is made of.')
    : known(parts.flatMap(({ rules }) => rules));
}
