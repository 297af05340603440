import {
  DescribeClusterCommand,
  DescribeUpdateCommand,
  EKSClient,
  type LogType,
  UpdateClusterConfigCommand,
} from '@aws-sdk/client-eks';
import { z } from 'zod';
import { FixCallError } from '../call-error.ts';
import { defineFix, type FixPlace, refused } from '../fix.ts';

/** A type alias and no interface: only those are JSON for TypeScript. */
export type ControlPlaneLogs = {
  readonly status: string;
  /** Sorted. */
  readonly enabledLogTypes: readonly string[];
};

const parameters = z.object({ required: z.array(z.string()) });

/** EKS takes one to a few minutes; a function has fifteen. */
const POLL_EVERY_MS = 5_000;
const POLLS = 60;

/** Switches on the control plane logs that are missing, and leaves the others as they are. */
export const eksControlPlaneLogs = defineFix<'AwsEksCluster', ControlPlaneLogs>({
  id: 'eks-control-plane-logs',
  checks: ['eks-cluster-logging-enabled'],
  resourceType: 'AwsEksCluster',
  does: 'switches on the control plane log types that are missing',
  permissions: ['eks:DescribeCluster', 'eks:DescribeUpdate', 'eks:UpdateClusterConfig'],
  needsFacts: false,
  nameOf: (uid) => /^arn:[\w-]+:eks:[\w-]+:\d{12}:cluster\/([\w-]+)$/.exec(uid)?.[1],

  async read(place, { name }) {
    const client = place.clientFor(EKSClient);
    const { cluster } = await place.call('eks:DescribeCluster', () =>
      client.send(new DescribeClusterCommand({ name })),
    );
    const enabled = (cluster?.logging?.clusterLogging ?? [])
      .filter((setup) => setup.enabled === true)
      .flatMap(({ types }) => types ?? []);
    return { status: cluster?.status ?? 'unknown', enabledLogTypes: [...new Set<string>(enabled)].sort() };
  },

  decide(settings, failure) {
    const { status, enabledLogTypes } = settings;
    if (status !== 'ACTIVE') {
      return refused(`EKS changes one thing at a time, and the cluster is ${status}: try again when it is ACTIVE.`);
    }
    const { required } = parameters.parse(failure.parameters);
    const missing = required.filter((type) => !enabledLogTypes.includes(type));
    return {
      kind: 'change',
      says: `Switches on the control plane logs ${missing.join(', ')}; CloudWatch Logs charges for what is delivered.`,
      wanted: { status, enabledLogTypes: [...enabledLogTypes, ...missing].sort() },
    };
  },

  async write(place, { before, wanted }, { name }) {
    const client = place.clientFor(EKSClient);
    const types = wanted.enabledLogTypes.filter((type) => !before.enabledLogTypes.includes(type)) as LogType[];
    const { update } = await place.call('eks:UpdateClusterConfig', () =>
      client.send(new UpdateClusterConfigCommand({ name, logging: { clusterLogging: [{ types, enabled: true }] } })),
    );
    await untilDone(place, name, update?.id);
  },
});

/** @throws FixCallError where the update failed, or is not done in time */
async function untilDone(place: FixPlace, name: string, updateId: string | undefined): Promise<void> {
  const client = place.clientFor(EKSClient);
  for (let poll = 0; poll < POLLS; poll += 1) {
    const { update } = await place.call('eks:DescribeUpdate', () =>
      client.send(new DescribeUpdateCommand({ name, updateId })),
    );
    if (update?.status === 'Successful') return;
    if (update?.status === 'Failed' || update?.status === 'Cancelled') {
      const why = update.errors?.[0]?.errorMessage ?? update.status;
      throw new FixCallError('eks:UpdateClusterConfig', Object.assign(new Error(why), { name: update.status }));
    }
    await place.pause(POLL_EVERY_MS);
  }
  const late = Object.assign(new Error('the update was still going on after five minutes.'), { name: 'InProgress' });
  throw new FixCallError('eks:UpdateClusterConfig', late);
}
