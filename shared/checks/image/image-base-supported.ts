import { defineCheck } from '../../domain/check.ts';
import { parseImageReference } from '../../domain/image-reference.ts';
import { failed, notApplicable, passed, unknownBecause, type Verdict } from '../../domain/verdict.ts';
import {
  type Distribution,
  distributionOfBase,
  distributionOfPlatform,
  END_OF_LIFE_SNAPSHOT,
  endOfSupport,
  isRolling,
} from './end-of-life.ts';
import { type ContainerImage, judgeImages, undecided } from './judge-images.ts';

const DAY = 86_400_000;
/** A table older than this may not know that a release was cut short. */
const SNAPSHOT_HOLDS = 180 * DAY;

export const imageBaseSupported = defineCheck({
  id: 'image-base-supported',
  title: 'Container images should be built on a distribution release that still gets security updates',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'MEDIUM',
  rationale:
    'After the end of support no vulnerability of the distribution is fixed any more, and most scanners stop naming them: the image looks cleaner while it gets worse.',
  limits: `Knows the distribution where Inspector found something in the image, where layers are looked into, on Windows, and where the builder wrote the base into the manifest. Dates are those of endoflife.date on ${END_OF_LIFE_SNAPSHOT}; support that costs money does not count.`,
  remediation: {
    text: 'Build the image on a release that is supported, and let the build say which (--annotation org.opencontainers.image.base.name).',
    url: 'https://docs.aws.amazon.com/inspector/latest/user/supported.html',
  },
  frameworks: { 'nist-800-190': ['4.1.2'] },
  evaluate: (images, { now }) =>
    judgeImages(images, (image, path) => {
      const distribution = distributionOf(image);
      return distribution === undefined ? withoutDistribution(image) : judgeRelease(distribution, now, `${path}.base`);
    }),
});

function distributionOf({ scan, layers, configuration, baseName }: ContainerImage): Distribution | undefined {
  const platform = scan.known ? scan.value?.platform : undefined;
  const found = platform === undefined ? undefined : distributionOfPlatform(platform);
  if (found !== undefined) return found;
  const inside = layers.known ? layers.value?.distribution : undefined;
  if (inside !== undefined) return inside;
  if (configuration.known && configuration.value.osVersion !== undefined) {
    return { id: 'windows', version: configuration.value.osVersion };
  }
  const base = baseName === undefined ? undefined : parseImageReference(baseName);
  return base === undefined ? undefined : distributionOfBase(base.repository, base.tag);
}

/** Nothing names it: because something could not be read, or because there is none. */
function withoutDistribution({ layers, scan, configuration, baseName }: ContainerImage): Verdict {
  for (const source of [configuration, scan, layers]) if (!source.known) return unknownBecause(source.reason);
  if (baseName?.split('/').at(-1) === 'scratch') return notApplicable('the image has no distribution');
  if (layers.known && layers.value?.complete === true) return notApplicable('the image has no distribution');
  return undecided('Nothing says on which distribution an image is built.');
}

function judgeRelease(distribution: Distribution, now: Date, path: string): Verdict {
  if (isRolling(distribution)) return notApplicable('the distribution has no releases');
  const end = endOfSupport(distribution);
  if (end === undefined) return undecided('The end of support of a distribution release is not known here.');
  const { id, version = '' } = distribution;
  if (Date.parse(end) < now.getTime()) {
    const observed = { distribution: id, release: version, endOfSupport: end, datesOf: END_OF_LIFE_SNAPSHOT };
    return failed('the distribution of an image is out of support', [
      { path, observed, expected: 'a supported release' },
    ]);
  }
  return now.getTime() - Date.parse(END_OF_LIFE_SNAPSHOT) > SNAPSHOT_HOLDS
    ? undecided('The dates of distribution releases known here are out of date: update Hullcheck.')
    : passed();
}
