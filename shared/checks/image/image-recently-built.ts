import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { failed, passed, whenKnown } from '../../domain/verdict.ts';
import { judgeImages, undecided } from './judge-images.ts';

const DAY = 86_400_000;

export const imageRecentlyBuilt = defineCheck({
  id: 'image-recently-built',
  title: 'Container images should be rebuilt regularly',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'MEDIUM',
  rationale:
    'Updates of the base image and of packages reach a container only by a new build. An image that nobody rebuilds collects the vulnerabilities of all the months since.',
  limits:
    'Takes the time of the build from the configuration of the image; builds that hide it (for reproducibility) are judged by when they were pushed. Building again without newer packages is not noticed.',
  remediation: {
    text: 'Build and deploy images on a schedule, such as every week, also when the program has not changed, and let the build take updates of the base image and its packages.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/bestpracticesguide/security-tasks-containers.html',
  },
  frameworks: { 'nist-800-190': ['4.1.2'] },
  relatedControls: { 'nist-800-190': ['4.2.2'] },
  parameters: z.strictObject({
    maxAgeDays: z.number().int().positive().default(90).describe('An image may have been built so many days ago.'),
  }),
  evaluate: (images, { now, parameters: { maxAgeDays } }) =>
    judgeImages(images, ({ configuration, pushedAt }, path) => {
      const isOld = (time: string) => now.getTime() - Date.parse(time) > maxAgeDays * DAY;
      const tooOld = (field: string, observed: string) =>
        failed('an image was built long ago', [{ path: `${path}.${field}`, observed, expected: 'a recent build' }]);
      // What was pushed long ago was built no later.
      if (pushedAt !== undefined && isOld(pushedAt)) return tooOld('pushedAt', pushedAt);
      return whenKnown(configuration, ({ createdAt }) => {
        // A time that is still to come is none of a build.
        const built = createdAt !== undefined && Date.parse(createdAt) <= now.getTime() + DAY ? createdAt : undefined;
        if (built !== undefined) return isOld(built) ? tooOld('config.created', built) : passed();
        return pushedAt === undefined ? undecided('It is not known when an image was built.') : passed();
      });
    }),
});
