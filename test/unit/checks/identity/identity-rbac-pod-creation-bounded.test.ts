import { describe } from 'vitest';
import { identityRbacPodCreationBounded } from '#shared/checks/identity/identity-rbac-pod-creation-bounded.ts';
import { describeBindingRules } from '#test/support/role-bindings.ts';

describe('identity-rbac-pod-creation-bounded', () => {
  describeBindingRules(identityRbacPodCreationBounded, {
    severity: 'MEDIUM',
    fails: [
      ['the creation of pods', { resources: ['pods'], verbs: ['create'] }],
      ['the creation of Deployments', { apiGroups: ['apps'], resources: ['deployments'], verbs: ['create', 'patch'] }],
      ['every verb on jobs', { apiGroups: ['batch'], resources: ['jobs'], verbs: ['*'] }],
    ],
    passes: [
      ['reading pods', { resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
      [
        'deployments of another API group',
        { apiGroups: ['example.com'], resources: ['deployments'], verbs: ['create'] },
      ],
    ],
  });
});
