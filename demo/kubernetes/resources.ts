import type { KubernetesObject, KubernetesState } from '../world/kubernetes-state.ts';

/** A kind of object that the API serves: the last part of its path, and where its group is. */
export interface ServedKind {
  apiVersion: string;
  kind: string;
  plural: string;
  namespaced: boolean;
}

const kinds = (apiVersion: string, namespaced: boolean, ...names: [kind: string, plural: string][]): ServedKind[] =>
  names.map(([kind, plural]) => ({ apiVersion, kind, plural, namespaced }));

/** What every cluster serves, and custom kinds that a cluster may have. */
const servedKinds: readonly ServedKind[] = [
  ...kinds('v1', false, ['Namespace', 'namespaces'], ['Node', 'nodes']),
  ...kinds(
    'v1',
    true,
    ['ConfigMap', 'configmaps'],
    ['LimitRange', 'limitranges'],
    ['Pod', 'pods'],
    ['ReplicationController', 'replicationcontrollers'],
    ['ResourceQuota', 'resourcequotas'],
    ['Secret', 'secrets'],
    ['Service', 'services'],
    ['ServiceAccount', 'serviceaccounts'],
  ),
  ...kinds(
    'apps/v1',
    true,
    ['DaemonSet', 'daemonsets'],
    ['Deployment', 'deployments'],
    ['ReplicaSet', 'replicasets'],
    ['StatefulSet', 'statefulsets'],
  ),
  ...kinds('batch/v1', true, ['CronJob', 'cronjobs'], ['Job', 'jobs']),
  ...kinds('networking.k8s.io/v1', true, ['Ingress', 'ingresses'], ['NetworkPolicy', 'networkpolicies']),
  ...kinds('networking.k8s.io/v1', false, ['IngressClass', 'ingressclasses']),
  ...kinds(
    'rbac.authorization.k8s.io/v1',
    false,
    ['ClusterRole', 'clusterroles'],
    ['ClusterRoleBinding', 'clusterrolebindings'],
  ),
  ...kinds('rbac.authorization.k8s.io/v1', true, ['Role', 'roles'], ['RoleBinding', 'rolebindings']),
  ...kinds(
    'admissionregistration.k8s.io/v1',
    false,
    ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations'],
    ['ValidatingAdmissionPolicy', 'validatingadmissionpolicies'],
    ['ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings'],
    ['ValidatingWebhookConfiguration', 'validatingwebhookconfigurations'],
  ),
  ...kinds('networking.k8s.aws/v1alpha1', false, ['ClusterNetworkPolicy', 'clusternetworkpolicies']),
  ...kinds('networking.k8s.aws/v1alpha1', true, ['ApplicationNetworkPolicy', 'applicationnetworkpolicies']),
  ...kinds('networking.k8s.aws/v1alpha1', true, ['PolicyEndpoint', 'policyendpoints']),
  ...kinds('eks.amazonaws.com/v1', false, ['IngressClassParams', 'ingressclassparams']),
  ...kinds('policy.networking.k8s.io/v1alpha1', false, ['AdminNetworkPolicy', 'adminnetworkpolicies']),
  ...kinds('cilium.io/v2', true, ['CiliumNetworkPolicy', 'ciliumnetworkpolicies']),
  ...kinds('cilium.io/v2', false, ['CiliumClusterwideNetworkPolicy', 'ciliumclusterwidenetworkpolicies']),
  ...kinds('crd.projectcalico.org/v1', true, ['NetworkPolicy', 'networkpolicies']),
  ...kinds('crd.projectcalico.org/v1', false, ['GlobalNetworkPolicy', 'globalnetworkpolicies']),
  ...kinds('kyverno.io/v1', false, ['ClusterPolicy', 'clusterpolicies']),
];

const builtIn = new Set([
  'v1',
  'apps/v1',
  'batch/v1',
  'networking.k8s.io/v1',
  'rbac.authorization.k8s.io/v1',
  'admissionregistration.k8s.io/v1',
]);

/** What a path asks for. */
export interface AskedFor {
  served: ServedKind;
  namespace: string | undefined;
  name: string | undefined;
}

/** Takes a path apart; undefined where the cluster serves nothing there. */
export function askedFor(state: KubernetesState, path: string): AskedFor | undefined {
  const match = /^\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?$/.exec(path);
  if (!match) return undefined;
  const [, core, grouped, namespace, plural, name] = match;
  const apiVersion = core ?? grouped ?? '';
  const served = servedKinds.find((one) => one.apiVersion === apiVersion && one.plural === plural);
  return served && apiVersions(state).has(apiVersion) ? { served, namespace, name } : undefined;
}

/** The API groups that discovery names, with their versions. */
export function apiGroups(state: KubernetesState): { name: string; versions: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const apiVersion of [...apiVersions(state)].sort()) {
    const [group, version] = apiVersion.split('/');
    if (group === undefined || version === undefined) continue;
    groups.set(group, [...(groups.get(group) ?? []), version]);
  }
  return [...groups].map(([name, versions]) => ({ name, versions }));
}

/** The objects a request is about, in the order of etcd. */
export function objectsOf(state: KubernetesState, { served, namespace, name }: AskedFor): KubernetesObject[] {
  return state.objects
    .filter(
      ({ apiVersion, kind, metadata }) =>
        apiVersion === served.apiVersion &&
        kind === served.kind &&
        (namespace === undefined || metadata.namespace === namespace) &&
        (name === undefined || metadata.name === name),
    )
    .sort((left, right) => (orderOf(left) < orderOf(right) ? -1 : 1));
}

function apiVersions({ objects, customGroups }: KubernetesState): Set<string> {
  const custom = servedKinds.filter(({ apiVersion }) => customGroups.includes(apiVersion.split('/')[0] ?? ''));
  const present = objects.map(({ apiVersion }) => apiVersion);
  return new Set([...builtIn, ...custom.map(({ apiVersion }) => apiVersion), ...present]);
}

function orderOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
