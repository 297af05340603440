import { defineCheck } from '../../domain/check.ts';
import { judgePinned, pinnedImageParameters } from '../../domain/image-judgement.ts';
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
  parameters: pinnedImageParameters,
  evaluate: (family, { parameters }) =>
    judgeContainers(family, ({ image }, path) => judgePinned({ image, path: `${path}.image` }, parameters)),
});
