import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgeContainers } from './judge-revisions.ts';
import { unlessOnLinux } from './platform.ts';
import { isFluentBitInit } from './sidecars.ts';

/** A writable root file system lets whoever breaks into a container replace its programs and stay. */
export const ecsTaskRootFilesystemReadonly = defineCheck({
  id: 'ecs-task-root-filesystem-readonly',
  title: 'ECS task definitions should give containers read-only access to their root file systems',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'HIGH',
  rationale:
    'An attacker who can write to the root file system can replace binaries, drop tools and persist until the task is replaced.',
  limits:
    'The init variant of AWS for Fluent Bit is exempt where it is the FireLens router, because it writes to its root file system when it starts.',
  remediation: {
    text: 'Set readonlyRootFilesystem to true in every container definition and mount volumes for the paths that must be writable.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-5',
  },
  frameworks: { 'aws-fsbp': ['ECS.5'], 'nist-800-190': ['4.4.4'] },
  overlapsWith: ['ECS.5'],
  evaluate: (family) =>
    judgeContainers(family, (container, path, revision) => {
      const elsewhere = unlessOnLinux(revision, 'a read-only root file system');
      if (elsewhere) return elsewhere;
      if (container.readonlyRootFilesystem === true) return passed();
      const observed = container.readonlyRootFilesystem ?? null;
      if (isFluentBitInit(container, revision.definition))
        return passed('the FireLens router of AWS in its init variant is exempt', [
          {
            path: `${path}.readonlyRootFilesystem`,
            observed,
            expected: 'exempt: it writes its configuration at start',
          },
        ]);
      return failed('the root file system is writable', [
        { path: `${path}.readonlyRootFilesystem`, observed, expected: true },
      ]);
    }),
});
