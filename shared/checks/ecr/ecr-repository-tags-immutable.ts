import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause, type Verdict } from '../../domain/verdict.ts';
import { judgeImmutableWithExclusions, judgeMutableWithExclusions } from './tag-exclusions.ts';

/** A tag that can be moved makes two deployments of "the same version" run different code. */
export const ecrRepositoryTagsImmutable = defineCheck({
  id: 'ecr-repository-tags-immutable',
  title: 'ECR repositories should keep deployed and release tags immutable',
  resourceType: 'AwsEcrRepository',
  baseSeverity: 'MEDIUM',
  rationale:
    'Whoever can push can move a mutable tag to another image: what was tested is not what is deployed, and a rollback may bring back something else.',
  limits:
    'Release tags are recognised by their form (v1.2.3, 1.2, release-…). An immutable tag can still vanish with its image; pinning by digest is another check.',
  remediation: {
    text: 'Set tag mutability to IMMUTABLE. Where a tag has to move (a build cache, latest), use IMMUTABLE_WITH_EXCLUSION with filters that match no tag you deploy or release.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html',
  },
  frameworks: { 'nist-800-190': ['4.2.2'] },
  relatedControls: { 'aws-fsbp': ['ECR.2'] },
  evaluate: (repository): Verdict => {
    switch (repository.tagMutability) {
      case 'IMMUTABLE':
        return passed();
      case 'MUTABLE':
        return failed('tags are mutable', [{ path: 'imageTagMutability', observed: 'MUTABLE', expected: 'IMMUTABLE' }]);
      case 'IMMUTABLE_WITH_EXCLUSION':
        return judgeImmutableWithExclusions(repository);
      case 'MUTABLE_WITH_EXCLUSION':
        return judgeMutableWithExclusions(repository);
      default:
        return unknownBecause({
          kind: 'undecidable',
          message: 'The tag mutability setting is one that is not known here.',
        });
    }
  },
});
