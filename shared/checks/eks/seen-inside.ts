import type { FactLookup } from '../../domain/fact.ts';
import type { ResourceByType } from '../../domain/resource.ts';

type Cluster = ResourceByType['AwsEksCluster'];

/** What checks that look at the inside of a cluster need. */
export const SEEN_INSIDE = [{ kind: 'kubernetes-cluster', scope: 'region' }] as const;

/**
 * A cluster with what only its inside shows, where somebody has looked: who administers it, and what enforces network
 * policies. Without such a look it stays as AWS shows it.
 */
export function seenInside(cluster: Cluster, facts: FactLookup): Cluster {
  const [fact] = facts.about('kubernetes-cluster', cluster.uid, cluster).facts;
  if (fact === undefined) return cluster;
  const { awsAuth, clusterAdminGroups, clusterAdminUsers, networkPolicyEngines } = fact;
  const users = clusterAdminUsers === undefined ? {} : { clusterAdminUsers };
  return { ...cluster, awsAuth, clusterAdminGroups, networkPolicyEngines, ...users };
}
