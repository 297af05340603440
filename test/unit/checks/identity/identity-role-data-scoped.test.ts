import { describe, expect, test } from 'vitest';
import { identityRoleDataScoped } from '#shared/checks/identity/identity-role-data-scoped.ts';
import { known } from '#shared/domain/observed.ts';
import { iamRole, inlinePolicy, SERVICE_ACCOUNT_USE } from '#test/factories/iam.ts';
import { judge } from '#test/support/judge.ts';
import { describeRolePermissions } from '#test/support/role-permissions.ts';

describe('identity-role-data-scoped', () => {
  describeRolePermissions(identityRoleDataScoped, 'data', 'pods');

  test.for([
    ['*', 'FAILED'],
    ['sqs:*', 'FAILED'],
    ['s3:*', 'PASSED'],
  ] as const)('a policy of AWS for full access to a service, in a boundary that allows %s: %s', ([action, status]) => {
    const policies = known([
      { ...inlinePolicy({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }), name: 'AmazonSQSFullAccess' },
    ]);
    const permissionsBoundary = known(inlinePolicy({ Effect: 'Allow', Action: action, Resource: '*' }));
    const role = iamRole({ uses: known([SERVICE_ACCOUNT_USE]), policies, permissionsBoundary });

    expect(judge(identityRoleDataScoped, role).status).toBe(status);
  });
});
