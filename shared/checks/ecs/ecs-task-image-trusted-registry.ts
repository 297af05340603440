import { defineCheck } from '../../domain/check.ts';
import { judgeTrusted, trustedRegistryParameters } from '../../domain/image-judgement.ts';
import { judgeContainers } from './judge-revisions.ts';

/**
 * Trusted by default: private ECR of the account itself, and AWS's own sidecar images. ECR of an account that nobody
 * named may belong to the same organization, so that failure is LOW until `trustedAccounts` says who belongs to it.
 */
export const ecsTaskImageTrustedRegistry = defineCheck({
  id: 'ecs-task-image-trusted-registry',
  title: 'ECS task definitions should take images from trusted registries',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'MEDIUM',
  rationale:
    'An image from a registry that nobody vouches for can hold anything, change or vanish overnight, and passes by the scans and policies of the own registry.',
  limits:
    'Which accounts belong to the organization is known only from the parameter trustedAccounts. ECR pull-through caches count as the own registry.',
  remediation: {
    text: 'Copy the image to a private ECR repository, or set up a pull-through cache, and name it in the container definition; add registries that are trusted on purpose to the parameters of this check.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html',
  },
  frameworks: { 'nist-800-190': ['4.1.5'] },
  parameters: trustedRegistryParameters,
  evaluate: (family, { parameters }) =>
    judgeContainers(family, ({ image }, path) =>
      judgeTrusted({ image, path: `${path}.image` }, family.accountId, parameters),
    ),
});
