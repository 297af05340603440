import { z } from 'zod';
import type { LabelSelector } from '../../domain/network-policy.ts';
import { present } from '../ecs/present.ts';
import type { RbacRule, RbacSubject } from './model.ts';
import { listOf, optional, readFields, text, textMap, texts } from './raw-fields.ts';
import { METADATA, metadataFrom, type ObjectMetadata } from './read-metadata.ts';

/** A Role or ClusterRole. */
export interface RoleObject {
  readonly metadata: ObjectMetadata;
  readonly rules: readonly RbacRule[];
  /** A ClusterRole whose rules are those of all ClusterRoles with such labels; absent where it has rules of its own. */
  readonly aggregates?: readonly LabelSelector[];
}

/** A RoleBinding or ClusterRoleBinding. */
export interface RoleBindingObject {
  readonly metadata: ObjectMetadata;
  readonly roleKind: string;
  readonly roleName: string;
  readonly subjects: readonly RbacSubject[];
}

const ROLE = z.object({
  metadata: METADATA,
  rules: listOf(
    z.object({ apiGroups: texts, resources: texts, resourceNames: texts, verbs: texts, nonResourceURLs: texts }),
  ),
  aggregationRule: optional(
    z.object({
      clusterRoleSelectors: listOf(
        z.object({
          matchLabels: textMap,
          matchExpressions: listOf(z.object({ key: text, operator: text, values: texts })),
        }),
      ),
    }),
  ),
});

/**
 * @throws WrongTypeError where the API server would not decode it
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
export function readRole(raw: unknown): RoleObject {
  const { metadata, rules, aggregationRule } = readFields(ROLE, raw);
  return {
    metadata: metadataFrom(metadata),
    rules,
    ...present(
      'aggregates',
      aggregationRule?.clusterRoleSelectors.map(({ matchLabels, matchExpressions }) => ({
        matchLabels,
        matchExpressions: matchExpressions.map(({ key = '', operator = '', values }) => ({ key, operator, values })),
      })),
    ),
  };
}

const BINDING = z.object({
  metadata: METADATA,
  roleRef: optional(z.object({ kind: text, name: text })),
  subjects: listOf(z.object({ kind: text, name: text, namespace: text })),
});

/** @throws WrongTypeError where the API server would not decode it */
export function readRoleBinding(raw: unknown): RoleBindingObject {
  const { metadata, roleRef, subjects } = readFields(BINDING, raw);
  return {
    metadata: metadataFrom(metadata),
    roleKind: roleRef?.kind ?? '',
    roleName: roleRef?.name ?? '',
    subjects: subjects.map(({ kind = '', name = '', namespace }) => ({
      kind,
      name,
      ...present('namespace', namespace || undefined),
    })),
  };
}

/**
 * Whether a binding names a service account, or the user that the API server takes it for. Groups are not looked at.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects
 */
export function namesAccount(
  { metadata, subjects }: Pick<RoleBindingObject, 'metadata' | 'subjects'>,
  namespace: string,
  name: string,
): boolean {
  return subjects.some((subject) =>
    subject.kind === 'ServiceAccount'
      ? subject.name === name && (subject.namespace ?? metadata.namespace) === namespace
      : subject.kind === 'User' && subject.name === `system:serviceaccount:${namespace}:${name}`,
  );
}

/** Whether a role or binding says that Kubernetes itself made it when the cluster started. */
export function isBootstrap({ labels }: ObjectMetadata): boolean {
  return labels['kubernetes.io/bootstrapping'] === 'rbac-defaults';
}
