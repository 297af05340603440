import { dangerousCapabilities } from '../../domain/capabilities.ts';
import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgeContainers } from './judge-revisions.ts';
import { runsOnlyOnFargate, unlessOnLinux } from './platform.ts';

/** What is added counts whatever is dropped beside it, because dropping comes first. */
export const ecsTaskNoDangerousCapabilities = defineCheck({
  id: 'ecs-task-no-dangerous-capabilities',
  title: 'ECS task definitions should not add dangerous Linux capabilities to containers',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'HIGH',
  rationale:
    'Capabilities such as SYS_ADMIN, SYS_MODULE, SYS_PTRACE or NET_ADMIN reach beyond the container: its kernel, its network, other processes. With one of them an escape needs no further flaw.',
  limits: 'A privileged container holds all capabilities; ecs-task-not-privileged reports it.',
  remediation: {
    text: 'Remove the capability from linuxParameters.capabilities.add, or move what needs it to a task of its own on separate instances.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html',
  },
  frameworks: { 'nist-800-190': ['4.4.3'] },
  evaluate: (family) =>
    judgeContainers(family, (container, path, revision) => {
      const elsewhere = unlessOnLinux(revision, 'Linux capabilities');
      if (elsewhere) return elsewhere;
      const added = dangerousCapabilities({ add: container.capabilitiesAdd, drop: container.capabilitiesDrop });
      if (added.length === 0) return passed();
      const evidence = [
        { path: `${path}.linuxParameters.capabilities.add`, observed: added, expected: 'no dangerous capabilities' },
      ];
      // Fargate takes SYS_PTRACE only, and gives each task a kernel of its own.
      return runsOnlyOnFargate(revision)
        ? failed('a dangerous capability is added', evidence, {
            severity: 'LOW',
            because: 'Fargate runs each task on a kernel of its own',
          })
        : failed('a dangerous capability is added', evidence);
    }),
});
