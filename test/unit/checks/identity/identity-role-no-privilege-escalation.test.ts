import { describe } from 'vitest';
import { identityRoleNoPrivilegeEscalation } from '#shared/checks/identity/identity-role-no-privilege-escalation.ts';
import { describeRolePermissions } from '#test/support/role-permissions.ts';

describe('identity-role-no-privilege-escalation', () => {
  describeRolePermissions(identityRoleNoPrivilegeEscalation, 'escalation', 'pods');
});
