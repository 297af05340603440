import { allKnown, known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { auditLogGroupName, readAuditLogGroups } from './audit-log-groups.ts';
import type { ClusterReading } from './clusters.ts';
import { readOidcProviders } from './identities.ts';
import { type CompleteCluster, insideOf } from './inside.ts';
import type { EksCluster, EksClusterFact } from './model.ts';
import type { ClusterNodes } from './nodes.ts';
import { withoutUndefined } from './without-undefined.ts';

/** Adds what one look at the region (or the account) answers for all its clusters. */
export async function completeClusters(
  context: CollectorContext,
  readings: readonly ClusterReading[],
  supportedVersions: EksCluster['supportedVersions'],
  nodes: Observed<ReadonlyMap<string, ClusterNodes>>,
): Promise<readonly CompleteCluster[]> {
  const issuers = readings.flatMap(({ cluster }) => cluster.oidcIssuer ?? []);
  const oidcProviders = await readOidcProviders(context, issuers);
  const logGroups = await readAuditLogGroups(context);
  return readings.map(({ cluster, access }) => {
    const { name, oidcIssuer } = cluster;
    const complete: EksCluster = {
      ...cluster,
      supportedVersions,
      selfManagedGroups: mapObserved(nodes, (byCluster) => selfManagedGroups(byCluster.get(name))),
      oidcProvider:
        oidcIssuer === undefined
          ? known(null)
          : mapObserved(oidcProviders, (byIssuer) => byIssuer.get(oidcIssuer) ?? null),
      auditLogGroup: mapObserved(logGroups, (byName) => byName.get(auditLogGroupName(name)) ?? null),
    };
    return { cluster: complete, inside: insideOf(complete, access, nodes) };
  });
}

function selfManagedGroups(nodes: ClusterNodes | undefined): readonly string[] {
  return [...(nodes?.selfManaged.keys() ?? [])].sort();
}

/** What is proven about the cluster's nodes, and whether the rest is proven not to be. */
export function factOf(
  context: CollectorContext,
  { cluster, inside }: CompleteCluster,
): { fact: EksClusterFact; certain: boolean } {
  const runsOnEc2 = isAny([cluster.nodegroups, cluster.selfManagedGroups]);
  const runsOnFargate = isAny([cluster.fargateProfiles]);
  return {
    fact: {
      kind: 'eks-cluster',
      key: cluster.uid,
      accountId: context.accountId,
      region: context.region,
      observedAt: context.now.toISOString(),
      name: cluster.name,
      runsOnEc2,
      runsOnFargate,
      autoMode: cluster.autoMode,
      ...withoutUndefined({ oidcIssuer: cluster.oidcIssuer, inside }),
    },
    certain: runsOnEc2.known && runsOnFargate.known,
  };
}

/** True as soon as one listing has something; false only when all could be read. */
function isAny(listings: readonly Observed<readonly unknown[]>[]): Observed<boolean> {
  if (listings.some((listed) => listed.known && listed.value.length > 0)) return known(true);
  return mapObserved(allKnown(listings), () => false);
}
