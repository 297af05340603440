import { undroppedCapabilities } from '../../domain/capabilities.ts';
import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgeContainers } from './judge-revisions.ts';
import { unlessOnLinux } from './platform.ts';

/** Adding single capabilities back after dropping all is how it is meant to be done. */
export const ecsTaskCapabilitiesDropped = defineCheck({
  id: 'ecs-task-capabilities-dropped',
  title: 'ECS task definitions should drop all Linux capabilities of containers',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'MEDIUM',
  rationale:
    'A container that drops nothing keeps fourteen capabilities, among them raw network packets and changing the owner of files, which attackers use and applications seldom need.',
  remediation: {
    text: 'Set linuxParameters.capabilities.drop to ["ALL"] in every container definition and add back only what the container needs.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html',
  },
  frameworks: { 'nist-800-190': ['4.4.3'] },
  evaluate: (family) =>
    judgeContainers(family, (container, path, revision) => {
      const elsewhere = unlessOnLinux(revision, 'Linux capabilities');
      if (elsewhere) return elsewhere;
      const { capabilitiesAdd, capabilitiesDrop, privileged } = container;
      const drop = {
        path: `${path}.linuxParameters.capabilities.drop`,
        observed: [...capabilitiesDrop].sort(),
        expected: ['ALL'],
      };
      if (privileged === true)
        return failed('the container is privileged, so dropping capabilities has no effect', [
          drop,
          { path: `${path}.privileged`, observed: true, expected: false },
        ]);
      if (undroppedCapabilities({ add: container.capabilitiesAdd, drop: container.capabilitiesDrop }).length === 0)
        return passed();
      return failed(
        capabilitiesDrop.length === 0 ? 'no capabilities are dropped' : 'not all capabilities are dropped',
        capabilitiesAdd.length === 0
          ? [drop]
          : [
              drop,
              {
                path: `${path}.linuxParameters.capabilities.add`,
                observed: [...capabilitiesAdd].sort(),
                expected: 'single capabilities, after dropping ALL',
              },
            ],
      );
    }),
});
