import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import type { UnknownReason } from '../../domain/observed.ts';
import { failed, passed, unknownBecause, type Verdict, whenKnown, worstOf } from '../../domain/verdict.ts';
import { versionNumbers } from '../../domain/version.ts';
import { type Cluster, type ContainerInstance, judgeInstances } from './judge-instances.ts';

const HOUR_MS = 60 * 60 * 1000;

/** The agent starts every container of its instance, as root. */
export const ecsClusterAgentsCurrent = defineCheck({
  id: 'ecs-cluster-agents-current',
  title: 'ECS clusters should have connected container agents of a current version',
  resourceType: 'AwsEcsCluster',
  baseSeverity: 'LOW',
  rationale:
    'An old agent keeps vulnerabilities that newer ones have fixed and lacks newer controls; one that is not connected neither stops nor replaces what runs on its instance.',
  limits:
    'Current is what the newest ECS-optimized AMI of the same operating system carries. Bottlerocket and external instances have no such baseline. One look cannot tell a lasting disconnection from a reconnect.',
  remediation: {
    text: 'Replace the instances by ones from the current ECS-optimized AMI, or update their agents; on instances that stay disconnected, look at the agent log and at the way to the ECS endpoints.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-update.html',
  },
  frameworks: { 'nist-800-190': ['4.4.1'] },
  relatedControls: { 'nist-800-190': ['4.5.3'] },
  parameters: z.strictObject({
    maxAgentLag: z
      .number()
      .int()
      .nonnegative()
      .default(3)
      .describe('How many minor releases an agent may be behind the current one.'),
  }),
  evaluate: (cluster, { now, parameters }) =>
    judgeInstances(
      cluster,
      ({ capacityKind }) => capacityKind !== 'MANAGED_INSTANCES',
      'the cluster has no container instances whose agents the account keeps current',
      (instance, path) =>
        worstOf(
          [judgeVersion(cluster, instance, path, parameters.maxAgentLag), judgeConnection(instance, path, now)],
          passed(),
        ),
    ),
});

function judgeVersion(cluster: Cluster, instance: ContainerInstance, path: string, maxLag: number): Verdict {
  const evidence = { path: `${path}.versionInfo.agentVersion`, observed: instance.agentVersion ?? null };
  if (hasNoBaseline(cluster, instance)) {
    return unknownBecause(noBaseline('The platform of a container instance has no published agent version.'), [
      { ...evidence, expected: null },
    ]);
  }
  return whenKnown(cluster.currentAgentVersions, (byOs) => {
    const current = byOs[instance.osType ?? ''];
    const [agent, latest] = [versionNumbers(instance.agentVersion ?? ''), versionNumbers(current ?? '')];
    if (agent === undefined || latest === undefined) {
      return unknownBecause(noBaseline('The agent version of a container instance cannot be compared.'), [
        { ...evidence, expected: current ?? null },
      ]);
    }
    const [major = 0, minor = 0] = agent;
    const [latestMajor = 0, latestMinor = 0] = latest;
    const behind = major < latestMajor || (major === latestMajor && latestMinor - minor > maxLag);
    return behind ? failed('a container agent is out of date', [{ ...evidence, expected: current ?? null }]) : passed();
  });
}

/** Agents reconnect several times an hour, and a new instance takes its time: neither is a dead agent. */
function judgeConnection({ agentConnected, registeredAt }: ContainerInstance, path: string, now: Date): Verdict {
  const registering = registeredAt !== undefined && now.getTime() - Date.parse(registeredAt) < HOUR_MS;
  if (agentConnected || registering) return passed();
  return failed(
    'a container agent is not connected',
    [{ path: `${path}.agentConnected`, observed: false, expected: true }],
    { severity: 'INFORMATIONAL', because: 'one look cannot tell a lasting disconnection from a reconnect' },
  );
}

function hasNoBaseline(cluster: Cluster, instance: ContainerInstance): boolean {
  if (instance.capacityKind === 'EXTERNAL') return true;
  if (instance.attributes.some((attribute) => attribute.startsWith('bottlerocket.'))) return true;
  const amis = cluster.instanceAmis.known ? cluster.instanceAmis.value : [];
  return amis.some((ami) => ami.amiId === instance.amiId && /bottlerocket/i.test(ami.name ?? ''));
}

function noBaseline(message: string): UnknownReason {
  return { kind: 'undecidable', message };
}
