import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause } from '../../domain/verdict.ts';
import { judgeRevisions } from './judge-revisions.ts';
import { isKnownNetworkMode, unknownNetworkMode } from './network-mode.ts';

/** Only the literal mode `host` is the host's network: no mode at all is Docker's bridge. */
export const ecsTaskNoHostNetwork = defineCheck({
  id: 'ecs-task-no-host-network',
  title: 'ECS task definitions should not use the network of the host',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'HIGH',
  severityNote:
    "AWS rates ECS.17 Medium. On the host's network a task reaches the instance's own metadata service and all services that listen on loopback, whatever user it runs as.",
  rationale:
    "A task on the host's network can take the instance's credentials from its metadata service, listen on its ports and reach services that trust loopback.",
  remediation: {
    text: 'Set networkMode to awsvpc, which gives each task a network interface and security groups of its own.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-17',
  },
  frameworks: { 'aws-security-hub': ['ECS.17'] },
  relatedControls: { 'nist-800-190': ['4.4.2'] },
  overlapsWith: ['ECS.17'],
  evaluate: (family) =>
    judgeRevisions(family, ({ definition: { networkMode } }) => {
      if (networkMode === 'host')
        return failed("the task uses the host's network", [
          { path: 'networkMode', observed: networkMode, expected: 'awsvpc' },
        ]);
      return isKnownNetworkMode(networkMode) ? passed() : unknownBecause(unknownNetworkMode(networkMode));
    }),
});
