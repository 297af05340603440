import { EKSClient, paginateDescribeClusterVersions } from '@aws-sdk/client-eks';
import { mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { compareVersions } from '../../domain/version.ts';
import type { EksVersionSupport } from './model.ts';
import { readList } from './read-list.ts';
import { withoutUndefined } from './without-undefined.ts';

/** The names of the older field `status`. */
const OLDER_NAMES: Readonly<Record<string, string>> = {
  'standard-support': 'STANDARD_SUPPORT',
  'extended-support': 'EXTENDED_SUPPORT',
  unsupported: 'UNSUPPORTED',
};

/**
 * The Kubernetes versions EKS knows in the region, oldest first, with those out of support.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeClusterVersions.html
 */
export async function readSupportedVersions(
  context: CollectorContext,
): Promise<Observed<readonly EksVersionSupport[]>> {
  const client = context.clientFor(EKSClient);
  const listed = await readList(
    context,
    'eks:DescribeClusterVersions',
    () => paginateDescribeClusterVersions({ client, pageSize: 100 }, { includeAll: true }),
    (page) =>
      // The operation also answers for EKS Anywhere, whose support ends on other days.
      page.clusterVersions
        ?.filter(({ clusterType }) => clusterType === undefined || clusterType === 'eks')
        .map((information): EksVersionSupport | undefined => {
          const { clusterVersion, status, endOfStandardSupportDate, endOfExtendedSupportDate } = information;
          const versionStatus = information.versionStatus ?? (status && (OLDER_NAMES[status] ?? status));
          if (clusterVersion === undefined) return undefined;
          return {
            version: clusterVersion,
            ...withoutUndefined({
              status: versionStatus,
              endOfStandardSupport: endOfStandardSupportDate?.toISOString(),
              endOfExtendedSupport: endOfExtendedSupportDate?.toISOString(),
            }),
          };
        }),
  );
  return mapObserved(listed, (versions) =>
    [...versions].sort((left, right) => compareVersions(left.version, right.version) ?? 0),
  );
}
