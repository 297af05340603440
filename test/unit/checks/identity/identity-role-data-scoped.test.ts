import { describe } from 'vitest';
import { identityRoleDataScoped } from '#shared/checks/identity/identity-role-data-scoped.ts';
import { describeRolePermissions } from '#test/support/role-permissions.ts';

describe('identity-role-data-scoped', () => {
  describeRolePermissions(identityRoleDataScoped, 'data', 'pods');
});
