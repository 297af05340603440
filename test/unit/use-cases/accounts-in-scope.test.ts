import { expect, test } from 'vitest';
import type { OrganizationAccount } from '#shared/aws/organization.ts';
import { configSchema } from '#shared/config/schema.ts';
import { accountsInScope, sourceOf } from '#shared/use-cases/accounts-in-scope.ts';

const OWN = { accountId: '111122223333', partition: 'aws' };
const MEMBER = '444455556666';
const scopeOf = (scope: object) => configSchema.parse({ version: 1, scope }).scope;
const inScope = (scope: object, members: readonly OrganizationAccount[] = [], own = OWN) =>
  accountsInScope(scopeOf(scope), { own, withUnits: false, listOrganization: async () => members });
const member = (accountId: string, state?: string): OrganizationAccount => ({
  accountId,
  state,
  organizationalUnits: [],
});

test('PE-5: accounts are taken by their state; without one they are tried', async () => {
  const states = ['ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED', undefined];
  const members = states.map((state, index) => member(`00000000000${index}`, state));
  const { accounts, leftOut } = await inScope({ organization: {} }, members);

  expect(accounts.map(({ accountId }) => accountId)).toEqual(['000000000000', '000000000004']);
  expect(leftOut.map(({ reason }) => reason)).toEqual([
    'The account is suspended in its organization.',
    'The account is pending closure in its organization.',
    'The account is closed in its organization.',
  ]);
});

test('accounts that are excluded, and wanted ones that are not there, are named', async () => {
  const members = [member(OWN.accountId, 'ACTIVE'), member(MEMBER, 'ACTIVE')];
  const wanted = { includeAccounts: [MEMBER, '999999999999'], excludeAccounts: [MEMBER] };
  const { accounts, leftOut } = await inScope({ organization: wanted }, members);

  expect(accounts).toEqual([]);
  expect(leftOut.map(({ accountId }) => accountId)).toEqual([MEMBER, '999999999999']);
});

test('members are entered by their roles; the own account needs none unless it is asked for', () => {
  const scope = scopeOf({ accounts: [OWN.accountId, MEMBER], memberRoles: { externalId: 'a secret of ours' } });

  expect(sourceOf(scope, OWN.accountId, OWN)).toEqual({});
  expect(sourceOf(scope, MEMBER, OWN)).toEqual({
    roleArn: `arn:aws:iam::${MEMBER}:role/hullcheck-read`,
    publishRoleArn: `arn:aws:iam::${MEMBER}:role/hullcheck-publish`,
    externalId: 'a secret of ours',
  });
  const everywhere = scopeOf({ accounts: [OWN.accountId], memberRoles: { inOwnAccount: true } });
  expect(sourceOf(everywhere, OWN.accountId, OWN).roleArn).toBe(`arn:aws:iam::${OWN.accountId}:role/hullcheck-read`);
});

test.for(['aws-cn', 'aws-us-gov'])('T90: in %s roles are named in that partition', async (partition) => {
  const { accounts } = await inScope({ organization: {} }, [member(MEMBER, 'ACTIVE')], { ...OWN, partition });

  expect(accounts).toMatchObject([
    { partition, source: { roleArn: `arn:${partition}:iam::${MEMBER}:role/hullcheck-read` } },
  ]);
});

test('a scope names accounts in one way only', () => {
  expect(() => scopeOf({ accounts: [MEMBER], organization: {} })).toThrow('more than one way');
});
