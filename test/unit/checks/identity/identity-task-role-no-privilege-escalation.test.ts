import { describe } from 'vitest';
import { identityTaskRoleNoPrivilegeEscalation } from '#shared/checks/identity/identity-task-role-no-privilege-escalation.ts';
import { describeRolePermissions } from '#test/support/role-permissions.ts';

describe('identity-task-role-no-privilege-escalation', () => {
  describeRolePermissions(identityTaskRoleNoPrivilegeEscalation, 'escalation', 'tasks');
});
