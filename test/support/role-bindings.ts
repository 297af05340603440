import { expect, test } from 'vitest';
import type { RbacRule } from '#shared/collectors/kubernetes/model.ts';
import type { Check } from '#shared/domain/check.ts';
import { known } from '#shared/domain/observed.ts';
import { bindingOf, kubernetesRoleBinding, NAMESPACE, rbacRule } from '#test/factories/kubernetes.ts';
import { denied, judge } from './judge.ts';

export type RuleCase = readonly [what: string, rule: Partial<RbacRule>];

/** What every check of the rules of a binding promises. */
export function describeBindingRules(
  check: Check,
  {
    severity,
    fails,
    passes,
  }: { severity: string; fails: readonly [RuleCase, ...RuleCase[]]; passes: readonly RuleCase[] },
): void {
  const [[, worst]] = fails;

  test('PASSED for a binding that lets one account read configuration', () => {
    expect(judge(check, kubernetesRoleBinding()).status).toBe('PASSED');
  });

  test.for(fails)('FAILED when a rule gives %s, with subjects and rule as evidence', ([, rule]) => {
    const finding = judge(check, bindingOf({}, rule));

    expect(finding).toMatchObject({
      status: 'FAILED',
      severity,
      evidence: [
        { path: 'subjects', observed: [`ServiceAccount ${NAMESPACE}/shop`] },
        { path: 'ClusterRole/configuration-reader: rules[1]' },
      ],
    });
  });

  test.for(passes)('PASSED when a rule gives %s', ([, rule]) => {
    expect(judge(check, bindingOf(rule)).status).toBe('PASSED');
  });

  test('FAILED at LOW when a RoleBinding gives the rules of a ClusterRole in one namespace (T82)', () => {
    const binding = kubernetesRoleBinding({
      kind: 'RoleBinding',
      namespace: NAMESPACE,
      rules: known([rbacRule(worst)]),
    });

    expect(judge(check, binding)).toMatchObject({ status: 'FAILED', severity: 'LOW' });
  });

  test('FAILED at full severity when that namespace is kube-system', () => {
    const binding = kubernetesRoleBinding({
      kind: 'RoleBinding',
      namespace: 'kube-system',
      rules: known([rbacRule(worst)]),
    });

    expect(judge(check, binding).severity).toBe(severity);
  });

  test('UNKNOWN when the role could not be read', () => {
    expect(judge(check, kubernetesRoleBinding({ rules: denied('kubernetes:list clusterroles') })).status).toBe(
      'UNKNOWN',
    );
  });

  test.for([
    ['a binding that Kubernetes itself makes (T82)', { isBootstrap: true }],
    ['a binding without subjects', { subjects: [] }],
    ['a binding to a role that does not exist', { rules: known(null) }],
    ['cluster-admin, which another check judges', { roleName: 'cluster-admin' }],
  ] as const)('NOT_APPLICABLE to %s', ([, change]) => {
    const binding = kubernetesRoleBinding({ rules: known([rbacRule(worst)]), ...change });

    expect(judge(check, binding).status).toBe('NOT_APPLICABLE');
  });
}
