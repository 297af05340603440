import { defineCheck } from '../../domain/check.ts';
import { expiresAllTagged, expiresSomeTagged } from '../../domain/ecr-lifecycle.ts';
import { failed, passed, unknownBecause, type Verdict, whenKnown } from '../../domain/verdict.ts';

/** Judges the effect of the policy on the images that are there, not its existence. */
export const ecrRepositoryLifecyclePolicy = defineCheck({
  id: 'ecr-repository-lifecycle-policy',
  title: 'ECR repositories should have a lifecycle policy that bounds all tagged images',
  resourceType: 'AwsEcrRepository',
  baseSeverity: 'MEDIUM',
  rationale:
    'Images that never expire pile up: old versions with known vulnerabilities stay deployable, and storage is paid for them.',
  limits:
    'A rule bounds an image however large its number is. Archived images, signatures, SBOMs and charts are not judged.',
  remediation: {
    text: 'Add a lifecycle rule that expires tagged images, with tagStatus any as the last rule where nothing else matches. Several entries in tagPatternList or tagPrefixList must all match one image; use one rule each for alternatives. Preview the policy before it is applied.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html',
  },
  frameworks: { 'nist-800-190': ['4.2.2'] },
  relatedControls: { 'aws-fsbp': ['ECR.3'] },
  evaluate: ({ lifecyclePolicy, images }) =>
    whenKnown(lifecyclePolicy, (policy): Verdict => {
      const path = 'lifecyclePolicy';
      const expected = 'rules that expire every tagged image';
      if (policy === null) {
        return failed('the repository has no lifecycle policy', [{ path, observed: null, expected }]);
      }
      if (!expiresSomeTagged(policy)) {
        const observed = policy.rules.map(({ tagStatus, action }) => ({ tagStatus, action }));
        return failed('no lifecycle rule expires tagged images', [{ path, observed, expected }]);
      }
      if (expiresAllTagged(policy)) return passed();
      return whenKnown(images, ({ unbounded }) => {
        if (unbounded === undefined) {
          return unknownBecause({ kind: 'undecidable', message: 'The images were read without the lifecycle policy.' });
        }
        if (unbounded.count === 0) return passed();
        return failed('no lifecycle rule expires some of the tagged images', [
          { path: 'images.tags', observed: unbounded.first, expected },
        ]);
      });
    }),
});
