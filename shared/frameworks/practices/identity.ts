import type { FrameworkRequirement } from '../../domain/framework.ts';

export const identity: readonly FrameworkRequirement[] = [
  {
    id: 'identity/provider',
    title: 'The cluster has an OIDC provider with the audience of STS',
    checks: ['identity-oidc-provider-present', 'identity-oidc-provider-audience'],
  },
  {
    id: 'identity/trust',
    title: 'Roles trust exactly the service accounts that use them',
    checks: ['identity-role-trust-subject', 'identity-role-trust-audience'],
  },
  {
    id: 'identity/minimal',
    title: 'Roles of pods may do what is needed',
    checks: ['identity-role-not-admin', 'identity-role-no-privilege-escalation', 'identity-role-data-scoped'],
  },
  {
    id: 'identity/own-role',
    title: 'Pods do not use the role of the node, and it holds little',
    checks: ['identity-workload-own-role', 'identity-node-role-minimal', 'eks-node-imds-restricted'],
  },
  {
    id: 'identity/one-role-each',
    title: 'A role serves one namespace of one cluster',
    checks: ['identity-role-not-shared'],
  },
  {
    id: 'identity/resolves',
    title: 'Roles that service accounts name exist and trust them',
    checks: ['identity-annotation-resolves', 'identity-association-resolves'],
  },
  {
    id: 'identity/task-roles',
    title: 'Roles of tasks may do what is needed, and trust ECS only',
    checks: [
      'identity-task-role-not-admin',
      'identity-task-role-no-privilege-escalation',
      'identity-task-role-data-scoped',
      'identity-task-role-trust-scoped',
      'identity-execution-role-scoped',
    ],
  },
  {
    id: 'identity/rbac',
    title: 'Role bindings in clusters give little, to few',
    checks: [
      'identity-rbac-no-cluster-admin',
      'identity-rbac-no-wildcards',
      'identity-rbac-no-escalation',
      'identity-rbac-secrets-bounded',
      'identity-rbac-pod-creation-bounded',
      'identity-rbac-exec-bounded',
      'identity-rbac-default-account-unbound',
      'identity-rbac-no-anonymous',
    ],
  },
];
