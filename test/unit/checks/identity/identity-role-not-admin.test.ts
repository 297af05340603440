import { describe } from 'vitest';
import { identityRoleNotAdmin } from '#shared/checks/identity/identity-role-not-admin.ts';
import { describeRolePermissions } from '#test/support/role-permissions.ts';

describe('identity-role-not-admin', () => {
  describeRolePermissions(identityRoleNotAdmin, 'admin', 'pods');
});
