import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, unknownBecause } from '../../domain/verdict.ts';
import { type JudgedRevision, judgeRevisions } from './judge-revisions.ts';
import { isKnownNetworkMode, unknownNetworkMode } from './network-mode.ts';

/**
 * Managed Instances take awsvpc where nothing is said. Fargate takes nothing else, but it must be said: ECS registers no
 * definition for it that leaves it out, so only one that is still a file can.
 */
const AWSVPC_BY_DEFAULT = new Set(['MANAGED_INSTANCES']);

/** In the other modes the tasks of an instance share its network interface and its security groups. */
export const ecsTaskNetworkAwsvpc = defineCheck({
  id: 'ecs-task-network-awsvpc',
  title: 'ECS task definitions should use the awsvpc network mode',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'LOW',
  rationale:
    'Without awsvpc all tasks of an instance share its network interface, so security groups and flow logs cannot tell one task from another.',
  remediation: {
    text: 'Set networkMode to awsvpc and give the services that use the task definition subnets and security groups of their own.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html',
  },
  frameworks: {},
  relatedControls: { 'aws-security-hub': ['ECS.17'], 'nist-800-190': ['4.3.3'] },
  evaluate: (family) =>
    judgeRevisions(family, (revision) => {
      const { networkMode } = revision.definition;
      if (family.managedDaemon) return notApplicable('managed daemons have no network mode');
      if (networkMode === 'awsvpc') return passed();
      if (networkMode === undefined && revision.launchTypes.every((type) => AWSVPC_BY_DEFAULT.has(type)))
        return passed('awsvpc is the default where the tasks run');
      if (networkMode === 'none') return notApplicable('the tasks have no network');
      if (runsOnlyOutsideAws(revision)) return notApplicable('external instances do not support awsvpc');
      if (!isKnownNetworkMode(networkMode)) return unknownBecause(unknownNetworkMode(networkMode));
      return failed('the network mode is not awsvpc', [
        { path: 'networkMode', observed: networkMode ?? null, expected: 'awsvpc' },
      ]);
    }),
});

function runsOnlyOutsideAws(revision: JudgedRevision): boolean {
  return revision.launchTypes.every((type) => type === 'EXTERNAL');
}
