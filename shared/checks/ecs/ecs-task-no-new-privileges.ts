import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed } from '../../domain/verdict.ts';
import { judgeContainers } from './judge-revisions.ts';
import { unlessOnLinuxInstances } from './platform.ts';

/** `no-new-privileges`, or with a value as Docker reads it. */
const OPTION = /^no-new-privileges(?:[:=](.*))?$/i;
const TRUE = new Set(['1', 't', 'true']);

/** The option makes set-user-id programs harmless. */
export const ecsTaskNoNewPrivileges = defineCheck({
  id: 'ecs-task-no-new-privileges',
  title: 'ECS task definitions should keep containers on instances from gaining new privileges',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'LOW',
  rationale:
    'Without no-new-privileges a process that is not root can become root through a set-user-id program that the image holds.',
  limits: 'A daemon that the container runtime starts with this option for all containers is not seen.',
  remediation: {
    text: 'Add no-new-privileges to dockerSecurityOptions of every container definition that runs on EC2 instances.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html',
  },
  frameworks: { 'nist-800-190': ['4.4.3'] },
  evaluate: (family) =>
    judgeContainers(family, (container, path, revision) => {
      if (family.managedDaemon) return notApplicable('managed daemons have no Docker security options');
      const elsewhere = unlessOnLinuxInstances(revision, 'no-new-privileges');
      if (elsewhere) return elsewhere;
      const set = container.dockerSecurityOptions.flatMap((option) => {
        const match = OPTION.exec(option.trim());
        return match === null ? [] : [match[1] === undefined || TRUE.has(match[1].toLowerCase())];
      });
      // Docker lets the last one win.
      if (set.at(-1) === true) return passed();
      return failed('a container may gain new privileges', [
        {
          path: `${path}.dockerSecurityOptions`,
          observed: container.dockerSecurityOptions,
          expected: ['no-new-privileges'],
        },
      ]);
    }),
});
