import type { IamAction } from '../domain/ports.ts';

/** Whose resources a policy is about: an account, or the placeholders of a template. */
export interface PolicyPlace {
  readonly partition: string;
  readonly accountId: string;
}

type ArnOf = (place: PolicyPlace) => string;

const ofAccount =
  (serviceAndRegion: string, resource: (accountId: string) => string): ArnOf =>
  ({ partition, accountId }) =>
    `arn:${partition}:${serviceAndRegion}:${accountId}:${resource(accountId)}`;
const repositories = ofAccount('ecr:*', () => 'repository/*');
const detectors = ofAccount('guardduty:*', () => 'detector/*');
const clusters = ofAccount('eks:*', () => 'cluster/*');
const roles = ofAccount('iam:', () => 'role/*');
/** Those of the account, and those that AWS manages for everybody. */
const policies = [
  ofAccount('iam:', () => 'policy/*'),
  ({ partition }: PolicyPlace) => `arn:${partition}:iam::aws:policy/*`,
];
const hub = ofAccount('securityhub:*', () => 'hub/default');

/**
 * What an action is allowed on, where that is less than everything and the same in every deployment. All other actions
 * list or describe: most of them know no resource at all, and the others are meant to see everything of their kind.
 * What gives out contents is here.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const RESOURCES: Readonly<Record<IamAction, ArnOf | readonly ArnOf[]>> = {
  'ecr:BatchGetImage': repositories,
  'ecr:BatchGetRepositoryScanningConfiguration': repositories,
  'ecr:DescribeImageScanFindings': repositories,
  'ecr:DescribeImageSigningStatus': repositories,
  'ecr:GetDownloadUrlForLayer': repositories,
  'ecr:GetLifecyclePolicy': repositories,
  'ecr:GetRepositoryPolicy': repositories,
  'ecr:ListImageReferrers': repositories,
  'ecr:PutImageScanningConfiguration': repositories,
  'ecr:PutImageTagMutability': repositories,
  'ecr:PutLifecyclePolicy': repositories,
  'eks:DescribeUpdate': clusters,
  'eks:UpdateClusterConfig': clusters,
  'guardduty:GetDetector': detectors,
  'guardduty:GetFindings': detectors,
  'guardduty:UpdateDetector': detectors,
  'iam:GetOpenIDConnectProvider': ofAccount('iam:', () => 'oidc-provider/*'),
  'iam:GetPolicy': policies,
  'iam:GetPolicyVersion': policies,
  'iam:GetRole': roles,
  'iam:GetRolePolicy': roles,
  'scheduler:GetSchedule': ofAccount('scheduler:*', () => 'schedule/*'),
  'securityhub:BatchImportFindings': ofAccount('securityhub:*', (accountId) => `product/${accountId}/default`),
  'securityhub:BatchUpdateFindings': hub,
  'securityhub:DescribeHub': hub,
  'securityhub:GetFindings': hub,
  // AWS publishes the newest images and agents there; the parameters of the account may be secrets.
  'ssm:GetParameters': ({ partition }) => `arn:${partition}:ssm:*::parameter/aws/service/*`,
};

/** The resources to allow an action on; `*` where it is everything. */
export function policyResources(action: IamAction, place: PolicyPlace): readonly string[] {
  const arns = RESOURCES[action];
  if (arns === undefined) return ['*'];
  return (typeof arns === 'function' ? [arns] : arns).map((arnOf) => arnOf(place));
}
