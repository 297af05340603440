import { describe } from 'vitest';
import { identityTaskRoleDataScoped } from '#shared/checks/identity/identity-task-role-data-scoped.ts';
import { describeRolePermissions } from '#test/support/role-permissions.ts';

describe('identity-task-role-data-scoped', () => {
  describeRolePermissions(identityTaskRoleDataScoped, 'data', 'tasks');
});
