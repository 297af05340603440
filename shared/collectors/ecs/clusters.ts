import { type Cluster, DescribeClustersCommand, ECSClient, paginateListClusters } from '@aws-sdk/client-ecs';
import type { UnknownReason } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { describeBatches, type Listing, readListing, reportUnnamed } from './listing.ts';
import { present } from './present.ts';

/** A cluster to look into; `details` is missing where it could be listed but not described. */
export interface ClusterScope {
  readonly arn: string;
  readonly name: string;
  readonly details?: Cluster;
  /** Why there are no details. */
  readonly undescribed?: UnknownReason;
}

/**
 * Lists the clusters of the region and describes them. A cluster that could be listed but not described is still looked
 * into, because its services and tasks are read by its ARN.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeClusters.html
 */
export async function readClusters(context: CollectorContext): Promise<Listing<ClusterScope>> {
  const client = context.clientFor(ECSClient);
  const listed = await readListing(
    context,
    'ecs:ListClusters',
    () => paginateListClusters({ client, pageSize: 100 }, {}),
    (page) => page.clusterArns,
  );
  const described = await describeClusters(context, listed.items);
  return { items: described.items, complete: listed.complete };
}

/** Describes clusters; those that are gone are left out, and those that could not be described have no details. */
export async function describeClusters(
  context: CollectorContext,
  arns: readonly string[],
): Promise<Listing<ClusterScope>> {
  const client = context.clientFor(ECSClient);
  const described = await describeBatches(context, arns, {
    operation: 'ecs:DescribeClusters',
    size: 100,
    describe: async (clusters) => {
      const answer = await client.send(
        // Without these, the answer leaves out what is judged. Attachments are not asked for: nothing looks at them.
        new DescribeClustersCommand({ clusters, include: ['SETTINGS', 'CONFIGURATIONS', 'TAGS', 'STATISTICS'] }),
      );
      return { items: answer.clusters, failures: answer.failures };
    },
  });
  const detailsByArn = new Map<string, Cluster>();
  for (const cluster of described.items) {
    if (cluster.clusterArn === undefined || cluster.clusterName === undefined) {
      reportUnnamed(context, 'ecs:DescribeClusters');
    } else {
      detailsByArn.set(cluster.clusterArn, cluster);
    }
  }
  const scopes: ClusterScope[] = [];
  for (const arn of [...new Set(arns)].sort()) {
    const details = detailsByArn.get(arn);
    // INACTIVE clusters are deleted ones that stay visible for a while; MISSING ones went between the two calls.
    const isGone = details === undefined ? described.complete.known : details.status === 'INACTIVE';
    const name = details?.clusterName ?? arn.split('/').at(-1);
    if (isGone || name === undefined) continue;
    const undescribed = details === undefined && !described.complete.known ? described.complete.reason : undefined;
    scopes.push({ arn, name, ...present('details', details), ...present('undescribed', undescribed) });
  }
  return { items: scopes, complete: described.complete };
}
