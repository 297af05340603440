import { defineCheck } from '../../domain/check.ts';
import type { Dockerfile, DockerfileInstruction } from '../../domain/dockerfile.ts';
import { IMAGE_PRACTICES } from '../../domain/image-practices.ts';
import { plaintextFailure } from '../../domain/plaintext-secret.ts';
import { isSecretFolder, mayHoldSecret, secretFileKind } from '../../domain/secret-files.ts';
import { type Failed, failed, passed, type Verdict, worstOf } from '../../domain/verdict.ts';
import { finalChain, flagOf } from './stages.ts';

const EXPECTED = 'a secret mount (RUN --mount=type=secret)';
const { rationale, fix, url } = IMAGE_PRACTICES.noSecrets;

/** The detectors looked at the texts when the file was read; here only what they found is known. */
export const dockerfileNoSecrets = defineCheck({
  id: 'dockerfile-no-secrets',
  title: 'Dockerfiles should not put secrets into images',
  resourceType: 'Dockerfile',
  baseSeverity: 'HIGH',
  rationale,
  limits:
    'A secret that looks like ordinary text is not found, nor one in a file whose name says nothing. Whole folders that are copied are judged by dockerfile-copy-scoped.',
  remediation: { text: fix, url },
  frameworks: { 'nist-800-190': ['4.1.4'] },
  evaluate: (dockerfile) => worstOf(failuresOf(dockerfile), passed()),
});

function failuresOf(dockerfile: Dockerfile): readonly Verdict[] {
  const final = new Set(finalChain(dockerfile));
  const inOthers = dockerfile.stages.filter((stage) => !final.has(stage)).flatMap(({ instructions }) => instructions);
  return [
    ...dockerfile.stages.flatMap(({ path, baseText }) => plaintextFailure({ path, text: baseText }, 'no secret') ?? []),
    ...[...final].flatMap(({ instructions }) => instructions).flatMap(failuresIn),
    ...[...dockerfile.globals, ...inOthers].flatMap(failuresIn).map(outsideTheImage),
  ];
}

function failuresIn(instruction: DockerfileInstruction): readonly Failed[] {
  const { keyword, path, texts, words } = instruction;
  const inTexts = texts.flatMap(({ name, text, isSecretPassedIn }) => {
    const failure = plaintextFailure({ path, text, ...(name === undefined ? {} : { variable: name }) }, EXPECTED);
    if (failure !== undefined) return [failure];
    return isSecretPassedIn
      ? [failed('a secret is passed in as a variable', [{ path, observed: ['secret-name'], expected: EXPECTED }])]
      : [];
  });
  if ((keyword !== 'COPY' && keyword !== 'ADD') || flagOf(instruction, 'from') !== undefined) return inTexts;
  const sources = words.slice(0, -1);
  const copied = (files: readonly string[]) => [{ path, observed: files, expected: EXPECTED }];
  const certain = sources.filter((source) => isSecret(withoutStar(source)));
  const possible = sources.filter((source) => mayHoldSecret(withoutStar(source)));
  if (certain.length > 0) return [...inTexts, failed('a file that holds secrets is copied', copied(certain))];
  if (possible.length === 0) return inTexts;
  const lowered = { severity: 'LOW', because: 'the file may hold settings alone' } as const;
  return [...inTexts, failed('a file that may hold a token is copied', copied(possible), lowered)];
}

function isSecret(path: string): boolean {
  return secretFileKind(path) !== undefined || isSecretFolder(path);
}

/** `.env*` takes `.env` along. */
function withoutStar(source: string): string {
  return source.endsWith('*') ? source.slice(0, -1) : source;
}

/** What a build cache keeps is read by fewer people than an image. */
function outsideTheImage(failure: Failed): Failed {
  if (failure.lowered !== undefined) return failure;
  const because = 'the stage is no part of the image, but build caches keep it';
  return { ...failure, lowered: { severity: 'MEDIUM', because } };
}
