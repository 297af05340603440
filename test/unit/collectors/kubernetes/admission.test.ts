import { describe, expect, test } from 'vitest';
import { admissionPoliciesOf, policyEnginesOf } from '#shared/collectors/kubernetes/admission.ts';
import type { ClusterSnapshot } from '#shared/collectors/kubernetes/snapshot.ts';
import { known } from '#shared/domain/observed.ts';
import { clusterSnapshot as snapshot } from '#test/factories/cluster-snapshot.ts';
import { denied } from '#test/support/judge.ts';

describe('admission', () => {
  const pods = { apiGroups: [''], resources: ['pods'], operations: ['CREATE'] };
  const named = (name: string, fields: object) => ({ metadata: { name }, ...fields });
  const policies = (admission: Partial<ClusterSnapshot['admission']>, groups: readonly string[] = []) =>
    admissionPoliciesOf(snapshot({ admission: { ...snapshot().admission, ...admission } }), new Set(groups));
  const validations = [{ expression: 'object.spec.containers.all(c, c.image.startsWith("registry.example/"))' }];
  const validating = named('trusted-registries', {
    spec: { matchConstraints: { resourceRules: [pods] }, validations },
  });
  const bound = (...validationActions: readonly string[]) =>
    named('b', { spec: { policyName: 'trusted-registries', validationActions } });

  test('a policy refuses only where a binding denies', () => {
    const of = (...actions: readonly string[]) =>
      policies({ admissionPolicies: known([validating]), admissionBindings: known([bound(...actions)]) });

    expect(of('Deny')).toMatchObject({ value: [{ enforces: known(true), verifiesImages: known(true) }] });
    expect(of('Warn', 'Audit')).toMatchObject({ value: [{ enforces: known(false) }] });
  });

  describe('a policy on images', () => {
    const judged = (rule: object, spec: object = {}, binding: object = {}) => {
      const resourceRules = [{ ...pods, ...rule }];
      const policy = named('trusted-registries', {
        spec: { validations, matchConstraints: { resourceRules }, ...spec },
      });
      const own = named('b', { spec: { policyName: 'trusted-registries', validationActions: ['Deny'], ...binding } });
      const found = policies({ admissionPolicies: known([policy]), admissionBindings: known([own]) });
      return found.known ? found.value[0] : undefined;
    };
    const selector = { matchLabels: { team: 'a' } };

    test('refuses nothing that is made where it looks at what is deleted', () => {
      expect(judged({ operations: ['DELETE'] })?.enforces).toEqual(known(false));
    });

    test.for<[string, object, object, object]>([
      ['the makers of pods, but not pods', { apiGroups: ['apps'], resources: ['deployments'] }, {}, {}],
      ['some namespaces', {}, {}, { matchResources: { namespaceSelector: selector } }],
      ['some objects', {}, { matchConstraints: { resourceRules: [pods], objectSelector: selector } }, {}],
      ['what meets a condition', {}, { matchConditions: [{ name: 'c', expression: 'false' }] }, {}],
      ['nothing while it cannot be evaluated', {}, { failurePolicy: 'Ignore' }, {}],
    ])('verifies a part at most where it binds %s', ([, rule, spec, binding]) => {
      expect(judged(rule, spec, binding)).toMatchObject({
        enforces: known(true),
        verifiesImages: { reason: { kind: 'undecidable' } },
      });
    });

    test('may leave out the namespaces of Kubernetes itself', () => {
      const leaving = (...values: readonly string[]) => {
        const matchExpressions = [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values }];
        return judged({}, {}, { matchResources: { namespaceSelector: { matchExpressions } } })?.verifiesImages;
      };

      expect(leaving('kube-system')).toEqual(known(true));
      expect(leaving('kube-system', 'shop')).toMatchObject({ reason: { kind: 'undecidable' } });
    });
  });

  test('what a webhook refuses is not known; those of EKS itself refuse no workload', () => {
    const webhook = (name: string) => named(name, { webhooks: [{ rules: [pods] }] });
    const found = policies({
      validatingWebhooks: known([webhook('image-policy'), webhook('vpc-resource-validating-webhook')]),
    });

    expect(found).toMatchObject({ value: [{ name: 'image-policy', enforces: { known: false } }] });
  });

  test('an engine is seen by its API groups', () => {
    expect(policyEnginesOf(new Set(['apps', 'kyverno.io', 'policies.kyverno.io']))).toEqual(['Kyverno']);
    expect(policies({}, ['kyverno.io'])).toMatchObject({ value: [{ kind: 'Kyverno', enforces: { known: false } }] });
  });

  test('a kind that an older version does not serve has no objects', () => {
    expect(policies({ admissionPolicies: known(null), admissionBindings: known(null) })).toEqual(known([]));
  });

  test('is unknown where webhooks could not be listed', () => {
    const validatingWebhooks = denied('kubernetes:list validatingwebhookconfigurations.admissionregistration.k8s.io');

    expect(policies({ validatingWebhooks })).toEqual(validatingWebhooks);
  });
});
