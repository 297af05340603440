/** One thing the collector reads in a cluster. The ClusterRole that allows it is generated from these. */
export interface KubernetesRead {
  /** API group; the core group is empty. */
  readonly group: string;
  readonly version: string;
  /** As the API names it in paths and roles: `pods`. */
  readonly resource: string;
  /** What an item of its list is. */
  readonly kind: string;
  readonly verb: 'list' | 'get';
  /** Set for single objects that are read by their name; everything else of the kind stays unread. */
  readonly object?: { readonly namespace: string; readonly name: string };
  /** Custom kinds: asked for only where discovery names their group. */
  readonly custom?: boolean;
}

/** Kinds of the whole cluster. All others live in namespaces. */
const CLUSTER_WIDE: ReadonlySet<string> = new Set([
  'adminnetworkpolicies',
  'baselineadminnetworkpolicies',
  'ciliumclusterwidenetworkpolicies',
  'clusternetworkpolicies',
  'clusterrolebindings',
  'clusterroles',
  'globalnetworkpolicies',
  'ingressclasses',
  'ingressclassparams',
  'mutatingwebhookconfigurations',
  'namespaces',
  'nodes',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'validatingwebhookconfigurations',
]);

const listed = (
  group: string,
  version: string,
  kinds: Readonly<Record<string, string>>,
  more: Pick<KubernetesRead, 'custom'> = {},
): KubernetesRead[] =>
  Object.entries(kinds).map(([resource, kind]) => ({ group, version, resource, kind, verb: 'list', ...more }));

/** ConfigMaps are read by these names only, and only where a verdict needs them. */
const configMap = (name: string): KubernetesRead => ({
  group: '',
  version: 'v1',
  resource: 'configmaps',
  kind: 'ConfigMap',
  verb: 'get',
  object: { namespace: 'kube-system', name },
});

/**
 * Everything the collector may read inside a cluster (PE-8). Secrets are not among it, and no ConfigMap that could hold
 * one.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/
 */
export const KUBERNETES_READS = {
  namespaces: one('', 'v1', 'namespaces', 'Namespace'),
  pods: one('', 'v1', 'pods', 'Pod'),
  nodes: one('', 'v1', 'nodes', 'Node'),
  services: one('', 'v1', 'services', 'Service'),
  serviceAccounts: one('', 'v1', 'serviceaccounts', 'ServiceAccount'),
  limitRanges: one('', 'v1', 'limitranges', 'LimitRange'),
  resourceQuotas: one('', 'v1', 'resourcequotas', 'ResourceQuota'),
  replicationControllers: one('', 'v1', 'replicationcontrollers', 'ReplicationController'),
  awsAuth: configMap('aws-auth'),
  vpcCni: configMap('amazon-vpc-cni'),
  daemonSets: one('apps', 'v1', 'daemonsets', 'DaemonSet'),
  deployments: one('apps', 'v1', 'deployments', 'Deployment'),
  replicaSets: one('apps', 'v1', 'replicasets', 'ReplicaSet'),
  statefulSets: one('apps', 'v1', 'statefulsets', 'StatefulSet'),
  cronJobs: one('batch', 'v1', 'cronjobs', 'CronJob'),
  jobs: one('batch', 'v1', 'jobs', 'Job'),
  ingresses: one('networking.k8s.io', 'v1', 'ingresses', 'Ingress'),
  ingressClasses: one('networking.k8s.io', 'v1', 'ingressclasses', 'IngressClass'),
  networkPolicies: one('networking.k8s.io', 'v1', 'networkpolicies', 'NetworkPolicy'),
  clusterRoleBindings: one('rbac.authorization.k8s.io', 'v1', 'clusterrolebindings', 'ClusterRoleBinding'),
  clusterRoles: one('rbac.authorization.k8s.io', 'v1', 'clusterroles', 'ClusterRole'),
  roleBindings: one('rbac.authorization.k8s.io', 'v1', 'rolebindings', 'RoleBinding'),
  roles: one('rbac.authorization.k8s.io', 'v1', 'roles', 'Role'),
  admissionPolicies: admission('validatingadmissionpolicies', 'ValidatingAdmissionPolicy'),
  admissionBindings: admission('validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding'),
  validatingWebhooks: admission('validatingwebhookconfigurations', 'ValidatingWebhookConfiguration'),
  mutatingWebhooks: admission('mutatingwebhookconfigurations', 'MutatingWebhookConfiguration'),
} as const satisfies Readonly<Record<string, KubernetesRead>>;

/**
 * Kinds of others that decide about traffic or admission. Their groups are known from discovery; a version that is not
 * served is taken from there.
 */
export const CUSTOM_READS: readonly KubernetesRead[] = [
  ...listed(
    'networking.k8s.aws',
    'v1alpha1',
    {
      applicationnetworkpolicies: 'ApplicationNetworkPolicy',
      clusternetworkpolicies: 'ClusterNetworkPolicy',
    },
    { custom: true },
  ),
  ...listed('eks.amazonaws.com', 'v1', { ingressclassparams: 'IngressClassParams' }, { custom: true }),
  ...listed('elbv2.k8s.aws', 'v1beta1', { ingressclassparams: 'IngressClassParams' }, { custom: true }),
  ...listed(
    'policy.networking.k8s.io',
    'v1alpha1',
    {
      adminnetworkpolicies: 'AdminNetworkPolicy',
      baselineadminnetworkpolicies: 'BaselineAdminNetworkPolicy',
      clusternetworkpolicies: 'ClusterNetworkPolicy',
    },
    { custom: true },
  ),
  ...listed(
    'crd.projectcalico.org',
    'v1',
    { globalnetworkpolicies: 'GlobalNetworkPolicy', networkpolicies: 'NetworkPolicy' },
    { custom: true },
  ),
  ...listed(
    'cilium.io',
    'v2',
    {
      ciliumclusterwidenetworkpolicies: 'CiliumClusterwideNetworkPolicy',
      ciliumnetworkpolicies: 'CiliumNetworkPolicy',
    },
    { custom: true },
  ),
];

/** API groups of policies that are not read: where one is served, anything may be allowed or denied. */
export const UNREAD_POLICY_GROUPS = ['crd.antrea.io', 'projectcalico.org'];

function one(group: string, version: string, resource: string, kind: string): KubernetesRead {
  return { group, version, resource, kind, verb: 'list' };
}

function admission(resource: string, kind: string): KubernetesRead {
  return one('admissionregistration.k8s.io', 'v1', resource, kind);
}

/** The operation's name in gaps and verdicts, in the form of an IAM action: `kubernetes:list pods`. */
export function operationOf({ group, resource, verb, object }: KubernetesRead): `kubernetes:${string}` {
  const name = object === undefined ? '' : ` ${object.namespace}/${object.name}`;
  return `kubernetes:${verb} ${group === '' ? resource : `${resource}.${group}`}${name}`;
}

/** Kinds of namespaces that decide about others too: what enforces policies, and what accounts may do. */
const REACHING_OUT: ReadonlySet<string> = new Set(['daemonsets', 'rolebindings', 'roles']);

/**
 * Where the API serves it.
 *
 * @param namespace only what is there, of kinds that live in namespaces and decide about nothing outside
 */
export function pathOf({ group, version, resource, object }: KubernetesRead, namespace?: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  if (object !== undefined) return `${root}/namespaces/${object.namespace}/${resource}/${object.name}`;
  const isPart = namespace !== undefined && !CLUSTER_WIDE.has(resource) && !REACHING_OUT.has(resource);
  return isPart ? `${root}/namespaces/${encodeURIComponent(namespace)}/${resource}` : `${root}/${resource}`;
}
