import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { isFloatingTag } from '../../domain/image-tag.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgeImage } from './container-image.ts';
import { judgeContainers } from './judge-revisions.ts';

/** A version tag is pinned enough; the next deployment of a floating one runs whatever was pushed since. */
export const ecsTaskImagePinned = defineCheck({
  id: 'ecs-task-image-pinned',
  title: 'ECS task definitions should pin images to a version or a digest',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'MEDIUM',
  rationale:
    'With latest or another floating tag nobody knows what the next task will run, a rollback brings back nothing, and who can push can deploy.',
  limits:
    'A tag is judged by its name: a version (1.2, v1.2.3), a date, a commit or a build number of three digits and more is pinned; none, latest, an environment, a branch, a variant (alpine) or a bare major version (20, v3) is floating. Whether the registry lets a tag be moved is judged by ecr-repository-tags-immutable.',
  remediation: {
    text: 'Name the image with a version tag that is never moved, or with its digest, and register a new revision for each release.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-considerations.html',
  },
  frameworks: { 'nist-800-190': ['4.2.2'] },
  parameters: z.strictObject({
    requireDigest: z.boolean().default(false).describe('Accept only images that are named by their digest.'),
  }),
  evaluate: (family, { parameters }) =>
    judgeContainers(family, (container, path) =>
      judgeImage(container, path, ({ tag, digest }, name) => {
        const failure = (reason: string, observed: string, expected: string) =>
          failed(reason, [{ path: `${path}.image`, observed, expected }]);
        if (digest !== undefined) return passed();
        // The name alone, because the tag changes with every release and the verdict does not.
        if (parameters.requireDigest) return failure('the image is not pinned to a digest', name, 'a digest');
        if (tag === undefined)
          return failure('the image has no tag, which means latest', container.image, 'a version tag or a digest');
        return isFloatingTag(tag)
          ? failure('the tag is floating', container.image, 'a version tag or a digest')
          : passed();
      }),
    ),
});
