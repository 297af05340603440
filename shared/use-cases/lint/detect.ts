import { groupOf, isWorkloadKind } from '../../collectors/kubernetes/read-workload.ts';
import type { DocumentSource } from './document-source.ts';
import type { LineTree } from './line-tree.ts';

/** One object of the Kubernetes API in a document. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly source: DocumentSource;
}

/** What a document, or an item of a list in it, is. */
export type Detected =
  | { readonly is: 'kubernetes'; readonly object: KubernetesObject }
  | { readonly is: 'task-definition'; readonly raw: Readonly<Record<string, unknown>>; readonly source: DocumentSource }
  | { readonly is: 'trust-policy'; readonly raw: Readonly<Record<string, unknown>>; readonly source: DocumentSource }
  /** Something that no check is for; `kind` says what, never with content. */
  | { readonly is: 'not-judged'; readonly kind: string };

type Mapping = Readonly<Record<string, unknown>>;

/** Lists within lists are flattened so deep; kubectl makes one level only. */
const MAX_LIST_DEPTH = 5;

/** Tells by its content what a document is; empty ones are nothing at all. */
export function* detect(value: unknown, source: DocumentSource, depth = 0): Generator<Detected> {
  if (value === null || value === undefined) return;
  if (!isMapping(value)) {
    yield { is: 'not-judged', kind: Array.isArray(value) ? 'a bare list' : 'a bare text' };
    return;
  }
  if (typeof value.kind === 'string' && typeof value.apiVersion === 'string') {
    yield* detectKubernetes(value, value.apiVersion, value.kind, source, depth);
    return;
  }
  const definition = value.taskDefinition;
  if (isMapping(definition) && 'containerDefinitions' in definition) {
    yield { is: 'task-definition', raw: definition, source: below(source, 'taskDefinition') };
  } else if ('containerDefinitions' in value) {
    yield { is: 'task-definition', raw: value, source };
  } else if ('Statement' in value) {
    yield isTrustPolicy(value) ? { is: 'trust-policy', raw: value, source } : { is: 'not-judged', kind: 'IAM policy' };
  } else {
    yield { is: 'not-judged', kind: 'something without a kind' };
  }
}

function* detectKubernetes(
  raw: Mapping,
  apiVersion: string,
  kind: string,
  source: DocumentSource,
  depth: number,
): Generator<Detected> {
  const { items } = raw;
  if (!kind.endsWith('List') || !(Array.isArray(items) || items === undefined || items === null)) {
    yield { is: 'kubernetes', object: { apiVersion, kind, raw, source } };
    return;
  }
  if (depth >= MAX_LIST_DEPTH) {
    yield { is: 'not-judged', kind: 'a list within lists' };
    return;
  }
  // Items of a typed list (PodList) may leave out what the list says already; those of a plain List may not.
  const implied = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
  for (const [index, item] of (items ?? []).entries()) {
    const at = below(source, `items[${index}]`);
    yield* detect(isMapping(item) ? { ...implied, ...item } : item, at, depth + 1);
  }
}

/** A policy is a trust policy where it says who may assume something; what that is, it never says. */
function isTrustPolicy({ Statement }: Mapping): boolean {
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  return statements.some((statement) => {
    if (!isMapping(statement) || !('Principal' in statement || 'NotPrincipal' in statement)) return false;
    if ('Resource' in statement || 'NotResource' in statement) return false;
    const actions = [statement.Action, statement.NotAction].flat();
    return actions.some((action) => typeof action === 'string' && /^(?:sts:|\*)/i.test(action));
  });
}

/** The same place, one step further in. */
function below(source: DocumentSource, path: string): DocumentSource {
  let lines: LineTree = source.lines;
  for (const key of path.split(/(?=\[)/)) lines = lines.children?.get(key) ?? lines;
  return { ...source, lines };
}

export function isMapping(value: unknown): value is Mapping {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

const OTHERS: Readonly<Record<string, readonly string[]>> = {
  Namespace: [''],
  ServiceAccount: [''],
  Service: [''],
  ResourceQuota: [''],
  LimitRange: [''],
  NetworkPolicy: ['networking.k8s.io', 'extensions'],
  Ingress: ['networking.k8s.io', 'extensions'],
  Role: ['rbac.authorization.k8s.io'],
  ClusterRole: ['rbac.authorization.k8s.io'],
  RoleBinding: ['rbac.authorization.k8s.io'],
  ClusterRoleBinding: ['rbac.authorization.k8s.io'],
};

/** Kinds of policies besides NetworkPolicy objects that decide about traffic. */
const OTHER_POLICIES =
  /^(?:(?:Cilium|Global|Admin|BaselineAdmin|Cluster|Application|CiliumClusterwide)?NetworkPolicy)$/;

/** What becomes of an object: judged, taken into account when others are judged, or only counted. */
export function roleOf({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): KubernetesRole {
  const group = groupOf(apiVersion);
  if (isWorkloadKind(apiVersion, kind)) return 'workload';
  if (Object.hasOwn(OTHERS, kind) && OTHERS[kind]?.includes(group) === true) return kind as KubernetesRole;
  return OTHER_POLICIES.test(kind) ? 'other-policy' : 'not-judged';
}

export type KubernetesRole =
  | 'workload'
  | 'Namespace'
  | 'ServiceAccount'
  | 'Service'
  | 'ResourceQuota'
  | 'LimitRange'
  | 'NetworkPolicy'
  | 'Ingress'
  | 'Role'
  | 'ClusterRole'
  | 'RoleBinding'
  | 'ClusterRoleBinding'
  | 'other-policy'
  | 'not-judged';
