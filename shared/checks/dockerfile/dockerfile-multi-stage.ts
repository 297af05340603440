import { defineCheck } from '../../domain/check.ts';
import type { Dockerfile, DockerfileCommand, DockerfileInstruction } from '../../domain/dockerfile.ts';
import { parseImageReference } from '../../domain/image-reference.ts';
import { failed, notApplicable, passed } from '../../domain/verdict.ts';
import { dependencyAction } from './application-dependencies.ts';
import { finalChain, flagOf, instructionsOf, rootImage } from './stages.ts';

/** Images whose purpose is to build. */
const TOOLCHAIN =
  /(?:^|\/)(?:golang|rust|maven|gradle|gcc|buildpack-deps|haskell|swift|sdk|go-toolset|build-image-[\w.-]+)$/;

/** What is needed to build stays in a stage that is thrown away. */
export const dockerfileMultiStage = defineCheck({
  id: 'dockerfile-multi-stage',
  title: 'Dockerfiles should build in one stage and run in another',
  resourceType: 'Dockerfile',
  baseSeverity: 'LOW',
  rationale:
    'Compilers, headers, sources and package managers that an image was built with are vulnerabilities to patch and tools for an attacker, and nothing in production uses them.',
  limits:
    'Judges what the commands of the last stage build or install. Installing dependencies counts as building where the file has no other stage to copy from. Python packages do not: pip in the last stage is common and often harmless.',
  remediation: {
    text: 'Install and compile in a first stage (FROM ... AS builder), begin the last stage from a small image, and take only the result over by COPY --from=builder.',
    url: 'https://docs.docker.com/build/building/multi-stage/',
  },
  frameworks: { 'nist-800-190': ['4.1.2'] },
  evaluate: (dockerfile) => {
    const chain = finalChain(dockerfile);
    const own = instructionsOf(chain);
    const path = chain[0]?.path ?? 'FROM[0]';
    const tools = own.filter(({ buildTools }) => buildTools.length > 0);
    if (tools.length > 0) {
      return failed(
        'the image keeps build tools',
        tools.map((run) => ({ path: run.path, observed: [...run.buildTools], expected: 'a stage of their own' })),
      );
    }
    const image = parseImageReference(rootImage(chain));
    if (image !== undefined && TOOLCHAIN.test(image.repository)) {
      return failed('the image is built upon a toolchain', [
        { path, observed: rootImage(chain), expected: 'an image to run in' },
      ]);
    }
    return judgeBuilding(dockerfile, own);
  },
});

function judgeBuilding(dockerfile: Dockerfile, own: readonly DockerfileInstruction[]) {
  const takesOver = own.some((one) => one.keyword === 'COPY' && flagOf(one, 'from') !== undefined);
  const building = own.filter(({ commands }) =>
    commands.some((command) => compiles(command) || (!takesOver && dependencyAction(command, {}) !== undefined)),
  );
  if (building.length > 0) {
    return failed(
      'the image is built in the stage it runs from',
      building.map(({ path }) => ({ path, observed: 'builds', expected: 'a stage of its own' })),
    );
  }
  return takesOver || dockerfile.stages.length > 1 ? passed() : notApplicable('nothing is built');
}

/** Programs that make a program, by what they are asked to do. */
const COMPILING: Readonly<Record<string, RegExp>> = {
  go: /^(?:build|install)$/,
  cargo: /^(?:build|install)$/,
  mvn: /^(?:package|install|verify|compile|deploy)$/,
  mvnw: /^(?:package|install|verify|compile|deploy)$/,
  gradle: /build|assemble|jar|dist/i,
  gradlew: /build|assemble|jar|dist/i,
  dotnet: /^(?:build|publish)$/,
  npm: /^(?:build|compile)(?::.*)?$/,
  yarn: /^(?:build|compile)(?::.*)?$/,
  pnpm: /^(?:build|compile)(?::.*)?$/,
  bun: /^(?:build|compile)(?::.*)?$/,
};
const COMPILERS = new Set(['make', 'cmake', 'gcc', 'g++', 'javac', 'rustc', 'tsc']);

function compiles({ program, words }: DockerfileCommand): boolean {
  if (COMPILERS.has(program)) return true;
  const verbs = Object.hasOwn(COMPILING, program) ? COMPILING[program] : undefined;
  return verbs !== undefined && words.some((word) => !word.startsWith('-') && verbs.test(word));
}
