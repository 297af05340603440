import type { CollectorContext } from '../../domain/ports.ts';
import type { RoleUse, RoleUseFact } from '../iam/model.ts';
import type { EksCluster, EksNodegroup } from './model.ts';
import { withoutUndefined } from './without-undefined.ts';

/** Facts, and whether there are no others. */
export interface NodeRoles {
  readonly facts: readonly RoleUseFact[];
  readonly complete: boolean;
}

/** The roles of the nodes of a group: by its configuration, or by the instance profiles of its self-managed nodes. */
export function nodeRolesOf(context: CollectorContext, group: EksNodegroup): NodeRoles {
  const { configuration, nodes, uid, clusterArn, cluster } = group;
  const named = configuration.known ? configuration.value?.nodeRoleArn : undefined;
  const isManaged = configuration.known && configuration.value !== null;
  const profiles =
    nodes.known && !isManaged ? nodes.value.flatMap(({ instanceProfileArn }) => instanceProfileArn ?? []) : [];
  const keys = [...new Set(named === undefined ? profiles : [named])].sort();
  return {
    facts: keys.map((key) =>
      factOf(context, key, { use: 'eks-node', user: uid, clusterArn, ...withoutUndefined({ cluster }) }),
    ),
    complete: configuration.known && (isManaged || nodes.known),
  };
}

/** The roles under which Fargate starts the pods of a cluster. */
export function fargateRolesOf(context: CollectorContext, { uid, name, fargateProfiles }: EksCluster): NodeRoles {
  if (!fargateProfiles.known) return { facts: [], complete: false };
  const facts = fargateProfiles.value.flatMap(({ name: profile, details }) => {
    const role = details.known ? details.value.podExecutionRoleArn : undefined;
    const use = {
      use: 'fargate-pod-execution',
      user: `${uid}/fargate-profile/${profile}`,
      cluster: name,
      clusterArn: uid,
    } as const;
    return role === undefined ? [] : [factOf(context, role, use)];
  });
  return { facts, complete: fargateProfiles.value.every(({ details }) => details.known) };
}

function factOf({ accountId, region, now }: CollectorContext, key: string, use: RoleUse): RoleUseFact {
  return { kind: 'role-use', key, accountId, region, observedAt: now.toISOString(), ...use };
}
