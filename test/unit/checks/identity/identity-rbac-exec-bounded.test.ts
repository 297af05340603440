import { describe } from 'vitest';
import { identityRbacExecBounded } from '#shared/checks/identity/identity-rbac-exec-bounded.ts';
import { describeBindingRules } from '#test/support/role-bindings.ts';

describe('identity-rbac-exec-bounded', () => {
  describeBindingRules(identityRbacExecBounded, {
    severity: 'MEDIUM',
    fails: [
      ['exec', { resources: ['pods/exec'], verbs: ['create'] }],
      ['every subresource of pods', { resources: ['pods/*'], verbs: ['create'] }],
      ['port-forward', { resources: ['pods/portforward'], verbs: ['create'] }],
      ['ephemeral containers', { resources: ['pods/ephemeralcontainers'], verbs: ['patch'] }],
    ],
    passes: [
      ['logs', { resources: ['pods/log'], verbs: ['get'] }],
      ['deletion of pods', { resources: ['pods'], verbs: ['delete'] }],
    ],
  });
});
