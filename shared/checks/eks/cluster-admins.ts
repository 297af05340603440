import { known, type Observed, type UnknownReason, undecidable } from '../../domain/observed.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';

type Cluster = ResourceByType['AwsEksCluster'];
type AccessEntry = NonNullable<Extract<Cluster['accessEntries'], { known: true }>['value']>[number];

/** A principal that may do everything in the cluster, and by what. */
export interface ClusterAdmin {
  readonly principalArn: string;
  readonly by: string;
}

export interface ClusterAdmins {
  /** Sorted by principal, each once. */
  readonly proven: readonly ClusterAdmin[];
  /** Why there may be others, by principal where it is about one. */
  readonly doubts: readonly { readonly principalArn?: string; readonly reason: UnknownReason }[];
}

const ADMIN_POLICIES = ['AmazonEKSClusterAdminPolicy', 'AmazonEKSAdminPolicy'];
const ADMIN_GROUP = 'system:masters';

/**
 * Who administers a cluster: by an access policy of cluster scope, or by a group, or its own name, that is bound to cluster-admin.
 * Policies and groups of an entry add up (T44); of a principal that has both an entry and a mapping in `aws-auth`, the
 * entry counts (T43).
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
export function clusterAdminsOf(cluster: Cluster): ClusterAdmins {
  const { authenticationMode, accessEntries, awsAuth, clusterAdminGroups } = cluster;
  const { clusterAdminUsers: users } = cluster;
  const proven = new Map<string, ClusterAdmin>();
  const doubts: { principalArn?: string; reason: UnknownReason }[] = [];
  const judgeBy = (principalArn: string, by: Observed<string | null>) => {
    if (!by.known) doubts.push({ principalArn, reason: by.reason });
    else if (by.value !== null) proven.set(principalArn, { principalArn, by: by.value });
  };
  const entries = accessEntries.known ? (accessEntries.value ?? []) : [];
  if (authenticationMode !== 'CONFIG_MAP') {
    if (!accessEntries.known) doubts.push({ reason: accessEntries.reason });
    else if (accessEntries.value === null)
      doubts.push({ reason: undecidable('EKS did not list the access entries.').reason });
    for (const entry of entries) judgeBy(entry.principalArn, adminByEntry(entry, clusterAdminGroups, users));
  }
  if (authenticationMode !== 'API') {
    const withEntry = new Set(
      authenticationMode === 'CONFIG_MAP' ? [] : entries.map(({ principalArn }) => principalArn),
    );
    if (!awsAuth.known) doubts.push({ reason: awsAuth.reason });
    for (const { principalArn, groups, username } of awsAuth.known ? awsAuth.value : []) {
      if (withEntry.has(principalArn)) continue;
      judgeBy(principalArn, adminByUser(username, users) ?? adminByGroup(groups, clusterAdminGroups));
    }
  }
  const sorted = [...proven.values()].sort((left, right) => (left.principalArn < right.principalArn ? -1 : 1));
  return { proven: sorted, doubts };
}

/** Null when the entry makes nobody an administrator. */
function adminByEntry(
  { details, policies }: AccessEntry,
  clusterAdminGroups: Cluster['clusterAdminGroups'],
  users: Cluster['clusterAdminUsers'],
): Observed<string | null> {
  // Entries of nodes carry their own, fixed rights.
  if (details.known && details.value.type !== undefined && details.value.type !== 'STANDARD') return known(null);
  const byUser = details.known ? adminByUser(details.value.username, users) : undefined;
  if (byUser !== undefined) return byUser;
  const byGroup = details.known ? adminByGroup(details.value.kubernetesGroups, clusterAdminGroups) : details;
  const byPolicy = policies.known ? adminByPolicy(policies.value) : policies;
  // One of them is enough, whatever the other would have said: only entries of people can have such a policy.
  if (byGroup.known && byGroup.value !== null) return byGroup;
  return byPolicy.known && byPolicy.value === null ? byGroup : byPolicy;
}

function adminByPolicy(policies: Extract<AccessEntry['policies'], { known: true }>['value']): Observed<string | null> {
  const adminPolicies = policies
    .map(({ arn, scope }) => ({ name: arn.slice(arn.lastIndexOf('/') + 1), scope }))
    .filter(({ name }) => ADMIN_POLICIES.includes(name));
  const ofCluster = adminPolicies.find(({ scope }) => scope === 'cluster');
  if (ofCluster !== undefined) return known(ofCluster.name);
  return adminPolicies.every(({ scope }) => scope === 'namespace')
    ? known(null)
    : undecidable('EKS did not say whether an administrator policy covers the whole cluster.');
}

/**
 * Undefined where RBAC does not bind the principal by its name in the cluster, or nobody has looked there: any principal
 * may be bound so, and a cluster that is seen from outside only is judged by what shows there.
 */
function adminByUser(username: string | undefined, users: Cluster['clusterAdminUsers']): Observed<string> | undefined {
  if (username === undefined || users?.known !== true) return undefined;
  // The sessions of a role add their names.
  const pattern = username.replace(/\{\{[^{}]*\}\}/g, '*');
  const bound = users.value.find((name) => matchesWildcard(pattern, name));
  return bound === undefined ? undefined : known(`user ${bound}`);
}

function adminByGroup(
  groups: readonly string[],
  clusterAdminGroups: Cluster['clusterAdminGroups'],
): Observed<string | null> {
  if (groups.includes(ADMIN_GROUP)) return known(`group ${ADMIN_GROUP}`);
  if (groups.length === 0) return known(null);
  if (!clusterAdminGroups.known) return clusterAdminGroups;
  const adminGroup = groups.find((group) => clusterAdminGroups.value.includes(group));
  return known(adminGroup === undefined ? null : `group ${adminGroup}`);
}
