import { type InsightSummary, paginateListInsights } from '@aws-sdk/client-eks';
import { mapObserved, type Observed } from '../../domain/observed.ts';
import { type ClusterScope, GONE } from './cluster-scope.ts';
import type { EksInsight } from './model.ts';
import { readOptionalList } from './read-list.ts';
import { withoutUndefined } from './without-undefined.ts';

/**
 * What EKS itself has found out about a cluster; null when the cluster is gone. Ids and refresh times are left out:
 * they change while nothing else does.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-insights.html
 */
export async function readInsights(scope: ClusterScope): Promise<Observed<readonly EksInsight[] | null>> {
  const { context, client, clusterName, options } = scope;
  const listed = await readOptionalList(
    context,
    'eks:ListInsights',
    GONE,
    () => paginateListInsights({ client, pageSize: 100 }, { clusterName }),
    (page) => page.insights?.map(insightOf),
    options,
  );
  return mapObserved(
    listed,
    (insights) => insights && [...insights].sort((left, right) => (sortKeyOf(left) < sortKeyOf(right) ? -1 : 1)),
  );
}

function insightOf({ name, category, kubernetesVersion, insightStatus }: InsightSummary): EksInsight | undefined {
  if (name === undefined) return undefined;
  return { name, ...withoutUndefined({ category, kubernetesVersion, status: insightStatus?.status }) };
}

function sortKeyOf({ category, name, kubernetesVersion, status }: EksInsight): string {
  return JSON.stringify([category, name, kubernetesVersion, status]);
}
