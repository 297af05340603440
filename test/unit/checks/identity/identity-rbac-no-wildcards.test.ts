import { describe } from 'vitest';
import { identityRbacNoWildcards } from '#shared/checks/identity/identity-rbac-no-wildcards.ts';
import { describeBindingRules } from '#test/support/role-bindings.ts';

describe('identity-rbac-no-wildcards', () => {
  describeBindingRules(identityRbacNoWildcards, {
    severity: 'HIGH',
    fails: [
      ['every verb', { verbs: ['*'] }],
      ['every resource', { resources: ['*'] }],
      ['every API group', { apiGroups: ['*'] }],
    ],
    passes: [['several verbs by name', { verbs: ['get', 'list', 'watch'] }]],
  });
});
