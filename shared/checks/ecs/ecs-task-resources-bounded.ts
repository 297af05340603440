import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { type Evidence, failed, passed, type Verdict, worstOf } from '../../domain/verdict.ts';
import { type ContainerDefinition, type JudgedRevision, judgeRevisions, worstOfContainers } from './judge-revisions.ts';
import { runsOnlyOnFargate } from './platform.ts';

/**
 * Memory that nothing bounds is taken from the neighbours. A container's `cpu` is a share on Linux and no ceiling, so
 * it is evidence only.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
export const ecsTaskResourcesBounded = defineCheck({
  id: 'ecs-task-resources-bounded',
  title: 'ECS task definitions should bound the memory of their containers',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'LOW',
  rationale:
    'A container without a hard memory limit can take all memory of its instance, and the kernel then kills whatever it likes, other tasks included.',
  remediation: {
    text: 'Set memory for the task, or in every container definition; on Windows instances only the memory of the containers counts.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.4.3'] },
  parameters: z.strictObject({
    requireCpu: z
      .boolean()
      .default(false)
      .describe('Also ask for a CPU ceiling on instances: the cpu of the task, on Windows that of each container.'),
  }),
  evaluate: (family, { parameters }) =>
    judgeRevisions(family, (revision) => {
      if (runsOnlyOnFargate(revision)) return judgeSize(revision);
      const verdicts = [judgeMemory(revision)];
      if (parameters.requireCpu) verdicts.push(judgeCpu(revision));
      return worstOf(verdicts, passed());
    }),
});

/** Fargate starts no task without a size; only a definition that is still a file can lack it. */
function judgeSize({ definition }: JudgedRevision): Verdict {
  const missing = (['cpu', 'memory'] as const).filter((field) => !isSet(definition[field]));
  if (missing.length === 0) return passed('Fargate bounds CPU and memory of every task');
  return failed(
    'the task has no size, which Fargate requires',
    missing.map((field) => ({ path: field, observed: definition[field] ?? null, expected: 'the size of the task' })),
  );
}

function judgeMemory(revision: JudgedRevision) {
  if (!revision.windows && isSet(revision.definition.memory)) return passed();
  return worstOfContainers(revision, (container, path) =>
    isSet(container.memory)
      ? passed()
      : failed('memory is not bounded', [
          { path: `${path}.memory`, observed: container.memory ?? null, expected: 'a hard limit' },
          ...context(container, path),
        ]),
  );
}

function judgeCpu(revision: JudgedRevision) {
  if (revision.windows)
    return worstOfContainers(revision, (container, path) =>
      isSet(container.cpu)
        ? passed()
        : failed('CPU is not bounded', [{ path: `${path}.cpu`, observed: container.cpu ?? null, expected: 'a limit' }]),
    );
  if (isSet(revision.definition.cpu)) return passed();
  return failed('CPU is not bounded', [
    { path: 'cpu', observed: revision.definition.cpu ?? null, expected: 'a limit of the task' },
  ]);
}

/** What helps to choose a limit and decides nothing. */
function context({ memoryReservation, cpu }: ContainerDefinition, path: string): readonly Evidence[] {
  return [
    { path: `${path}.memoryReservation`, observed: memoryReservation ?? null, expected: 'any: no ceiling' },
    { path: `${path}.cpu`, observed: cpu ?? null, expected: 'any: a share and no ceiling' },
  ];
}

function isSet(limit: string | number | undefined): boolean {
  return limit !== undefined && limit !== '' && Number(limit) !== 0;
}
