import {
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  type Role,
} from '@aws-sdk/client-iam';
import { allKnown, known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext, IamAction, RecheckedItem } from '../../domain/ports.ts';
import type { Touched } from '../../domain/trigger.ts';
import type { DescribedRole } from './account-roles.ts';
import { byKindAndName } from './account-roles.ts';
import { readDocument } from './documents.ts';
import { managedPolicyReader } from './managed-policies.ts';
import type { RolePolicy } from './model.ts';
import { roleFrom } from './role-resource.ts';
import { mergedUses, usedRoles } from './used-roles.ts';

/** Reads one role that something uses: one call for it, one for each list of its policies, and one for each of these. */
export async function* collectOne(
  context: CollectorContext,
  { resource: { name } }: Required<Touched>,
): AsyncGenerator<RecheckedItem> {
  const { byKey, complete } = usedRoles(context);
  const [arn, uses] = [...byKey].find(([key]) => key.endsWith(`/${name}`) && key.includes(':role/')) ?? [];
  // Nobody uses it: what it may do concerns no container.
  if (arn === undefined || uses === undefined) return;
  const client = context.clientFor(IAMClient);
  const answer = await context.readOptional(
    'iam:GetRole',
    ['NoSuchEntityException', 'NoSuchEntity'],
    () => client.send(new GetRoleCommand({ RoleName: name })),
    { resource: arn },
  );
  const described = await describe(context, name, arn, answer.known ? (answer.value?.Role ?? null) : answer);
  yield { resource: roleFrom(context, arn, mergedUses([uses]), { roleOf: () => described }, complete) };
}

async function describe(
  context: CollectorContext,
  name: string,
  arn: string,
  role: Role | null | Extract<Observed<never>, { known: false }>,
): Promise<Observed<DescribedRole | null>> {
  if (role === null) return known(null);
  if ('known' in role) return role;
  const readPolicy = managedPolicyReader(context);
  const client = context.clientFor(IAMClient);
  const inlineNames = await list(
    context,
    'iam:ListRolePolicies',
    arn,
    () => paginateListRolePolicies({ client, pageSize: 1000 }, { RoleName: name }),
    (page) => page.PolicyNames,
  );
  const attached = await list(
    context,
    'iam:ListAttachedRolePolicies',
    arn,
    () => paginateListAttachedRolePolicies({ client, pageSize: 1000 }, { RoleName: name }),
    (page) => page.AttachedPolicies?.flatMap(({ PolicyArn }) => PolicyArn ?? []),
  );
  const policies: RolePolicy[] = [];
  for (const policyName of inlineNames.known ? inlineNames.value : []) {
    const answer = await context.read(
      'iam:GetRolePolicy',
      () => client.send(new GetRolePolicyCommand({ RoleName: name, PolicyName: policyName })),
      { resource: arn },
    );
    const document = answer.known ? readDocument(answer.value.PolicyDocument) : answer;
    policies.push({ kind: 'inline', name: policyName, document });
  }
  for (const policyArn of attached.known ? attached.value : []) policies.push(await readPolicy(policyArn));
  const boundary = role.PermissionsBoundary?.PermissionsBoundaryArn;
  return known({
    name,
    tags: Object.fromEntries((role.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    trustPolicy: readDocument(role.AssumeRolePolicyDocument),
    policies: mapObserved(allKnown([inlineNames, attached]), () => policies.sort(byKindAndName)),
    permissionsBoundary: known(boundary === undefined ? null : await readPolicy(boundary)),
  });
}

async function list<P>(
  context: CollectorContext,
  operation: IamAction,
  resource: string,
  pages: () => AsyncIterable<P>,
  itemsOf: (page: P) => readonly string[] | undefined,
): Promise<Observed<readonly string[]>> {
  const items: string[] = [];
  const reading = context.readPages(operation, pages, itemsOf, { resource });
  let item = await reading.next();
  for (; item.done !== true; item = await reading.next()) items.push(item.value);
  return mapObserved(item.value, () => items);
}
