import {
  type Account,
  ListAccounts$,
  type ListAccountsCommandInput,
  type ListAccountsCommandOutput,
  ListAccountsForParent$,
  type ListAccountsForParentCommandInput,
  type ListAccountsForParentCommandOutput,
  ListOrganizationalUnitsForParent$,
  type ListOrganizationalUnitsForParentCommandInput,
  type ListOrganizationalUnitsForParentCommandOutput,
  ListRoots$,
  type ListRootsCommandInput,
  type ListRootsCommandOutput,
} from '@aws-sdk/client-organizations';
import { page } from '../paging.ts';
import { type Call, operation, type Reply, type Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { OrganizationState } from '../world/organization-state.ts';

export const organizations: Service = {
  signingName: 'organizations',
  protocol: 'json',
  invalidInputCode: 'InvalidInputException',
  throttleCode: 'TooManyRequestsException',
  operations: [
    operation(ListAccounts$, listAccounts),
    operation(ListAccountsForParent$, listAccountsForParent),
    operation(ListOrganizationalUnitsForParent$, listOrganizationalUnitsForParent),
    operation(ListRoots$, listRoots),
  ],
};

const ORGANIZATION = 'o-tidewater1';
const pages = { usual: 20, most: 20 } as const;

/** The organization of the caller, where it is one of those that may ask. */
function organizationOf({ world, account, caller, operation: name }: Call): OrganizationState {
  const { organization } = world;
  if (!organization) {
    throw new ServiceError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.');
  }
  if (!organization.administrators.includes(account.id)) {
    throw new ServiceError(
      'AccessDeniedException',
      `User: ${caller.arn} is not authorized to perform: organizations:${name} because the account is neither the management account nor a delegated administrator`,
    );
  }
  return organization;
}

function listAccounts(call: Call, input: ListAccountsCommandInput): Reply<ListAccountsCommandOutput> {
  const organization = organizationOf(call);
  const { items, nextToken } = page(call, organization.accounts, {
    token: input.NextToken,
    requested: input.MaxResults,
    ...pages,
  });
  return { Accounts: items.map((member) => accountOf(organization, member)), NextToken: nextToken };
}

function listAccountsForParent(
  call: Call,
  input: ListAccountsForParentCommandInput,
): Reply<ListAccountsForParentCommandOutput> {
  const organization = organizationOf(call);
  requireParent(organization, input.ParentId);
  const wanted = organization.accounts.filter(({ parentId }) => parentId === input.ParentId);
  const { items, nextToken } = page(call, wanted, { token: input.NextToken, requested: input.MaxResults, ...pages });
  return { Accounts: items.map((member) => accountOf(organization, member)), NextToken: nextToken };
}

function listOrganizationalUnitsForParent(
  call: Call,
  input: ListOrganizationalUnitsForParentCommandInput,
): Reply<ListOrganizationalUnitsForParentCommandOutput> {
  const organization = organizationOf(call);
  requireParent(organization, input.ParentId);
  const wanted = organization.units.filter(({ parentId }) => parentId === input.ParentId);
  const { items, nextToken } = page(call, wanted, { token: input.NextToken, requested: input.MaxResults, ...pages });
  return {
    OrganizationalUnits: items.map(({ id, name }) => ({
      Id: id,
      Name: name,
      Arn: arn(organization, `ou/${ORGANIZATION}/${id}`),
    })),
    NextToken: nextToken,
  };
}

function listRoots(call: Call, _input: ListRootsCommandInput): Reply<ListRootsCommandOutput> {
  const organization = organizationOf(call);
  const { rootId } = organization;
  return { Roots: [{ Id: rootId, Name: 'Root', Arn: arn(organization, `root/${ORGANIZATION}/${rootId}`) }] };
}

function requireParent({ rootId, units }: OrganizationState, parentId: string | undefined): void {
  if (parentId === rootId || units.some(({ id }) => id === parentId)) return;
  throw new ServiceError('ParentNotFoundException', "You specified a parent that doesn't exist.");
}

/** `Status` is not answered any more; `State` has taken its place. */
function accountOf(
  organization: OrganizationState,
  { id, name, state, parentId }: OrganizationState['accounts'][number],
): Account {
  const above: string[] = [];
  for (
    let unit: string | undefined = parentId;
    unit !== undefined;
    unit = organization.units.find((one) => one.id === unit)?.parentId
  ) {
    above.unshift(unit);
  }
  return {
    Id: id,
    Name: name,
    Arn: arn(organization, `account/${ORGANIZATION}/${id}`),
    Email: `aws+${id}@tidewater.example`,
    State: state,
    JoinedMethod: 'CREATED',
    Paths: [`${[ORGANIZATION, ...above, id].join('/')}/`],
  };
}

function arn({ administrators }: OrganizationState, resource: string): string {
  return `arn:aws:organizations::${administrators[0]}:${resource}`;
}
