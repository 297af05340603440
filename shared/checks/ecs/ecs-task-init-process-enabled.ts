import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed } from '../../domain/verdict.ts';
import { judgeContainers } from './judge-revisions.ts';
import { unlessOnLinux } from './platform.ts';

/** Programs that forward signals and reap children as process 1. */
const INIT_PROGRAMS = new Set(['catatonit', 'docker-init', 'dumb-init', 'init', 's6-svscan', 'tini', 'tini-static']);
/** With one of these, process 1 belongs to the host or to the task and not to the container. */
const SHARED_PID_MODES = new Set(['host', 'shared', 'task']);

/** Judges what the task definition says; the image's own entry point is not known here. */
export const ecsTaskInitProcessEnabled = defineCheck({
  id: 'ecs-task-init-process-enabled',
  title: 'ECS task definitions should run an init process in containers',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'LOW',
  rationale:
    'An application as process 1 does not reap dead children and often ignores SIGTERM: processes pile up and stops end in a kill.',
  limits: "An init program that the image's own ENTRYPOINT starts is not seen.",
  remediation: {
    text: 'Set linuxParameters.initProcessEnabled to true in every container definition, or start tini or dumb-init as the entry point.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinuxParameters.html',
  },
  frameworks: {},
  evaluate: (family) =>
    judgeContainers(family, (container, path, revision) => {
      const elsewhere = unlessOnLinux(revision, 'an init process');
      if (elsewhere) return elsewhere;
      if (SHARED_PID_MODES.has(revision.definition.pidMode ?? ''))
        return notApplicable('process 1 is not the one of the container');
      const program = container.firstProgram?.split('/').at(-1);
      if (container.initProcessEnabled === true || INIT_PROGRAMS.has(program ?? '')) return passed();
      return failed('no init process runs', [
        {
          path: `${path}.linuxParameters.initProcessEnabled`,
          observed: container.initProcessEnabled ?? null,
          expected: true,
        },
      ]);
    }),
});
