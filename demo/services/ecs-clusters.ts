import {
  type Cluster,
  type ClusterField,
  DescribeCapacityProviders$,
  type DescribeCapacityProvidersCommandInput,
  type DescribeCapacityProvidersCommandOutput,
  DescribeClusters$,
  type DescribeClustersCommandInput,
  type DescribeClustersCommandOutput,
  ListAccountSettings$,
  type ListAccountSettingsCommandInput,
  type ListAccountSettingsCommandOutput,
  ListClusters$,
  type ListClustersCommandInput,
  type ListClustersCommandOutput,
} from '@aws-sdk/client-ecs';
import { page } from '../paging.ts';
import { type Call, operation, type Reply } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { EcsClusterState } from '../world/ecs-state.ts';

/** Clusters, capacity providers and account settings. */
export const clusterOperations = [
  operation(ListClusters$, listClusters),
  operation(DescribeClusters$, describeClusters),
  operation(DescribeCapacityProviders$, describeCapacityProviders),
  operation(ListAccountSettings$, listAccountSettings),
];

/** The largest page of the ECS lists. */
export const listPage = { usual: 100, most: 100 } as const;

/**
 * The cluster a request names by name or ARN; `default` when it names none.
 *
 * @throws ServiceError when there is no such cluster
 */
export function clusterOf(call: Call, nameOrArn: string | undefined): EcsClusterState {
  const found = findCluster(call, nameOrArn ?? 'default');
  if (!found) throw new ServiceError('ClusterNotFoundException', 'Cluster not found.');
  return found;
}

/** Refuses a batch that is empty or larger than the operation takes. */
export function checkBatch(name: string, items: readonly unknown[] | undefined, most: number): void {
  if (!items || items.length === 0) throw new ServiceError('InvalidParameterException', `${name} cannot be empty.`);
  if (items.length > most) {
    throw new ServiceError('InvalidParameterException', `${name} can have at most ${most} items.`);
  }
}

function findCluster({ region }: Call, nameOrArn: string): EcsClusterState | undefined {
  return region.ecs.clusters.find(
    ({ cluster }) => cluster.clusterArn === nameOrArn || cluster.clusterName === nameOrArn,
  );
}

function listClusters(call: Call, input: ListClustersCommandInput): Reply<ListClustersCommandOutput> {
  const active = call.region.ecs.clusters.filter(({ cluster }) => cluster.status !== 'INACTIVE');
  const request = { token: input.nextToken, requested: input.maxResults, ...listPage };
  const { items, nextToken } = page(call, active, request);
  return { clusterArns: items.map(({ cluster }) => cluster.clusterArn), nextToken };
}

function describeClusters(call: Call, input: DescribeClustersCommandInput): Reply<DescribeClustersCommandOutput> {
  const names = input.clusters ?? ['default'];
  checkBatch('Clusters', names, 100);
  const output: Reply<DescribeClustersCommandOutput> = { clusters: [], failures: [] };
  for (const name of names) {
    const found = findCluster(call, name);
    if (found) output.clusters?.push(visibleFields(found.cluster, input.include ?? []));
    else output.failures?.push({ arn: arnOf(call, name), reason: 'MISSING' });
  }
  return output;
}

function arnOf({ account, region }: Call, name: string): string {
  return name.startsWith('arn:') ? name : `arn:aws:ecs:${region.name}:${account.id}:cluster/${name}`;
}

/** DescribeClusters leaves these out unless asked for them. */
function visibleFields(cluster: Cluster, include: readonly ClusterField[]): Cluster {
  const { attachments, configuration, settings, statistics, tags, ...rest } = cluster;
  return {
    ...rest,
    attachments: include.includes('ATTACHMENTS') ? attachments : [],
    settings: include.includes('SETTINGS') ? settings : [],
    statistics: include.includes('STATISTICS') ? statistics : [],
    tags: include.includes('TAGS') ? tags : [],
    ...(include.includes('CONFIGURATIONS') ? { configuration } : {}),
  };
}

function describeCapacityProviders(
  call: Call,
  input: DescribeCapacityProvidersCommandInput,
): Reply<DescribeCapacityProvidersCommandOutput> {
  const { capacityProviders: wanted } = input;
  if (wanted && wanted.length > 100) checkBatch('Capacity providers', wanted, 100);
  const all = call.region.ecs.capacityProviders;
  const isWanted = (name: string, arn: string) => !wanted || wanted.includes(name) || wanted.includes(arn);
  const found = all.filter(({ name, capacityProviderArn }) => isWanted(name, capacityProviderArn));
  const { items, nextToken } = page(call, found, {
    token: input.nextToken,
    requested: input.maxResults,
    usual: 10,
    most: 10,
  });
  const missing = (wanted ?? []).filter(
    (id) => !all.some(({ name, capacityProviderArn }) => name === id || capacityProviderArn === id),
  );
  return { capacityProviders: items, failures: missing.map((arn) => ({ arn, reason: 'MISSING' })), nextToken };
}

function listAccountSettings(
  call: Call,
  input: ListAccountSettingsCommandInput,
): Reply<ListAccountSettingsCommandOutput> {
  const settings = call.region.ecs.accountSettings.filter(
    ({ name, value }) =>
      (input.name === undefined || name === input.name) && (input.value === undefined || value === input.value),
  );
  const { items, nextToken } = page(call, settings, {
    token: input.nextToken,
    requested: input.maxResults,
    usual: 10,
    most: 10,
  });
  return { settings: items, nextToken };
}
