import { compareCodeUnits } from '../../domain/order.ts';
import type { CollectedItem, Collector, CollectorContext } from '../../domain/ports.ts';
import { readAccountRoles } from './account-roles.ts';
import { collectOne } from './collect-one.ts';
import { homeRegion } from './home-region.ts';
import { roleFrom } from './role-resource.ts';
import { iamTriggers } from './triggers.ts';
import { usedRoles } from './used-roles.ts';

/**
 * The roles that containers, tasks and their nodes use, as facts of the other collectors name them: one read of the
 * account, in one of its regions, and none where nothing names a role.
 */
export const iamCollector: Collector = {
  service: 'iam',
  resourceTypes: ['AwsIamRole'],
  permissions: [
    'iam:GetAccountAuthorizationDetails',
    'iam:GetPolicy',
    'iam:GetPolicyVersion',
    'iam:GetRole',
    'iam:GetRolePolicy',
    'iam:ListAttachedRolePolicies',
    'iam:ListRolePolicies',
  ],
  producesFacts: [],
  needsFacts: ['role-use'],
  resourcesFollowFacts: ['role-use'],
  collect,
  triggers: iamTriggers,
  recheckableTypes: ['AwsIamRole'],
  collectOne,
};

async function* collect(context: CollectorContext): AsyncGenerator<CollectedItem> {
  if (context.region !== homeRegion(context)) return;
  const used = usedRoles(context);
  if (used.byKey.size === 0) return;
  const account = await readAccountRoles(context, used.byKey);
  const roles = [...account.uses].sort(([left], [right]) => compareCodeUnits(left, right));
  for (const [arn, uses] of roles) yield { resource: roleFrom(context, arn, uses, account, used.complete) };
}
