import { defineCheck } from '../../domain/check.ts';
import type { Dockerfile } from '../../domain/dockerfile.ts';
import { failed, notApplicable, passed, type Verdict, worstOf } from '../../domain/verdict.ts';
import {
  type DependencyAction,
  dependencyAction,
  installsDevelopmentRequirements,
} from './application-dependencies.ts';
import { reachesFinalImage } from './reach.ts';
import { joined, type PlacedRun, runsOf } from './stages.ts';

/** Whoever builds needs tests and compilers; whoever runs does not. */
export const dockerfileProductionDependencies = defineCheck({
  id: 'dockerfile-production-dependencies',
  title: 'Dockerfiles should install only the dependencies that production needs',
  resourceType: 'Dockerfile',
  baseSeverity: 'LOW',
  rationale:
    'Dependencies for development make most of what an application brings with it, and most of its vulnerabilities. Nothing in production calls them but an attacker.',
  limits:
    'Judges npm, yarn, pnpm, bun, composer, poetry, pipenv and uv, and pip by the names of its requirements files, where what they install ends up in the last stage. What a script of package.json installs, and what .npmrc sets, is not seen.',
  remediation: {
    text: 'Install with npm ci --omit=dev (yarn install --production, pnpm install --prod, composer install --no-dev, poetry install --only main, uv sync --no-dev), or build in one stage with everything and copy from another that has only this.',
    url: 'https://docs.docker.com/build/building/multi-stage/',
  },
  frameworks: {},
  evaluate: (dockerfile) => {
    const runs = runsOf(dockerfile);
    const pruned = lastPruned(runs);
    return worstOf(
      runs.flatMap((run, index) => judgeRun(dockerfile, run, (key) => (pruned.get(key) ?? -1) > index)),
      notApplicable('no dependencies of an application are installed'),
    );
  },
});

/** The number of the last run of a stage in which a program leaves out what only developers need. */
function lastPruned(runs: readonly PlacedRun[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const [index, run] of runs.entries()) {
    for (const { program, isForProduction } of actionsOf(run)) {
      if (isForProduction) last.set(`${run.stage} ${program}`, index);
    }
  }
  return last;
}

function judgeRun(
  dockerfile: Dockerfile,
  placed: PlacedRun,
  isPrunedLater: (stageAndProgram: string) => boolean,
): readonly Verdict[] {
  const { run, stage, folder } = placed;
  const actions = actionsOf(placed);
  const failure = (program: string) =>
    failed('dependencies for development are installed', [
      { path: run.path, observed: program, expected: 'production dependencies only' },
    ]);
  const prunedHere = new Map(
    actions.flatMap(({ program, isForProduction }, index) => (isForProduction ? [[program, index] as const] : [])),
  );
  const onlyForTests = run.commands.some(installsDevelopmentRequirements);
  if (onlyForTests && placed.isInFinalImage) return [failure('pip install')];
  return actions.map((action, index) => {
    if (action.isForProduction || !reachesFinalImage(dockerfile, stage, joined(folder, action.folder))) return passed();
    // What is taken out in the same layer was never in it; of another stage only what is left is copied.
    const isPruned =
      (prunedHere.get(action.program) ?? -1) > index ||
      (!placed.isInFinalImage && isPrunedLater(`${stage} ${action.program}`));
    return isPruned ? passed() : failure(`${action.program} install`);
  });
}

function actionsOf({ run, settings }: PlacedRun): readonly DependencyAction[] {
  return run.commands.flatMap((command) => dependencyAction(command, { ...settings, ...command.settings }) ?? []);
}
