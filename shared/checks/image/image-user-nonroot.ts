import { defineCheck } from '../../domain/check.ts';
import { parseContainerUser } from '../../domain/container-user.ts';
import { IMAGE_PRACTICES } from '../../domain/image-practices.ts';
import { failed, notApplicable, passed } from '../../domain/verdict.ts';
import { type ContainerImage, type ContainerImages, isWindows, judgeConfigurations } from './judge-images.ts';

const EXPECTED = 'a user other than root';

/** The user that a container gets where nothing else says one. */
export const imageUserNonroot = defineCheck({
  id: 'image-user-nonroot',
  title: 'Container images should run as a user other than root',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'HIGH',
  rationale: IMAGE_PRACTICES.userNonroot.rationale,
  limits:
    'Whether a user given by name has the number 0 in the image is not known. A container may set another user; where all that runs the image does so, the severity is LOW.',
  remediation: {
    text: IMAGE_PRACTICES.userNonroot.fix,
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html',
  },
  frameworks: { 'nist-800-190': ['4.1.2'] },
  evaluate: (images) => {
    const lowered = (image: ContainerImage) => overridden(images, image);
    return judgeConfigurations(images, (configuration, path, image) => {
      if (isWindows(configuration)) return notApplicable('Windows has no user called root');
      const user = parseContainerUser(configuration.user);
      const evidence = [{ path: `${path}.User`, observed: configuration.user ?? null, expected: EXPECTED }];
      if (user === undefined) return failed('an image sets no user, which means root', evidence, lowered(image));
      if (user.isRoot) return failed('the user of an image is root', evidence, lowered(image));
      return user.isNamed ? passed('the user name was not resolved to a number', evidence) : passed();
    });
  },
});

/** What runs it without being known may leave the user to it. */
function overridden({ usesListed, runsUnknownDigest }: ContainerImages, { uses }: ContainerImage) {
  const areAllKnown = usesListed.known && !runsUnknownDigest;
  return areAllKnown && uses !== undefined && uses.all > 0 && uses.withOwnUser === uses.all
    ? ({ severity: 'LOW', because: 'all that runs it sets another user' } as const)
    : undefined;
}
