import {
  IAMClient,
  type ManagedPolicyDetail,
  paginateGetAccountAuthorizationDetails,
  type RoleDetail,
} from '@aws-sdk/client-iam';
import type { PolicyDocument } from '../../domain/iam-policy.ts';
import { known, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { readDocument } from './documents.ts';
import { managedPolicyReader } from './managed-policies.ts';
import type { RolePolicy, RoleUse } from './model.ts';
import { mergedUses } from './used-roles.ts';

/** A role as IAM describes it. */
export interface DescribedRole {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly trustPolicy: Observed<PolicyDocument>;
  readonly policies: Observed<readonly RolePolicy[]>;
  readonly permissionsBoundary: Observed<RolePolicy | null>;
}

/** The used roles of an account. */
export interface AccountRoles {
  /** By role ARN, those of instance profiles included. */
  readonly uses: ReadonlyMap<string, readonly RoleUse[]>;
  /** Null for a role that does not exist. */
  readonly roleOf: (arn: string) => Observed<DescribedRole | null>;
}

const OPERATION = 'iam:GetAccountAuthorizationDetails';

/**
 * Reads all roles with their policies in pages of a thousand, and keeps those that are used: far fewer calls than six
 * for each role.
 *
 * @param used who uses which role or instance profile, by ARN
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
 */
export async function readAccountRoles(
  context: CollectorContext,
  used: ReadonlyMap<string, readonly RoleUse[]>,
): Promise<AccountRoles> {
  const client = context.clientFor(IAMClient);
  const kept = new Map<string, RoleDetail>();
  const policies = new Map<string, ManagedPolicyDetail>();
  const uses = new Map<string, readonly RoleUse[]>(
    [...used].filter(([arn]) => arn.includes(':role/')).map(([arn, list]) => [arn, mergedUses([list])]),
  );
  const pages = context.readPages(
    OPERATION,
    () =>
      paginateGetAccountAuthorizationDetails(
        { client, pageSize: 1000 },
        { Filter: ['Role', 'LocalManagedPolicy', 'AWSManagedPolicy'] },
      ),
    (page) => [page],
  );
  let page = await pages.next();
  for (; page.done !== true; page = await pages.next()) {
    for (const policy of page.value.Policies ?? []) if (policy.Arn !== undefined) policies.set(policy.Arn, policy);
    for (const role of page.value.RoleDetailList ?? []) {
      const { Arn: arn } = role;
      if (arn === undefined) continue;
      const profiles = (role.InstanceProfileList ?? []).flatMap(({ Arn }) =>
        Arn === undefined ? [] : (used.get(Arn) ?? []),
      );
      const all = mergedUses([uses.get(arn) ?? [], profiles]);
      if (all.length === 0) continue;
      uses.set(arn, all);
      kept.set(arn, role);
    }
  }
  const listed = page.value;
  const readPolicy = managedPolicyReader(context, policies);
  const described = new Map<string, DescribedRole>();
  for (const [arn, role] of kept) described.set(arn, await describe(role, readPolicy));
  return {
    uses,
    roleOf: (arn) => {
      const found = described.get(arn);
      if (found !== undefined) return known(found);
      return listed.known ? known(null) : listed;
    },
  };
}

async function describe(role: RoleDetail, readPolicy: ReturnType<typeof managedPolicyReader>): Promise<DescribedRole> {
  const inline = (role.RolePolicyList ?? []).map(
    ({ PolicyName: name = '', PolicyDocument: text }): RolePolicy => ({
      kind: 'inline',
      name,
      document: readDocument(text),
    }),
  );
  const attached: RolePolicy[] = [];
  for (const { PolicyArn } of role.AttachedManagedPolicies ?? []) {
    if (PolicyArn !== undefined) attached.push(await readPolicy(PolicyArn));
  }
  const boundary = role.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    name: role.RoleName ?? '',
    tags: Object.fromEntries((role.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    trustPolicy: readDocument(role.AssumeRolePolicyDocument),
    policies: known([...inline, ...attached].sort(byKindAndName)),
    permissionsBoundary: known(boundary === undefined ? null : await readPolicy(boundary)),
  };
}

export function byKindAndName(left: RolePolicy, right: RolePolicy): number {
  return `${left.kind} ${left.name}` < `${right.kind} ${right.name}` ? -1 : 1;
}
