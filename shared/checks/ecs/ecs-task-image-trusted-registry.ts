import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { ecrLocationOf } from '../../domain/image-reference.ts';
import { VENDOR_IMAGES_VERSION, vendorImageOf } from '../../domain/vendor-images.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';
import { judgeImage } from './container-image.ts';
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
  parameters: z.strictObject({
    trustedAccounts: z
      .array(z.string().regex(/^\d{12}$/, 'an account id has twelve digits'))
      .default([])
      .describe("Accounts whose private ECR registries are trusted besides the resource's own."),
    trustedRegistries: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Further trusted repositories as registry/repository, where * stands for anything, for example public.ecr.aws/docker/library/*.',
      ),
  }),
  evaluate: (family, { parameters: { trustedAccounts, trustedRegistries } }) =>
    judgeContainers(family, (container, path) =>
      judgeImage(container, path, (reference, name) => {
        const evidence = (expected: string) => [{ path: `${path}.image`, observed: name, expected }];
        if (trustedRegistries.some((pattern) => matchesWildcard(pattern, name))) return passed();
        const ecr = ecrLocationOf(reference);
        if (ecr && (ecr.accountId === family.accountId || trustedAccounts.includes(ecr.accountId))) return passed();
        if (vendorImageOf(reference))
          return passed(
            'an image that AWS publishes is exempt',
            evidence(`exempt: published by AWS (list of ${VENDOR_IMAGES_VERSION})`),
          );
        if (ecr && trustedAccounts.length === 0)
          return failed('the image comes from the registry of another account', evidence('a trusted registry'), {
            severity: 'LOW',
            because: 'the other account may belong to the same organization',
          });
        return failed('the image does not come from a trusted registry', evidence('a trusted registry'));
      }),
    ),
});
