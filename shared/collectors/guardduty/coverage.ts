import { type CoverageResource, GuardDutyClient, paginateListCoverage } from '@aws-sdk/client-guardduty';
import { mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { ClusterRuntimeCoverage, RuntimeCoverage } from './model.ts';

const MAX_RESOURCES = 50;

type Platform = ClusterRuntimeCoverage['platform'];

/** Coverage by platform and cluster name. */
export type CoverageByCluster = ReadonlyMap<string, RuntimeCoverage>;

export function coverageKey(platform: Platform, name: string): string {
  return `${platform} ${name}`;
}

/**
 * What GuardDuty covers in the account's own clusters: one listing for the region, without the EC2 instances. Only
 * clusters that an enabled feature watches are in it, so one that is missing is not covered.
 *
 * @see https://docs.aws.amazon.com/guardduty/latest/APIReference/API_ListCoverage.html
 */
export async function readCoverage(
  context: CollectorContext,
  detectorId: string,
): Promise<Observed<CoverageByCluster>> {
  const client = context.clientFor(GuardDutyClient);
  const input = {
    DetectorId: detectorId,
    FilterCriteria: {
      FilterCriterion: [
        { CriterionKey: 'ACCOUNT_ID' as const, FilterCondition: { Equals: [context.accountId] } },
        { CriterionKey: 'RESOURCE_TYPE' as const, FilterCondition: { Equals: ['EKS', 'ECS'] } },
      ],
    },
  };
  const resources = await context.read('guardduty:ListCoverage', async () => {
    const items: CoverageResource[] = [];
    for await (const page of paginateListCoverage({ client, pageSize: MAX_RESOURCES }, input)) {
      items.push(...(page.Resources ?? []));
    }
    return items;
  });
  return mapObserved(resources, (items) => byCluster(items, context));
}

function byCluster(resources: readonly CoverageResource[], context: CollectorContext): CoverageByCluster {
  const coverage = new Map<string, RuntimeCoverage>();
  for (const resource of resources) {
    const { EksClusterDetails: eks, EcsClusterDetails: ecs } = resource.ResourceDetails ?? {};
    const name = clusterName(eks?.ClusterName ?? ecs?.ClusterName);
    if (name === undefined) {
      context.reportGap({
        operation: 'guardduty:ListCoverage',
        cause: 'invalid-answer',
        reason: 'guardduty:ListCoverage returned a cluster without its name.',
      });
      continue;
    }
    const key = coverageKey(eks === undefined ? 'ECS' : 'EKS', name);
    const entry = toCoverage(resource, eks?.ManagementType ?? ecs?.FargateDetails?.ManagementType);
    // Should one cluster stand there twice, what is wrong with it counts.
    if (coverage.get(key)?.status !== 'UNHEALTHY') coverage.set(key, entry);
  }
  return coverage;
}

function toCoverage(resource: CoverageResource, managementType: string | undefined): RuntimeCoverage {
  const fargateIssues = resource.ResourceDetails?.EcsClusterDetails?.FargateDetails?.Issues ?? [];
  const issue = [resource.Issue, ...fargateIssues].find((text) => text !== undefined && text !== '');
  return {
    status: resource.CoverageStatus ?? '',
    ...(issue === undefined ? {} : { issue }),
    ...(managementType === undefined ? {} : { managementType }),
  };
}

/** ECS may name a cluster by its ARN. */
function clusterName(name: string | undefined): string | undefined {
  return name?.split('/').at(-1) || undefined;
}
