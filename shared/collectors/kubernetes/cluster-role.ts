import { CUSTOM_READS, KUBERNETES_READS, type KubernetesRead } from './reads.ts';

/** The group that access entries put the reading role into. */
export const READING_GROUP = 'hullcheck';

interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** The rules that allow exactly what is read: one for each API group, and one for the objects read by name. */
export function readingRules(): readonly PolicyRule[] {
  const reads: readonly KubernetesRead[] = [...Object.values(KUBERNETES_READS), ...CUSTOM_READS];
  const lists = reads.filter(({ object }) => object === undefined);
  const groups = [...new Set(lists.map(({ group }) => group))].sort();
  const rules = groups.map((group) => {
    const resources = lists.filter((read) => read.group === group).map(({ resource }) => resource);
    return { apiGroups: [group], resources: [...new Set(resources)].sort(), verbs: ['list', 'get'] };
  });
  const named = reads.flatMap(({ object }) => (object === undefined ? [] : [object.name]));
  return [...rules, { apiGroups: [''], resources: ['configmaps'], resourceNames: [...named].sort(), verbs: ['get'] }];
}
