import type { CredentialSource } from '../aws/accounts.ts';
import type { OrganizationAccount, OrganizationQuestion } from '../aws/organization.ts';
import type { Config } from '../config/schema.ts';

type Scope = Config['scope'];

/** Whose credentials a scan begins with. */
export interface OwnAccount {
  readonly accountId: string;
  readonly partition: string;
}

/** An account to scan, and how it is spoken to. */
export interface AccountToScan {
  readonly accountId: string;
  readonly partition: string;
  readonly source: CredentialSource;
  /** Where it is in its organization; absent where nobody asked. */
  readonly organizationalUnits?: readonly string[];
  /** As its organization calls it. */
  readonly name?: string;
}

/** An account that is deliberately not looked at. */
export interface AccountLeftOut {
  readonly accountId: string;
  readonly partition: string;
  readonly reason: string;
}

export interface AccountsInScope {
  readonly accounts: readonly AccountToScan[];
  readonly leftOut: readonly AccountLeftOut[];
}

export interface ScopeQuestions {
  readonly own: OwnAccount;
  readonly profile?: string;
  /** Whether routes ask where accounts are. */
  readonly withUnits: boolean;
  readonly listOrganization: (question: OrganizationQuestion) => Promise<readonly OrganizationAccount[]>;
}

/**
 * The accounts that a configuration names, each once, in the order of their ids. Suspended and closed ones are left out
 * by name: their roles cannot be assumed, and what was found in them stays as it is.
 *
 * @throws OrganizationError when the organization could not be asked
 */
export async function accountsInScope(scope: Scope, questions: ScopeQuestions): Promise<AccountsInScope> {
  const { own, withUnits, listOrganization } = questions;
  const { organization } = scope;
  const toScan = (accountId: string): AccountToScan => {
    const source = sourceOf(scope, accountId, own);
    const partition = source.roleArn?.split(':')[1] ?? own.partition;
    return { accountId, partition, source: withProfile(source, questions.profile) };
  };
  if (organization === undefined) {
    const ids = scope.accounts ?? scope.roles?.map(({ arn }) => accountOf(arn)) ?? [own.accountId];
    return { accounts: [...new Set(ids)].map(toScan), leftOut: [] };
  }
  const { organizationalUnits: parents, includeAccounts: only, excludeAccounts: without = [] } = organization;
  const members = await listOrganization({ withUnits, ...(parents === undefined ? {} : { parents }) });
  const accounts: AccountToScan[] = [];
  const leftOut: AccountLeftOut[] = [];
  for (const { accountId, state, organizationalUnits, name } of members.toSorted(byId)) {
    if (only?.includes(accountId) === false) continue;
    const reason = without.includes(accountId) ? 'The account is excluded by the configuration.' : whyNot(state);
    if (reason !== undefined) leftOut.push({ accountId, partition: own.partition, reason });
    else {
      accounts.push({
        ...toScan(accountId),
        ...(organizationalUnits.length === 0 ? {} : { organizationalUnits }),
        ...(name === undefined ? {} : { name }),
      });
    }
  }
  const unknown = (only ?? []).filter((accountId) => !members.some((member) => member.accountId === accountId));
  for (const accountId of unknown) {
    const reason = 'The account is not in the organization, or not in the organizational units that are scanned.';
    leftOut.push({ accountId, partition: own.partition, reason });
  }
  return { accounts, leftOut };
}

/**
 * How one account is spoken to: by its role, or by nothing but the credentials there are where it is their own.
 * Asks nobody, so that every function can tell.
 */
export function sourceOf(
  { roles, accounts, organization, memberRoles }: Scope,
  accountId: string,
  own: OwnAccount,
): CredentialSource {
  if (roles !== undefined) {
    const role = roles.find(({ arn }) => accountOf(arn) === accountId);
    return role === undefined ? {} : fromRole(role);
  }
  if (accounts === undefined && organization === undefined) return {};
  if (accountId === own.accountId && !memberRoles.inOwnAccount) return {};
  const arnOf = (name: string) =>
    `arn:${own.partition}:iam::${accountId}:role/${name.replaceAll('{accountId}', accountId).replace(/^\//, '')}`;
  const { read, publish, externalId } = memberRoles;
  return {
    roleArn: arnOf(read),
    publishRoleArn: arnOf(publish),
    ...(externalId === undefined ? {} : { externalId }),
  };
}

/** Whether a deployment speaks to an account at all: its own, and those it has a role for. Asks nobody. */
export function isOpened(scope: Scope, accountId: string, own: OwnAccount): boolean {
  if (accountId === own.accountId) return true;
  const isNamed = scope.accounts === undefined || scope.accounts.some((account) => account === accountId);
  return isNamed && sourceOf(scope, accountId, own).roleArn !== undefined;
}

function fromRole({ arn, publishArn, externalId }: NonNullable<Scope['roles']>[number]): CredentialSource {
  return {
    roleArn: arn,
    ...(publishArn === undefined ? {} : { publishRoleArn: publishArn }),
    ...(externalId === undefined ? {} : { externalId }),
  };
}

/** @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html */
function whyNot(state: string | undefined): string | undefined {
  // An account of which nothing is said is tried: whether its role can be assumed is an answer as well.
  if (state === undefined || state === 'ACTIVE') return undefined;
  return `The account is ${state.toLowerCase().replaceAll('_', ' ')} in its organization.`;
}

function withProfile(source: CredentialSource, profile: string | undefined): CredentialSource {
  return profile === undefined ? source : { ...source, profile };
}

function accountOf(roleArn: string): string {
  return roleArn.split(':')[4] ?? '';
}

function byId(left: { readonly accountId: string }, right: { readonly accountId: string }): number {
  return left.accountId < right.accountId ? -1 : 1;
}
