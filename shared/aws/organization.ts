import {
  type Account,
  type OrganizationsClient,
  paginateListAccounts,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
  paginateListRoots,
} from '@aws-sdk/client-organizations';
import type { IamAction } from '../domain/ports.ts';
import { classifyError } from './errors.ts';

/** What asking for the accounts of an organization needs; never in the accounts themselves. */
export const ORGANIZATION_PERMISSIONS: readonly IamAction[] = [
  'organizations:ListAccounts',
  'organizations:ListAccountsForParent',
  'organizations:ListOrganizationalUnitsForParent',
  'organizations:ListRoots',
];

/** An account as its organization knows it. */
export interface OrganizationAccount {
  readonly accountId: string;
  readonly name?: string;
  /** Such as `ACTIVE` or `SUSPENDED`; undefined where Organizations did not say. */
  readonly state: string | undefined;
  /** The ids of the root and of the organizational units above it, as far as they were seen. */
  readonly organizationalUnits: readonly string[];
}

export interface OrganizationQuestion {
  /** Roots and organizational units; left out = the whole organization. */
  readonly parents?: readonly string[];
  /** Whether it matters where the accounts are: then the tree is walked, which takes two calls for each unit. */
  readonly withUnits: boolean;
}

/** Raised when the accounts cannot be listed: nobody knows then what should be scanned. */
export class OrganizationError extends Error {
  override readonly name = 'OrganizationError';
}

/** Organizations lists twenty things a page, whatever is asked for. */
const PAGE = { pageSize: 20 } as const;

/**
 * The accounts of an organization, whatever their state. Every page is asked for, also after an empty one.
 *
 * @throws OrganizationError with the way out, where an answer is missing: half a list would leave accounts out silently
 * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
 */
export async function listOrganization(
  client: OrganizationsClient,
  { parents, withUnits }: OrganizationQuestion,
): Promise<readonly OrganizationAccount[]> {
  const found = new Map<string, OrganizationAccount>();
  if (parents === undefined && !withUnits) {
    const pages = paginateListAccounts({ ...PAGE, client }, {});
    for await (const { Accounts = [] } of answers(pages, 'organizations:ListAccounts')) keep(found, Accounts, []);
    return [...found.values()];
  }
  for (const parent of parents ?? (await roots(client))) await walk(client, [parent], found);
  return [...found.values()];
}

async function roots(client: OrganizationsClient): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { Roots = [] } of answers(paginateListRoots({ ...PAGE, client }, {}), 'organizations:ListRoots')) {
    ids.push(...Roots.flatMap(({ Id }) => Id ?? []));
  }
  return ids;
}

/** @param path from where the walk began down to the unit whose accounts are listed */
async function walk(
  client: OrganizationsClient,
  path: readonly string[],
  found: Map<string, OrganizationAccount>,
): Promise<void> {
  const input = { ParentId: path.at(-1) };
  const accounts = paginateListAccountsForParent({ ...PAGE, client }, input);
  for await (const { Accounts = [] } of answers(accounts, 'organizations:ListAccountsForParent')) {
    keep(found, Accounts, path);
  }
  const units = paginateListOrganizationalUnitsForParent({ ...PAGE, client }, input);
  const operation = 'organizations:ListOrganizationalUnitsForParent';
  for await (const { OrganizationalUnits = [] } of answers(units, operation)) {
    for (const { Id } of OrganizationalUnits) if (Id !== undefined) await walk(client, [...path, Id], found);
  }
}

function keep(found: Map<string, OrganizationAccount>, accounts: readonly Account[], path: readonly string[]): void {
  for (const { Id, Name, State, Status, Paths = [] } of accounts) {
    if (Id === undefined) continue;
    // o-…/r-…/ou-…/ou-…/111122223333
    const above = Paths.flatMap((one) => one.split('/')).filter((part) => /^(?:r|ou)-/.test(part));
    found.set(Id, {
      accountId: Id,
      ...(Name === undefined ? {} : { name: Name }),
      // State has replaced Status, which endpoints of some partitions and emulators still answer alone.
      state: State ?? Status,
      organizationalUnits: [...new Set([...above, ...path, ...(found.get(Id)?.organizationalUnits ?? [])])],
    });
  }
}

async function* answers<Page>(pages: AsyncIterable<Page>, operation: IamAction): AsyncGenerator<Page> {
  try {
    yield* pages;
  } catch (error) {
    if (error instanceof OrganizationError) throw error;
    const { cause, message } = classifyError(error, operation);
    const advice =
      cause === 'denied'
        ? `${operation} was denied: run Hullcheck in an account that is registered as a delegated administrator of AWS Organizations and allow it this action, or list the accounts in scope.accounts.`
        : message;
    throw new OrganizationError(`The accounts of the organization are not known: ${advice}`);
  }
}
