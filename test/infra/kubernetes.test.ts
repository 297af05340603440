import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { CUSTOM_READS, KUBERNETES_READS, type KubernetesRead } from '#shared/collectors/kubernetes/reads.ts';
import { ROOT } from '#test/support/all-checks.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const text = (name: string) => readFileSync(join(ROOT, 'infra/kubernetes', name), 'utf8');
const [role, binding] = parseAllDocuments(text('cluster-role.generated.yml')).map((document) => document.toJS());
const rules: readonly Rule[] = role.rules;
const reads: readonly KubernetesRead[] = [...Object.values(KUBERNETES_READS), ...CUSTOM_READS];

describe('PE-8: the ClusterRole', () => {
  test('has no wildcard, no Secrets, and no verb that changes or watches anything', () => {
    const words = rules.flatMap(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs]);

    expect(words).not.toContain('*');
    expect(words).not.toContain('secrets');
    expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(['get', 'list']));
    expect(rules.flatMap(({ resources }) => resources).filter((resource) => resource.includes('/'))).toEqual([]);
  });

  test('shows ConfigMaps by two names only, and lists none', () => {
    const configMaps = rules.filter(({ resources }) => resources.includes('configmaps'));

    expect(configMaps).toEqual([
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['amazon-vpc-cni', 'aws-auth'], verbs: ['get'] },
    ]);
  });

  test.for(reads.map((read) => [`${read.verb} ${read.resource}.${read.group}`, read] as const))(
    'allows what is read: %s',
    ([, { group, resource, verb, object }]) => {
      expect(
        rules.some(
          (rule) =>
            rule.apiGroups.includes(group) &&
            rule.resources.includes(resource) &&
            rule.verbs.includes(verb) &&
            (rule.resourceNames === undefined || rule.resourceNames.includes(object?.name ?? '')),
        ),
      ).toBe(true);
    },
  );

  test('allows nothing that is not read', () => {
    const allowed = rules.flatMap(({ apiGroups, resources }) =>
      apiGroups.flatMap((group) => resources.map((resource) => `${resource}.${group}`)),
    );

    expect(new Set(allowed)).toEqual(new Set(reads.map(({ group, resource }) => `${resource}.${group}`)));
  });

  test('is bound to the group of the access entry', () => {
    const entry = parse(text('access-entry.yml'), {
      customTags: ['!Ref', '!GetAtt'].map((tag) => ({ tag, resolve: (value: string) => value })),
    }).Resources.ReadingEntry.Properties;

    expect(binding.subjects).toEqual([
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: entry.KubernetesGroups[0] },
    ]);
    expect(binding.roleRef.name).toBe(role.metadata.name);
    expect(entry.Type).toBe('STANDARD');
    expect(entry.AccessPolicies).toBeUndefined();
  });
});
