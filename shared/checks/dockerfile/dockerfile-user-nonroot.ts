import { defineCheck } from '../../domain/check.ts';
import { parseContainerUser } from '../../domain/container-user.ts';
import type { DockerfileStage } from '../../domain/dockerfile.ts';
import { shownImage } from '../../domain/image-judgement.ts';
import { IMAGE_PRACTICES } from '../../domain/image-practices.ts';
import { failed, passed, unknownBecause, type Verdict } from '../../domain/verdict.ts';
import { finalChain, instructionsOf, isWindows, rootImage } from './stages.ts';

const EXPECTED = 'a user other than root';
const { rationale, fix, url } = IMAGE_PRACTICES.userNonroot;

/** The last `USER` counts, of the last stage or of the stages it is built upon. */
export const dockerfileUserNonroot = defineCheck({
  id: 'dockerfile-user-nonroot',
  title: 'Dockerfiles should build images that run as a user other than root',
  resourceType: 'Dockerfile',
  baseSeverity: 'HIGH',
  rationale,
  limits:
    'The last stage is judged. Without USER the base image decides, and most decide for root: that fails, unless the name of the base says otherwise (nonroot, unprivileged) or it is of a publisher whose images do. A user given by name is not resolved to a number. A program that starts as root and lowers itself (gosu) fails: it starts as root.',
  remediation: { text: fix, url },
  frameworks: { 'nist-800-190': ['4.1.2'] },
  evaluate: (dockerfile) => {
    const chain = finalChain(dockerfile);
    const last = instructionsOf(chain).findLast(({ keyword }) => keyword === 'USER');
    if (last === undefined) return judgeBaseUser(chain);
    const [written = ''] = last.words;
    return judgeUser(written, last.path, isWindows(chain));
  },
});

function judgeUser(written: string, path: string, windows: boolean): Verdict {
  const evidence = [{ path, observed: written, expected: EXPECTED }];
  if (written.includes('$')) {
    return unknownBecause(
      { kind: 'undecidable', message: 'A variable without a value decides about the user.' },
      evidence,
    );
  }
  if (windows) {
    const isAdministrator = /(?:^|\\)(?:ContainerAdministrator|Administrator)$/i.test(written.trim());
    return isAdministrator ? failed('the user is an administrator', evidence, ON_WINDOWS) : passed();
  }
  const user = parseContainerUser(written);
  if (user === undefined || user.isRoot) return failed('the user is root', evidence);
  if (user.isRootGroup) return passed("the group is root's", evidence);
  return user.isNamed ? passed('the user name was not resolved to a number', evidence) : passed();
}

const ON_WINDOWS = { severity: 'LOW', because: 'an administrator of a Windows container is none of its host' } as const;

/** Images whose name promises a user, and publishers most of whose images have one. */
const WITHOUT_ROOT = /(?:^|[:/._-])(?:nonroot|rootless|unprivileged)(?:$|[:@/._-])/;
const MOSTLY_WITHOUT_ROOT = /^cgr\.dev\//;

function judgeBaseUser(chain: readonly DockerfileStage[]): Verdict {
  const image = rootImage(chain);
  const evidence = [{ path: 'stage final: USER', observed: null, expected: EXPECTED }];
  if (image.includes('$') || MOSTLY_WITHOUT_ROOT.test(image)) {
    return unknownBecause(
      { kind: 'undecidable', message: 'No user is set, and that of the base image is not known.' },
      evidence,
    );
  }
  if (WITHOUT_ROOT.test(image) || /nanoserver/i.test(image)) {
    return passed('the base image is known to run as another user', [
      { path: chain[0]?.path ?? 'FROM[0]', observed: shownImage(image), expected: EXPECTED },
    ]);
  }
  return isWindows(chain) ? failed('no user is set', evidence, ON_WINDOWS) : failed('no user is set', evidence);
}
