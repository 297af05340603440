import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { EksAuditLogGroup } from './model.ts';
import { readList } from './read-list.ts';

/** The log group EKS writes the control plane logs of a cluster to; it cannot be chosen. */
export function auditLogGroupName(clusterName: string): string {
  return `/aws/eks/${clusterName}/cluster`;
}

/**
 * The log groups below `/aws/eks/`, by name: one listing for all clusters of the region.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
 */
export async function readAuditLogGroups(
  context: CollectorContext,
): Promise<Observed<ReadonlyMap<string, EksAuditLogGroup>>> {
  const client = context.clientFor(CloudWatchLogsClient);
  const listed = await readList(
    context,
    'logs:DescribeLogGroups',
    () => paginateDescribeLogGroups({ client, pageSize: 50 }, { logGroupNamePrefix: '/aws/eks/' }),
    (page) =>
      page.logGroups?.map(({ logGroupName, retentionInDays }) =>
        logGroupName === undefined ? undefined : { name: logGroupName, retentionInDays: retentionInDays ?? null },
      ),
  );
  return mapObserved(listed, (groups) => new Map(groups.map((group) => [group.name, group])));
}
