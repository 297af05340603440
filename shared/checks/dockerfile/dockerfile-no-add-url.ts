import { defineCheck } from '../../domain/check.ts';
import type { DockerfileInstruction } from '../../domain/dockerfile.ts';
import { failed, passed, unknownBecause, type Verdict, worstOf } from '../../domain/verdict.ts';
import { flagOf } from './stages.ts';

/** What is fetched without a checksum is whatever its server gives out that day. */
export const dockerfileNoAddUrl = defineCheck({
  id: 'dockerfile-no-add-url',
  title: 'Dockerfiles should not add files from URLs without a checksum',
  resourceType: 'Dockerfile',
  baseSeverity: 'MEDIUM',
  rationale:
    'ADD takes what a server answers at the time of the build and checks nothing: whoever controls the address, or the way to it, puts a file into the image.',
  limits:
    'Downloads by curl or wget in a RUN are not judged. A Git repository counts as checked where a whole commit is named.',
  remediation: {
    text: 'Give ADD the checksum of the file (--checksum=sha256:...) or name a whole commit, or keep the file beside the Dockerfile and COPY it.',
    url: 'https://docs.docker.com/reference/dockerfile/#add---checksum',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.1.2'] },
  evaluate: ({ stages }) =>
    worstOf(
      stages.flatMap(({ instructions }) => instructions.filter(({ keyword }) => keyword === 'ADD').map(judgeAdd)),
      passed(),
    ),
});

const EXPECTED = 'a checksum';

function judgeAdd(add: DockerfileInstruction): Verdict {
  const sources = add.words.slice(0, -1);
  const hasChecksum = (flagOf(add, 'checksum') ?? '') !== '';
  if (sources.some((source) => isRemote(source) && !isCommit(source))) {
    if (hasChecksum) return passed();
    // Addresses may hold credentials, so that only what the source is is told.
    return failed('a file is added from a URL without a checksum', [
      { path: add.path, observed: 'a URL', expected: EXPECTED },
    ]);
  }
  if (!sources.some((source) => source.startsWith('$')) || hasChecksum) return passed();
  return unknownBecause({ kind: 'undecidable', message: 'A variable without a value decides about what is added.' }, [
    { path: add.path, observed: 'a variable', expected: EXPECTED },
  ]);
}

function isRemote(source: string): boolean {
  return /^(?:https?|ftp|git|ssh):\/\/|^git@/i.test(source);
}

/** A commit of a Git repository is its own checksum; of other addresses the part behind `#` is never sent. */
function isCommit(source: string): boolean {
  const isGit = /^(?:git|ssh):\/\/|^git@|^https?:\/\/[^#]+\.git(?:#|$)/i.test(source);
  return isGit && /#[0-9a-f]{40}(?::|$)/i.test(source);
}
