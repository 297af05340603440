import { describe } from 'vitest';
import { identityRbacNoEscalation } from '#shared/checks/identity/identity-rbac-no-escalation.ts';
import { describeBindingRules } from '#test/support/role-bindings.ts';

describe('identity-rbac-no-escalation', () => {
  describeBindingRules(identityRbacNoEscalation, {
    severity: 'HIGH',
    fails: [
      [
        'bind on cluster roles',
        { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs: ['bind'] },
      ],
      ['escalate on roles', { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['escalate'] }],
      ['impersonation of users', { resources: ['users'], verbs: ['impersonate'] }],
      ['the proxy of nodes', { resources: ['nodes/proxy'], verbs: ['get'] }],
      ['the creation of persistent volumes', { resources: ['persistentvolumes'], verbs: ['create'] }],
      [
        'writing webhooks',
        { apiGroups: ['admissionregistration.k8s.io'], resources: ['mutatingwebhookconfigurations'], verbs: ['patch'] },
      ],
      ['tokens of service accounts', { resources: ['serviceaccounts/token'], verbs: ['create'] }],
      [
        'the approval of certificates',
        { apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests/approval'], verbs: ['update'] },
      ],
      ['every subresource of nodes', { resources: ['nodes/*'], verbs: ['get'] }],
    ],
    passes: [
      [
        'reading roles',
        { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'clusterroles'], verbs: ['get', 'list'] },
      ],
      ['reading nodes: a resource does not include its subresources', { resources: ['nodes'], verbs: ['get', 'list'] }],
      [
        'the same word in another API group',
        { apiGroups: ['example.com'], resources: ['persistentvolumes'], verbs: ['create'] },
      ],
    ],
  });
});
