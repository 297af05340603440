import type { FactLookup } from '../../domain/fact.ts';
import { type ChangeEvent, onCalls, type Touched, type Trigger, textAt } from '../../domain/trigger.ts';
import { homeRegion } from './home-region.ts';

const ROLE_CALLS = [
  'AttachRolePolicy',
  'CreateRole',
  'DeleteRole',
  'DeleteRolePermissionsBoundary',
  'DeleteRolePolicy',
  'DetachRolePolicy',
  'PutRolePermissionsBoundary',
  'PutRolePolicy',
  'UpdateAssumeRolePolicy',
];

const POLICY_CALLS = ['CreatePolicyVersion', 'SetDefaultPolicyVersion'];

/**
 * What happens to roles that something uses. IAM reports from one region, whichever regions are scanned: the look is
 * taken where the account's roles are read. A changed policy concerns all who hold it, which only a scan of the service
 * finds out.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
export const iamTriggers: readonly Trigger[] = [
  onCalls('iam', ROLE_CALLS, (event, facts) => {
    const name = textAt(event.detail, 'requestParameters', 'roleName');
    if (name === undefined || !isUsed(name, event, facts)) return [];
    return touched(event, facts, { type: 'AwsIamRole', name });
  }),
  onCalls('iam', POLICY_CALLS, (event, facts) => {
    const any = facts.about('role-use').facts.some(({ key }) => key.split(':')[4] === event.accountId);
    return any ? touched(event, facts) : [];
  }),
];

function isUsed(name: string, { accountId }: ChangeEvent, facts: FactLookup): boolean {
  return facts
    .about('role-use')
    .facts.some(({ key }) => key.split(':')[4] === accountId && key.includes(':role/') && key.endsWith(`/${name}`));
}

function touched(event: ChangeEvent, facts: FactLookup, resource?: Touched['resource']): readonly Touched[] {
  const { accountId } = event;
  const region = homeRegion({ accountId, facts }) ?? event.region;
  return [{ service: 'iam', accountId, region, ...(resource === undefined ? {} : { resource }) }];
}
