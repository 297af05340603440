import { describe } from 'vitest';
import { identityTaskRoleNotAdmin } from '#shared/checks/identity/identity-task-role-not-admin.ts';
import { describeRolePermissions } from '#test/support/role-permissions.ts';

describe('identity-task-role-not-admin', () => {
  describeRolePermissions(identityTaskRoleNotAdmin, 'admin', 'tasks');
});
