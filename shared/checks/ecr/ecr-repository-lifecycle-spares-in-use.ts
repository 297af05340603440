import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import {
  failed,
  notApplicable,
  passed,
  unknownBecause,
  type Verdict,
  whenKnown,
  worstOf,
} from '../../domain/verdict.ts';

type Summary = Extract<ResourceByType['AwsEcrRepository']['images'], { known: true }>['value'];
type RunningImage = Summary['running'][number];

const parameters = z.strictObject({
  withinDays: z
    .number()
    .int()
    .min(0)
    .max(365)
    .default(7)
    .describe('A rule by age fails as early as this many days before it selects a running image.'),
});

const DAY = 86_400_000;

/** A task that has to start again cannot pull an image that its lifecycle policy has deleted or archived. */
export const ecrRepositoryLifecycleSparesInUse = defineCheck({
  id: 'ecr-repository-lifecycle-spares-in-use',
  title: 'ECR lifecycle policies should not select images that are running',
  resourceType: 'AwsEcrRepository',
  baseSeverity: 'MEDIUM',
  rationale:
    'A running image that expires or is archived cannot be pulled again: the next scale-out, restart or node replacement fails, often at night and long after the policy was written.',
  limits:
    'Looks at digests that run now. An untagged image in a repository with image indexes may be the child of one, which ECR spares as long as the index stays: that cannot be told from the listing.',
  remediation: {
    text: 'Keep more images or longer, or give deployed images a tag that a rule of higher priority keeps. Redeploy regularly so that running images stay recent.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html',
  },
  frameworks: {},
  parameters,
  evaluate: (
    { lifecyclePolicy, images, inUse, runsUnknownDigest, usesListed },
    { now, parameters: { withinDays } },
  ) => {
    if (lifecyclePolicy.known && lifecyclePolicy.value === null) {
      return notApplicable('the repository has no lifecycle policy');
    }
    if (inUse === 'no') return notApplicable('no image of the repository is running');
    if (!lifecyclePolicy.known) return unknownBecause(lifecyclePolicy.reason);
    const deadline = now.getTime() + withinDays * DAY;
    return whenKnown(images, (summary) =>
      worstOf(
        [
          ...summary.running.map((running) => judgeRunning(running, summary, deadline)),
          // First, because it may be why a digest is missing.
          ...(usesListed.known ? [] : [unknownBecause(usesListed.reason)]),
          ...(runsUnknownDigest ? [undecidable('The digest of an image that runs was not reported.')] : []),
        ],
        notApplicable('no image of the repository is running'),
      ),
    );
  },
});

function judgeRunning(running: RunningImage, { indexes }: Summary, deadline: number): Verdict {
  const { digest, present, tags, isIndex, lifecycle } = running;
  if (!present || lifecycle === undefined) return passed();
  const { rulePriority, action, selectedAt, beyondCount } = lifecycle;
  if (selectedAt === undefined && beyondCount === undefined) {
    return undecidable('When a lifecycle rule selects a running image depends on a time that ECR did not report.');
  }
  const selected = beyondCount === true || (selectedAt !== undefined && Date.parse(selectedAt) <= deadline);
  if (!selected) return passed();
  if (tags.length === 0 && !isIndex && indexes > 0) {
    return undecidable('A running image without tags may be the child of an image index, which ECR spares.');
  }
  return failed(`a lifecycle rule ${action === 'expire' ? 'expires' : 'archives'} an image that is running`, [
    {
      path: `images[${digest}]`,
      observed: { tags, rulePriority, action, ...(selectedAt === undefined ? {} : { selectedAt }) },
      expected: 'not selected while it runs',
    },
  ]);
}

function undecidable(message: string): Verdict {
  return unknownBecause({ kind: 'undecidable', message });
}
