import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, type Verdict, whenKnown, worstOf } from '../../domain/verdict.ts';
import { type ContainerImages, undecided, unreadUses } from './judge-images.ts';

type Running = Extract<ContainerImages['runningDigests'], { known: true }>['value'][number];

/** A task that starts again has to pull again. */
export const imageInUseAvailable = defineCheck({
  id: 'image-in-use-available',
  title: 'Container images that run should still be in their repository',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'MEDIUM',
  rationale:
    'An image that was deleted or archived cannot be pulled again: the next restart, scale-out or replacement of a node fails, and it can neither be scanned nor compared with what was built.',
  limits: 'Says nothing about images of other registries, nor about those whose digest was not reported.',
  remediation: {
    text: 'Push the image again (or restore it from the archive), or deploy one that is there; then let the lifecycle policy keep what is deployed.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.2.2'] },
  evaluate: ({ runningDigests, usesListed }) =>
    whenKnown(runningDigests, (all) =>
      worstOf(
        [...unreadUses(usesListed), ...all.map(judgeDigest)],
        notApplicable('no image of the repository is known to run'),
      ),
    ),
});

function judgeDigest({ digest, present, status, tags }: Running): Verdict {
  const evidence = (observed: string) => [
    { path: `images[${tags[0] ?? ''}@${digest}].imageStatus`, observed, expected: 'ACTIVE' },
  ];
  if (!present) return failed('an image that runs is not in its repository any more', evidence('deleted'));
  switch (status) {
    case undefined:
    case 'ACTIVE':
      return passed();
    case 'ARCHIVED':
    case 'ACTIVATING':
      return failed('an image that runs is archived', evidence(status));
    default:
      return undecided('The status of an image that runs is one that is not known here.');
  }
}
