import { homeAccount } from './tidewater.ts';

/** Bounds tagged, untagged and all other images. */
export const boundedLifecycle = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: 'Keep the last 10 releases',
      selection: { tagStatus: 'tagged', tagPrefixList: ['v'], countType: 'imageCountMoreThan', countNumber: 10 },
      action: { type: 'expire' },
    },
    {
      rulePriority: 2,
      description: 'Remove untagged images after a day',
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 1 },
      action: { type: 'expire' },
    },
    {
      rulePriority: 3,
      description: 'Never more than 200 of anything',
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 200 },
      action: { type: 'expire' },
    },
  ],
});

/** Removes untagged images only: tagged ones pile up. */
export const untaggedOnlyLifecycle = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
      action: { type: 'expire' },
    },
  ],
});

/** Moves images to the archive and never deletes any. */
export const archivingLifecycle = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'any', countType: 'sinceImagePulled', countUnit: 'days', countNumber: 90 },
      action: { type: 'transition', targetStorageClass: 'archive' },
    },
  ],
});

/** Keeps one image, whatever runs: the release in production is the next to go. */
export const recklessLifecycle = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: 'Keep only the newest image',
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 },
      action: { type: 'expire' },
    },
  ],
});

const pull = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'];

function policy(statement: Record<string, unknown>): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

/** Anyone may pull. */
export const publicPolicy = policy({ Sid: 'PublicPull', Effect: 'Allow', Principal: '*', Action: pull });

/** Anyone of the organization may pull, which is not public. */
export const organizationPolicy = policy({
  Sid: 'OrganizationPull',
  Effect: 'Allow',
  Principal: '*',
  Action: pull,
  Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-tidewater01' } },
});

/** A partner may push. */
export const foreignPushPolicy = policy({
  Sid: 'PartnerPush',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::999988887777:root' },
  Action: [...pull, 'ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'],
});

/** The other account of the company may replicate into this registry. */
export const replicationPolicy = policy({
  Sid: 'ReplicateFromSupplier',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::444455556666:root' },
  Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'],
  Resource: `arn:aws:ecr:us-east-1:${homeAccount}:repository/*`,
});

/** Anyone who knows the account may replicate into this registry. */
export const openReplicationPolicy = policy({
  Sid: 'ReplicateFromAnywhere',
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'],
  Resource: `arn:aws:ecr:eu-west-1:${homeAccount}:repository/*`,
});
