import type { ResourceByType } from '../../domain/resource.ts';
import {
  type Evidence,
  failed,
  type LoweredSeverity,
  notApplicable,
  passed,
  type Verdict,
  whenKnown,
} from '../../domain/verdict.ts';

export type Binding = ResourceByType['KubernetesRoleBinding'];
export type Rule = NonNullable<Extract<Binding['rules'], { known: true }>['value']>[number];

/** What a rule allows that it should not. */
export interface RuleOffence {
  readonly reason: string;
  /** `create pods in apps`, without names of the cluster's own. */
  readonly allows: string;
}

/**
 * Judges the rules that a binding gives (T82): bindings of Kubernetes itself are not judged, and a binding to a role
 * that does not exist gives nothing.
 *
 * @param offencesOf what is wrong with one rule
 */
export function judgeBinding(
  binding: Binding,
  offencesOf: (rule: Rule) => readonly RuleOffence[],
  expected: string,
): Verdict {
  if (binding.isBootstrap) return notApplicable('Kubernetes itself makes the binding');
  if (binding.subjects.length === 0) return notApplicable('the binding names nobody');
  return whenKnown(binding.rules, (rules) => {
    if (rules === null) return notApplicable('the role does not exist');
    const offences = rules.flatMap((rule, index) => offencesOf(rule).map((offence) => ({ ...offence, index })));
    const [first] = offences;
    if (first === undefined) return passed();
    const evidence: readonly Evidence[] = [
      ...subjectsOf(binding),
      ...offences.map(({ index, allows }) => ({
        path: `${binding.roleKind}/${binding.roleName}: rules[${index}]`,
        observed: allows,
        expected,
      })),
    ];
    return failed(first.reason, evidence, reachOf(binding));
  });
}

/** Whom the binding gives the rules to, as evidence. */
export function subjectsOf({ subjects }: Binding): readonly Evidence[] {
  return [
    {
      path: 'subjects',
      observed: subjects.map(
        ({ kind, namespace, name }) => `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`,
      ),
      expected: 'those who need it',
    },
  ];
}

/** A RoleBinding reaches one namespace, whatever the role says. */
function reachOf({ kind, namespace }: Binding): LoweredSeverity | undefined {
  if (kind !== 'RoleBinding' || namespace === 'kube-system') return undefined;
  return { severity: 'LOW', because: 'only in one namespace' };
}

/** Whether a list of a rule names a word, or everything. */
export function names(list: readonly string[], ...words: readonly string[]): boolean {
  return list.includes('*') || words.some((word) => list.includes(word));
}

/**
 * Whether a rule lets somebody do one of the verbs to a resource of an API group. A rule with `resourceNames` is bound
 * to these, which `create` and `deletecollection` cannot be.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
 */
export function allows(rule: Rule, group: string, resource: string, ...verbs: readonly string[]): boolean {
  const [kind = '', subresource] = resource.split('/');
  // A subresource is named with its resource, by `*/sub`, or by `*`; a resource alone does not include it.
  const named =
    rule.resources.includes('*') ||
    rule.resources.includes(resource) ||
    (subresource !== undefined &&
      (rule.resources.includes(`*/${subresource}`) || rule.resources.includes(`${kind}/*`)));
  return named && names(rule.apiGroups, group) && names(rule.verbs, ...verbs);
}
