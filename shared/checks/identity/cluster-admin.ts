import type { Binding, Rule } from './judge-binding.ts';

/** Whether a binding gives every right: the role `cluster-admin`, or one with a rule of nothing but wildcards. */
export function isClusterAdmin({ roleKind, roleName, rules }: Binding): boolean {
  if (roleKind === 'ClusterRole' && roleName === 'cluster-admin') return true;
  return rules.known && rules.value?.some(isEveryRight) === true;
}

function isEveryRight({ apiGroups, resources, verbs }: Rule): boolean {
  return [apiGroups, resources, verbs].every((list) => list.includes('*'));
}
