import { defineCheck } from '../../domain/check.ts';
import type { DockerfileStage } from '../../domain/dockerfile.ts';
import { failed, notApplicable, passed, unknownBecause } from '../../domain/verdict.ts';
import { finalChain, instructionsOf, isWindows, rootImage } from './stages.ts';
import { upgradesSystem } from './system-packages.ts';

/** Images without a package manager, by their names. */
const WITHOUT_PACKAGES =
  /(?:^|\/)distroless(?:\/|$)|^cgr\.dev\/|(?:^|[/_-])busybox(?:[:@]|$)|(?:^|\/)hello-world(?:[:@]|$)/;

/** A base image is as old as its tag; an upgrade closes what was found in it since. */
export const dockerfilePackagesUpgraded = defineCheck({
  id: 'dockerfile-packages-upgraded',
  title: 'Dockerfiles should install the security updates of the base image',
  resourceType: 'Dockerfile',
  baseSeverity: 'LOW',
  rationale:
    'A base image has the packages of the day it was built. Vulnerabilities that were fixed since are in every image built upon it until the base is built again.',
  limits:
    'Judges the commands of the last stage and of what it is built upon. An upgrade that a build cache answers installs nothing new: build with --pull and --no-cache regularly. The age of what runs is judged on the image.',
  remediation: {
    text: 'Upgrade all packages in the last stage, in the layer that cleans up after it: apk upgrade --no-cache, or apt-get update && apt-get upgrade -y && rm -rf /var/lib/apt/lists/*, or dnf upgrade -y && dnf clean all.',
    url: 'https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often',
  },
  frameworks: { 'nist-800-190': ['4.1.2'] },
  evaluate: (dockerfile) => {
    const chain = finalChain(dockerfile);
    if (instructionsOf(chain).some(({ commands }) => commands.some(upgradesSystem))) return passed();
    return judgeWithout(chain);
  },
});

function judgeWithout(chain: readonly DockerfileStage[]) {
  const image = rootImage(chain);
  const path = chain[0]?.path ?? 'FROM[0]';
  if (image === 'scratch' || WITHOUT_PACKAGES.test(image))
    return notApplicable('the base image has no package manager');
  if (isWindows(chain)) return notApplicable('Windows images are updated by their base image');
  const evidence = [{ path, observed: 'no upgrade after it', expected: 'an upgrade of all packages' }];
  return image.includes('$')
    ? unknownBecause(
        { kind: 'undecidable', message: 'A build argument without a default decides about an image.' },
        evidence,
      )
    : failed('the packages of the base image are not upgraded', evidence);
}
