import {
  GetAccountAuthorizationDetails$,
  type GetAccountAuthorizationDetailsCommandInput,
  type GetAccountAuthorizationDetailsCommandOutput,
  GetPolicy$,
  type GetPolicyCommandInput,
  type GetPolicyCommandOutput,
  GetPolicyVersion$,
  type GetPolicyVersionCommandInput,
  type GetPolicyVersionCommandOutput,
  GetRole$,
  type GetRoleCommandInput,
  type GetRoleCommandOutput,
  GetRolePolicy$,
  type GetRolePolicyCommandInput,
  type GetRolePolicyCommandOutput,
  ListAttachedRolePolicies$,
  type ListAttachedRolePoliciesCommandInput,
  type ListAttachedRolePoliciesCommandOutput,
  ListRolePolicies$,
  type ListRolePoliciesCommandInput,
  type ListRolePoliciesCommandOutput,
  type ManagedPolicyDetail,
  type RoleDetail,
} from '@aws-sdk/client-iam';
import { page } from '../paging.ts';
import { type Call, operation, type Reply } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { IamPolicyState, IamRoleState } from '../world/iam-state.ts';

/** What IAM answers about roles. Documents travel URL-encoded, as IAM sends them. */
export const roleOperations = [
  operation(GetAccountAuthorizationDetails$, getAccountAuthorizationDetails),
  operation(GetRole$, getRole),
  operation(ListRolePolicies$, listRolePolicies),
  operation(GetRolePolicy$, getRolePolicy),
  operation(ListAttachedRolePolicies$, listAttachedRolePolicies),
  operation(GetPolicy$, getPolicy),
  operation(GetPolicyVersion$, getPolicyVersion),
];

const VERSION = 'v1';
const CREATED = new Date('2025-02-01T09:00:00Z');

function getAccountAuthorizationDetails(
  call: Call,
  { Marker, MaxItems }: GetAccountAuthorizationDetailsCommandInput,
): Reply<GetAccountAuthorizationDetailsCommandOutput> {
  const { roles, policies } = call.account.iam;
  const all = [...roles.map((role) => ({ role })), ...policies.map((policy) => ({ policy }))];
  const { items, nextToken } = page(call, all, { token: Marker, requested: MaxItems, usual: 100, most: 1000 });
  return {
    RoleDetailList: items.flatMap((item) => ('role' in item ? [detailOf(item.role)] : [])),
    Policies: items.flatMap((item) => ('policy' in item ? [policyDetailOf(item.policy)] : [])),
    IsTruncated: nextToken !== undefined,
    ...(nextToken === undefined ? {} : { Marker: nextToken }),
  };
}

function detailOf(role: IamRoleState): RoleDetail {
  return {
    Path: '/',
    RoleName: role.name,
    RoleId: `AROA${role.name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')}`,
    Arn: role.arn,
    CreateDate: CREATED,
    AssumeRolePolicyDocument: encoded(role.trust),
    InstanceProfileList:
      role.instanceProfileArn === undefined
        ? []
        : [
            {
              Path: '/',
              InstanceProfileName: role.name,
              InstanceProfileId: 'AIPADEMO',
              Arn: role.instanceProfileArn,
              CreateDate: CREATED,
              Roles: [],
            },
          ],
    RolePolicyList: role.inline.map(({ name, document }) => ({ PolicyName: name, PolicyDocument: encoded(document) })),
    AttachedManagedPolicies: attachedOf(role),
    ...boundaryOf(role),
    Tags: tagsOf(role),
  };
}

function policyDetailOf({ arn, document }: IamPolicyState): ManagedPolicyDetail {
  return {
    PolicyName: nameIn(arn),
    Arn: arn,
    DefaultVersionId: VERSION,
    PolicyVersionList: [
      { VersionId: VERSION, IsDefaultVersion: true, Document: encoded(document), CreateDate: CREATED },
    ],
  };
}

