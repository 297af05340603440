import {
  DescribeUpdate$,
  type DescribeUpdateCommandInput,
  type DescribeUpdateCommandOutput,
  type LogSetup,
  type Update,
  UpdateClusterConfig$,
  type UpdateClusterConfigCommandInput,
  type UpdateClusterConfigCommandOutput,
} from '@aws-sdk/client-eks';
import { recordCall } from '../change/cloud-trail.ts';
import { uuidOf } from '../seed/tidewater.ts';
import { type Call, operation, type Reply } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { eksClusterOf, notFound } from './eks-clusters.ts';

/** What changes a cluster's settings. CloudTrail tells of it. */
export const eksWriteOperations = [
  operation(UpdateClusterConfig$, updateClusterConfig),
  operation(DescribeUpdate$, describeUpdate),
];

/**
 * Switches log types on and off; those that are not named stay. Only logging can be changed here.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
 */
function updateClusterConfig(
  call: Call,
  input: UpdateClusterConfigCommandInput,
): Reply<UpdateClusterConfigCommandOutput> {
  const state = eksClusterOf(call, input.name);
  const { cluster } = state;
  if (cluster.status !== 'ACTIVE') {
    throw new ServiceError('ResourceInUseException', `Cluster is not in ACTIVE state: ${cluster.status}`, 409);
  }
  const enabled = typesOf(cluster.logging?.clusterLogging ?? [], true);
  for (const { types = [], enabled: on } of input.logging?.clusterLogging ?? []) {
    for (const type of types) {
      if (on === true) enabled.add(type);
      else enabled.delete(type);
    }
  }
  const all = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'] as const;
  const setups = [true, false].map((on) => ({ types: all.filter((type) => enabled.has(type) === on), enabled: on }));
  cluster.logging = { clusterLogging: setups.filter(({ types }) => types.length > 0) };
  const updates = state.updates ?? [];
  state.updates = updates;
  const update: Update = {
    id: uuidOf(`update ${updates.length} of ${cluster.arn}`),
    status: 'InProgress',
    type: 'LoggingUpdate',
    params: [{ type: 'ClusterLogging', value: JSON.stringify(input.logging) }],
    createdAt: call.now(),
    errors: [],
  };
  updates.push(update);
  recordCall(call, {
    service: 'eks',
    name: 'UpdateClusterConfig',
    request: input,
    response: null,
    caller: call.caller.arn,
  });
  return { update };
}

/** Whoever asks for the first time finds the work done. */
function describeUpdate(call: Call, input: DescribeUpdateCommandInput): Reply<DescribeUpdateCommandOutput> {
  const update = eksClusterOf(call, input.name).updates?.find(({ id }) => id === input.updateId);
  if (update === undefined) throw notFound(`No update found for ID: ${input.updateId}`);
  return { update: { ...update, status: 'Successful' } };
}

function typesOf(setups: readonly LogSetup[], on: boolean): Set<string> {
  return new Set(setups.filter(({ enabled }) => enabled === on).flatMap(({ types }) => types ?? []));
}
