import { describe } from 'vitest';
import { identityRbacSecretsBounded } from '#shared/checks/identity/identity-rbac-secrets-bounded.ts';
import { describeBindingRules } from '#test/support/role-bindings.ts';

describe('identity-rbac-secrets-bounded', () => {
  describeBindingRules(identityRbacSecretsBounded, {
    severity: 'MEDIUM',
    fails: [
      ['get of every secret', { resources: ['secrets'], verbs: ['get'] }],
      ['list of secrets', { resources: ['secrets'], verbs: ['list'] }],
      ['everything of the core group', { resources: ['*'], verbs: ['watch'] }],
    ],
    passes: [
      ['get of one secret', { resources: ['secrets'], resourceNames: ['shop'], verbs: ['get'] }],
      ['the creation of secrets', { resources: ['secrets'], verbs: ['create'] }],
    ],
  });
});
