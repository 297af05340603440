import { defineCheck } from '../../domain/check.ts';
import type { DockerfileCommand, DockerfileInstruction } from '../../domain/dockerfile.ts';
import { failed, passed, type Verdict, worstOf } from '../../domain/verdict.ts';
import { APPLICATION_CACHES } from './application-caches.ts';
import { type PlacedRun, runsOf } from './stages.ts';
import { SYSTEM_PACKAGE_MANAGERS, systemPackageAction } from './system-packages.ts';

/** What a layer has, a later layer hides at best: who fills a cache has to empty it in the same RUN. */
export const dockerfilePackageCacheCleaned = defineCheck({
  id: 'dockerfile-package-cache-cleaned',
  title: 'Dockerfiles should delete package caches in the layer that fills them',
  resourceType: 'Dockerfile',
  baseSeverity: 'LOW',
  rationale:
    'Indexes and caches of package managers make each pull and each start slower, tell attackers what is installed, and let outdated indexes answer the next build.',
  limits:
    'Judges apt, apk, dnf, yum, microdnf, zypper, pip, npm, yarn, pnpm and composer by their commands. A cache mount (RUN --mount=type=cache) or a deletion in the same RUN counts; one in a later RUN leaves the layer as large as it is.',
  remediation: {
    text: 'Delete the cache in the RUN that fills it: apk add --no-cache (and no apk update), rm -rf /var/lib/apt/lists/*, dnf clean all, pip install --no-cache-dir, npm cache clean --force; or keep it out of the image by RUN --mount=type=cache.',
    url: 'https://docs.docker.com/build/building/best-practices/#apt-get',
  },
  frameworks: {},
  evaluate: (dockerfile) => worstOf(runsOf(dockerfile).flatMap(judgeRun), passed()),
});

function judgeRun({ run, settings, isInFinalImage }: PlacedRun): readonly Verdict[] {
  const left = [...new Set([...systemCachesLeft(run), ...applicationCachesLeft(run, settings)])].sort();
  if (left.length === 0) return [];
  const evidence = [{ path: run.path, observed: left, expected: 'a cache that the same RUN deletes' }];
  const reason = 'a layer keeps the cache of a package manager';
  if (isInFinalImage) return [failed(reason, evidence)];
  return [failed(reason, evidence, { severity: 'INFORMATIONAL', because: 'the stage is no part of the image' })];
}

/** The managers whose cache stays, by the program that filled it and what it did. */
function systemCachesLeft(run: DockerfileInstruction): readonly string[] {
  const actions = run.commands.flatMap((command) =>
    systemPackageAction(command)?.action === undefined ? [] : [command],
  );
  return SYSTEM_PACKAGE_MANAGERS.flatMap((manager) => {
    if (isEmptied(run, manager.cache)) return [];
    const own = actions.flatMap((command) => {
      const done = systemPackageAction(command);
      return done?.manager === manager ? [{ command, action: done.action }] : [];
    });
    if (own.some(({ action }) => action === 'clean')) return [];
    return own
      .filter(
        ({ command, action }) =>
          action !== 'clean' &&
          manager.leaves.includes(action) &&
          !(manager.cacheless !== undefined && command.words.includes(manager.cacheless)),
      )
      .map(({ command, action }) => `${command.program} ${action === 'refresh' ? 'update' : action}`);
  });
}

function applicationCachesLeft(
  run: DockerfileInstruction,
  settings: Readonly<Record<string, string>>,
): readonly string[] {
  return APPLICATION_CACHES.flatMap((cache) => {
    if (
      isEmptied(run, cache.folder) ||
      run.commands.some((command) => isOf(cache.program, command) && cache.cleans(command.words))
    )
      return [];
    return run.commands
      .filter(
        (command) => isOf(cache.program, command) && cache.fills(command.words, { ...settings, ...command.settings }),
      )
      .map(() => `${cache.program} install`);
  });
}

function isOf(program: string, command: DockerfileCommand): boolean {
  return command.program === program;
}

/** Deleted by the same RUN, or never in the image because something else is mounted there. */
function isEmptied({ commands, flags }: DockerfileInstruction, folder: RegExp): boolean {
  const mounted = flags.some(
    ({ name, value }) =>
      name === 'mount' &&
      /(?:^|,)type=(?:cache|tmpfs)(?:,|$)/.test(value) &&
      folder.test(/(?:^|,)(?:target|dst|destination)=([^,]+)/.exec(value)?.[1] ?? ''),
  );
  const deleted = commands.some(
    ({ program, words }) => (program === 'rm' || program === 'find') && words.some((word) => folder.test(word)),
  );
  return mounted || deleted;
}
