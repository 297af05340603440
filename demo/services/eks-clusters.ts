import {
  DescribeCluster$,
  type DescribeClusterCommandInput,
  type DescribeClusterCommandOutput,
  DescribeClusterVersions$,
  type DescribeClusterVersionsCommandInput,
  type DescribeClusterVersionsCommandOutput,
  DescribeInsight$,
  type DescribeInsightCommandInput,
  type DescribeInsightCommandOutput,
  ListClusters$,
  type ListClustersCommandInput,
  type ListClustersCommandOutput,
  ListInsights$,
  type ListInsightsCommandInput,
  type ListInsightsCommandOutput,
} from '@aws-sdk/client-eks';
import { page } from '../paging.ts';
import { type Call, operation, type Reply } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { EksClusterState } from '../world/eks-state.ts';

/** Clusters, their versions and their insights. */
export const eksClusterOperations = [
  operation(ListClusters$, listClusters),
  operation(DescribeCluster$, describeCluster),
  operation(DescribeClusterVersions$, describeClusterVersions),
  operation(ListInsights$, listInsights),
  operation(DescribeInsight$, describeInsight),
];

/**
 * The cluster a request names.
 *
 * @throws ServiceError when there is no such cluster
 */
export function eksClusterOf({ region }: Call, name: string | undefined): EksClusterState {
  const found = region.eks.clusters.find(({ cluster }) => cluster.name === name);
  if (!found) throw notFound(`No cluster found for name: ${name}.`, { clusterName: name });
  return found;
}

/** What EKS says when something does not exist. */
export function notFound(message: string, fields: Record<string, unknown> = {}): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, 404, fields);
}

/** One page of an EKS list, which holds at most 100. */
export function eksPage<T>(
  call: Call,
  items: readonly T[],
  input: { nextToken?: string | undefined; maxResults?: number | undefined },
): { items: T[]; nextToken?: string } {
  return page(call, items, { token: input.nextToken, requested: input.maxResults, usual: 100, most: 100 });
}

function listClusters(call: Call, input: ListClustersCommandInput): Reply<ListClustersCommandOutput> {
  const { items, nextToken } = eksPage(call, call.region.eks.clusters, input);
  return { clusters: items.map(({ cluster }) => cluster.name), nextToken };
}

function describeCluster(call: Call, input: DescribeClusterCommandInput): Reply<DescribeClusterCommandOutput> {
  return { cluster: eksClusterOf(call, input.name).cluster };
}

/** Versions out of all support are listed only on request. */
function describeClusterVersions(
  call: Call,
  input: DescribeClusterVersionsCommandInput,
): Reply<DescribeClusterVersionsCommandOutput> {
  const { clusterVersions, versionStatus } = input;
  const wanted = call.region.eks.versions.filter(
    (version) =>
      (clusterVersions === undefined || clusterVersions.includes(version.clusterVersion ?? '')) &&
      (versionStatus === undefined || version.versionStatus === versionStatus) &&
      (!input.defaultOnly || version.defaultVersion === true) &&
      (input.includeAll || clusterVersions || versionStatus || version.versionStatus !== 'UNSUPPORTED'),
  );
  const { items, nextToken } = eksPage(call, wanted, input);
  return { clusterVersions: items, nextToken };
}

function listInsights(call: Call, input: ListInsightsCommandInput): Reply<ListInsightsCommandOutput> {
  const { categories, kubernetesVersions, statuses } = input.filter ?? {};
  const wanted = eksClusterOf(call, input.clusterName).insights.filter(
    ({ category, kubernetesVersion, insightStatus }) =>
      (categories === undefined || categories.some((one) => one === category)) &&
      (kubernetesVersions === undefined || kubernetesVersions.includes(kubernetesVersion ?? '')) &&
      (statuses === undefined || statuses.some((one) => one === insightStatus?.status)),
  );
  const { items, nextToken } = eksPage(call, wanted, input);
  const insights = items.map(({ recommendation, additionalInfo, resources, categorySpecificSummary, ...rest }) => rest);
  return { insights, nextToken };
}

function describeInsight(call: Call, input: DescribeInsightCommandInput): Reply<DescribeInsightCommandOutput> {
  const insight = eksClusterOf(call, input.clusterName).insights.find(({ id }) => id === input.id);
  if (!insight) throw notFound(`No insight found for id: ${input.id}.`);
  return { insight };
}
