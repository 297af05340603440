import { defineCheck } from '../../domain/check.ts';
import type { Dockerfile, DockerfileCommand, DockerfileInstruction } from '../../domain/dockerfile.ts';
import { failed, passed, unknownBecause, type Verdict, worstOf } from '../../domain/verdict.ts';
import { isIgnored } from './docker-ignore.ts';
import { copiesOf, type PlacedCopy, reachesFinalImage } from './reach.ts';
import { finalChain, flagOf, instructionsOf, joined, oncePerFile } from './stages.ts';

/** What lies beside most Dockerfiles and belongs into no image. */
const UNWANTED = ['.git', '.env'] as const;

/** As many deletions as anybody looks at. */
const DELETIONS_TOLD = 10;

/** A layer keeps what a later one deletes. */
export const dockerfileCopyScoped = defineCheck({
  id: 'dockerfile-copy-scoped',
  title: 'Dockerfiles should copy only what the image needs',
  resourceType: 'Dockerfile',
  baseSeverity: 'MEDIUM',
  rationale:
    'COPY . . takes whatever lies in the folder: the history of the repository, .env files, keys. Deleted by a later instruction they stay in the layer before it, for everyone who may pull the image.',
  limits:
    'Judges copies of the whole context that end up in the last stage. The .dockerignore is the one named after the Dockerfile, beside it, or in the working directory; it has to keep out .git and .env. What else lies in the folder is not looked at.',
  remediation: {
    text: 'Copy what is needed by name (COPY src/ src/), and list .git, .env* and everything else that the build does not need in a .dockerignore.',
    url: 'https://docs.docker.com/build/concepts/context/#dockerignore-files',
  },
  frameworks: { 'nist-800-190': ['4.1.4'] },
  evaluate: (dockerfile) =>
    worstOf(
      copiesOf(dockerfile).flatMap((copies, stage) => copies.flatMap((copy) => judgeCopy(dockerfile, stage, copy))),
      passed(),
    ),
});

function judgeCopy(dockerfile: Dockerfile, stage: number, copy: PlacedCopy): readonly Verdict[] {
  const { instruction, sources, destination } = copy;
  if (flagOf(instruction, 'from') !== undefined) return [];
  const { path } = instruction;
  const named = sources.filter((source) => joined('/', source) === '/.git');
  const whole = sources.find(isWholeContext);
  if (whole === undefined && named.length === 0) return [];
  if (!UNWANTED.some((name) => reachesFinalImage(dockerfile, stage, joined(destination, name)))) return [];
  if (whole === undefined) {
    return [failed('the history of the repository is copied', [{ path, observed: named, expected: 'not copied' }])];
  }
  const excluded = instruction.flags.flatMap(({ name, value }) => (name === 'exclude' ? [value] : []));
  if (UNWANTED.every((name) => isIgnored(name, excluded))) return [passed()];
  const deletions = laterDeletions(dockerfile, stage, instruction);
  // From a stage that the image is not built upon only what is left is copied.
  if (deletions.length > 0 && !isInImage(dockerfile, stage)) return [passed()];
  const evidence = { path, observed: whole, expected: 'only what the image needs' };
  return [judgeIgnore(dockerfile, excluded, evidence, deletions)];
}

/** Docker takes what leads out of the context for its root. */
function isWholeContext(source: string): boolean {
  return source !== '' && (/^[./*]*$/.test(source) || joined('/', source) === '/');
}

function isInImage(dockerfile: Dockerfile, stage: number): boolean {
  return finalChain(dockerfile).some((link) => link === dockerfile.stages[stage]);
}

/** What of the unwanted the .dockerignore keeps out. */
const keptOut = oncePerFile(({ dockerIgnore }) => {
  const patterns = dockerIgnore.known ? (dockerIgnore.value ?? []) : [];
  return new Set(UNWANTED.filter((name) => isIgnored(name, patterns)));
});

function judgeIgnore(
  dockerfile: Dockerfile,
  excluded: readonly string[],
  copied: { readonly path: string; readonly observed: string; readonly expected: string },
  deletions: readonly string[],
): Verdict {
  const ignore = dockerfile.dockerIgnore;
  const missing = ignore.known
    ? UNWANTED.filter((name) => !isIgnored(name, excluded, keptOut(dockerfile).has(name)))
    : undefined;
  if (missing?.length === 0) return passed('the .dockerignore keeps out what does not belong into the image');
  const unwanted = {
    path: '.dockerignore',
    observed: ignore.known ? (ignore.value === null ? null : 'does not keep them out') : 'unknown',
    expected: [...(missing ?? UNWANTED)],
  };
  if (deletions.length > 0) {
    return failed('what is deleted later stays in the layer that copied it', [
      copied,
      ...deletions.map((path) => ({ path, observed: 'rm', expected: 'never copied' })),
      unwanted,
    ]);
  }
  if (!ignore.known) return unknownBecause(ignore.reason, [copied, unwanted]);
  return ignore.value === null
    ? failed('everything is copied and there is no .dockerignore', [copied, unwanted])
    : failed('everything is copied and the .dockerignore lets secrets or history in', [copied, unwanted]);
}

/** Instructions after a copy that delete what should not have come along. */
function laterDeletions(dockerfile: Dockerfile, stage: number, copy: DockerfileInstruction): readonly string[] {
  const { deletions, earlier } = deletionsIn(dockerfile)[stage] ?? { deletions: [], earlier: new Map() };
  const first = earlier.get(copy) ?? 0;
  return deletions.slice(first, first + DELETIONS_TOLD);
}

/** By stage: the paths of the instructions that delete, and how many of them are before each instruction. */
const deletionsIn = oncePerFile(({ stages }) =>
  stages.map((stage) => {
    const deletions: string[] = [];
    const earlier = new Map<DockerfileInstruction, number>();
    for (const instruction of instructionsOf([stage])) {
      earlier.set(instruction, deletions.length);
      if (instruction.commands.some(deletesUnwanted)) deletions.push(instruction.path);
    }
    return { deletions, earlier };
  }),
);

function deletesUnwanted({ program, words }: DockerfileCommand): boolean {
  return program === 'rm' && words.some((word) => /(?:^|\/)\.(?:git|env)(?:$|[*./])/.test(word));
}