function getRole({ account }: Call, { RoleName }: GetRoleCommandInput): Reply<GetRoleCommandOutput> {
  const role = roleNamed(account.iam.roles, RoleName);
  return {
    Role: {
      Path: '/',
      RoleName: role.name,
      RoleId: 'AROADEMO',
      Arn: role.arn,
      CreateDate: CREATED,
      AssumeRolePolicyDocument: encoded(role.trust),
      ...boundaryOf(role),
      Tags: tagsOf(role),
    },
  };
}

function listRolePolicies(
  call: Call,
  { RoleName, Marker, MaxItems }: ListRolePoliciesCommandInput,
): Reply<ListRolePoliciesCommandOutput> {
  const { inline } = roleNamed(call.account.iam.roles, RoleName);
  const names = inline.map(({ name }) => name);
  const { items, nextToken } = page(call, names, { token: Marker, requested: MaxItems, usual: 100, most: 1000 });
  return {
    PolicyNames: items,
    IsTruncated: nextToken !== undefined,
    ...(nextToken === undefined ? {} : { Marker: nextToken }),
  };
}

function getRolePolicy(
  { account }: Call,
  { RoleName, PolicyName }: GetRolePolicyCommandInput,
): Reply<GetRolePolicyCommandOutput> {
  const role = roleNamed(account.iam.roles, RoleName);
  const found = role.inline.find(({ name }) => name === PolicyName);
  if (!found) throw notFound(`The role policy with name ${PolicyName} cannot be found.`);
  return { RoleName: role.name, PolicyName: found.name, PolicyDocument: encoded(found.document) };
}

function listAttachedRolePolicies(
  call: Call,
  { RoleName, Marker, MaxItems }: ListAttachedRolePoliciesCommandInput,
): Reply<ListAttachedRolePoliciesCommandOutput> {
  const attached = attachedOf(roleNamed(call.account.iam.roles, RoleName));
  const { items, nextToken } = page(call, attached, { token: Marker, requested: MaxItems, usual: 100, most: 1000 });
  return {
    AttachedPolicies: items,
    IsTruncated: nextToken !== undefined,
    ...(nextToken === undefined ? {} : { Marker: nextToken }),
  };
}

function getPolicy({ account }: Call, { PolicyArn }: GetPolicyCommandInput): Reply<GetPolicyCommandOutput> {
  const { arn } = policyOf(account.iam.policies, PolicyArn);
  return { Policy: { PolicyName: nameIn(arn), Arn: arn, DefaultVersionId: VERSION, CreateDate: CREATED } };
}

function getPolicyVersion(
  { account }: Call,
  { PolicyArn, VersionId }: GetPolicyVersionCommandInput,
): Reply<GetPolicyVersionCommandOutput> {
  const { document } = policyOf(account.iam.policies, PolicyArn);
  if (VersionId !== VERSION) throw notFound(`Policy ${PolicyArn} version ${VersionId} does not exist.`);
  return {
    PolicyVersion: { VersionId: VERSION, IsDefaultVersion: true, Document: encoded(document), CreateDate: CREATED },
  };
}

function roleNamed(roles: readonly IamRoleState[], name: string | undefined): IamRoleState {
  const found = roles.find((role) => role.name === name);
  if (!found) throw notFound(`The role with name ${name} cannot be found.`);
  return found;
}

function policyOf(policies: readonly IamPolicyState[], arn: string | undefined): IamPolicyState {
  const found = policies.find((policy) => policy.arn === arn);
  if (!found) throw notFound(`Policy ${arn} was not found.`);
  return found;
}

function attachedOf({ attached }: IamRoleState) {
  return attached.map((arn) => ({ PolicyName: nameIn(arn), PolicyArn: arn }));
}

function boundaryOf({ boundary }: IamRoleState) {
  if (boundary === undefined) return {};
  return {
    PermissionsBoundary: {
      PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const,
      PermissionsBoundaryArn: boundary,
    },
  };
}

function tagsOf({ tags }: IamRoleState) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function nameIn(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}

function encoded(document: object): string {
  return encodeURIComponent(JSON.stringify(document));
}

function notFound(message: string): ServiceError {
  return new ServiceError('NoSuchEntity', message, 404);
}
