import { parse } from 'yaml';
import type { Caller } from '../sessions.ts';
import type { EksClusterState } from '../world/eks-state.ts';
import type { KubernetesObject, KubernetesState } from '../world/kubernetes-state.ts';

/** What somebody may do, as RBAC says it. */
interface Rule {
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  verbs?: string[];
}

export interface Attributes {
  verb: string;
  group: string;
  resource: string;
  name: string | undefined;
}

/** What the access policies of EKS allow, as far as anything here is asked for. */
const accessPolicies: Record<string, Rule[]> = {
  AmazonEKSClusterAdminPolicy: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
  AmazonEKSAdminViewPolicy: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
  AmazonEKSViewPolicy: [
    {
      apiGroups: [''],
      resources: ['configmaps', 'limitranges', 'namespaces', 'pods', 'resourcequotas', 'serviceaccounts', 'services'],
      verbs: ['get', 'list', 'watch'],
    },
    { apiGroups: ['apps', 'batch'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'], verbs: ['get', 'list', 'watch'] },
  ],
};

/**
 * The rules that an IAM principal has in a cluster: by its access entry, or by `aws-auth` where the authentication mode
 * reads it.
 *
 * @returns undefined for a principal that the cluster does not know
 */
export function rulesOf(caller: Caller, cluster: EksClusterState, state: KubernetesState): Rule[] | undefined {
  const principal = principalOf(caller.arn);
  const mode = cluster.cluster.accessConfig?.authenticationMode ?? 'CONFIG_MAP';
  const entry =
    mode === 'CONFIG_MAP'
      ? undefined
      : cluster.accessEntries.find(({ entry: { principalArn } }) => principalArn === principal);
  const mapped = mode === 'API' ? undefined : awsAuthGroups(state, principal);
  if (!entry && !mapped) return undefined;
  const policies = entry?.policies.flatMap(({ policyArn }) => accessPolicies[policyArn?.split('/').at(-1) ?? ''] ?? []);
  const groups = entry?.entry.kubernetesGroups ?? mapped ?? [];
  return [...(policies ?? []), ...groups.flatMap((group) => rulesOfGroup(state, group))];
}

/** Whether any rule allows it. */
export function isAllowed(rules: readonly Rule[], { verb, group, resource, name }: Attributes): boolean {
  const has = (values: readonly string[] | undefined, value: string) =>
    values?.includes('*') === true || values?.includes(value) === true;
  return rules.some(
    ({ apiGroups, resources, resourceNames, verbs }) =>
      has(verbs, verb) &&
      has(apiGroups, group) &&
      has(resources, resource) &&
      (resourceNames === undefined || (name !== undefined && resourceNames.includes(name))),
  );
}

function principalOf(arn: string): string {
  const [, account, role] = /^arn:aws:sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return role ? `arn:aws:iam::${account}:role/${role}` : arn;
}

function awsAuthGroups({ objects }: KubernetesState, principal: string): string[] | undefined {
  const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'aws-auth');
  const data = (map?.data ?? {}) as Record<string, string>;
  const mappings: { rolearn?: string; userarn?: string; groups?: string[] }[] = [
    ...(parse(data.mapRoles ?? '[]') ?? []),
    ...(parse(data.mapUsers ?? '[]') ?? []),
  ];
  return mappings.find(({ rolearn, userarn }) => (rolearn ?? userarn) === principal)?.groups;
}

function rulesOfGroup({ objects }: KubernetesState, group: string): Rule[] {
  const bindings = objects.filter(
    (one) =>
      one.kind === 'ClusterRoleBinding' &&
      (one.subjects as { kind: string; name: string }[]).some(({ kind, name }) => kind === 'Group' && name === group),
  );
  const roleOf = (binding: KubernetesObject) => (binding.roleRef as { name: string }).name;
  const roles = new Set(bindings.map(roleOf));
  return objects
    .filter(({ kind, metadata }) => kind === 'ClusterRole' && roles.has(metadata.name))
    .flatMap(({ rules }) => (rules ?? []) as Rule[]);
}
