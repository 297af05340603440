import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgeContainers } from './judge-revisions.ts';
import { unlessOnLinuxInstances } from './platform.ts';

/** A privileged container is root on its host in all but name. */
export const ecsTaskNotPrivileged = defineCheck({
  id: 'ecs-task-not-privileged',
  title: 'ECS task definitions should not run containers as privileged',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'CRITICAL',
  severityNote:
    'AWS rates ECS.4 High. A privileged container has every capability and all devices of the instance, so breaking into it is taking over the instance and every task on it.',
  rationale:
    'A privileged container holds all capabilities and devices of its instance: who breaks into it takes over the instance, its credentials and every other task there.',
  remediation: {
    text: 'Remove privileged from the container definition, and add the single capability or device the container needs under linuxParameters.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-4',
  },
  frameworks: { 'aws-fsbp': ['ECS.4'], 'nist-800-190': ['4.4.3'] },
  overlapsWith: ['ECS.4'],
  evaluate: (family) =>
    judgeContainers(family, (container, path, revision) => {
      const elsewhere = unlessOnLinuxInstances(revision, 'privileged containers');
      if (elsewhere) return elsewhere;
      if (container.privileged !== true) return passed();
      return failed('a container is privileged', [{ path: `${path}.privileged`, observed: true, expected: false }]);
    }),
});
