import {
  type CapacityProvider,
  type CapacityProviderStrategyItem,
  DescribeCapacityProvidersCommand,
  ECSClient,
} from '@aws-sdk/client-ecs';
import pMap from 'p-map';
import { known } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { ClusterScope } from './clusters.ts';
import { allOf, type Listing, readListing, reportUnnamed, sortedBy, tokenPages } from './listing.ts';
import type { EcsCapacityProvider, EcsLaunchType } from './model.ts';
import { present } from './present.ts';
import { tagsFrom } from './tags.ts';

/** AWS's own providers, which exist in every cluster and have nothing to judge. */
const FARGATE_PROVIDERS: ReadonlySet<string> = new Set(['FARGATE', 'FARGATE_SPOT']);

/** The capacity providers of the region, and on what each of them runs tasks. */
export interface CapacityProviders {
  readonly listing: Listing<CapacityProvider>;
  launchTypeOf(name: string, clusterArn: string): EcsLaunchType | undefined;
}

/**
 * Reads the capacity providers of the region, and those of single clusters where a cluster names one that the region
 * does not list: providers of Managed Instances belong to one cluster.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeCapacityProviders.html
 */
export async function readCapacityProviders(
  context: CollectorContext,
  clusters: readonly ClusterScope[],
): Promise<CapacityProviders> {
  const regional = await describeProviders(context);
  const isListed = new Set(regional.items.map(({ name }) => name));
  const withOwn = clusters.filter(({ details }) =>
    (details?.capacityProviders ?? []).some((name) => !FARGATE_PROVIDERS.has(name) && !isListed.has(name)),
  );
  // Where the region could not be listed, asking again for each cluster would only be refused again.
  const perCluster = regional.complete.known
    ? await pMap(withOwn, (cluster) => describeProviders(context, cluster), { concurrency: 4 })
    : [];
  const byArn = new Map<string, CapacityProvider>();
  const kinds = new Map<string, EcsLaunchType>();
  const keep = (provider: CapacityProvider, clusterArn: string) => {
    const { capacityProviderArn: arn, name } = provider;
    if (arn === undefined || name === undefined) return reportUnnamed(context, 'ecs:DescribeCapacityProviders');
    if (provider.status !== 'INACTIVE') byArn.set(arn, provider);
    kinds.set(`${clusterArn} ${name}`, kindOf(provider));
  };
  for (const provider of regional.items) keep(provider, '');
  for (const [at, { items }] of perCluster.entries()) {
    for (const provider of items) keep(provider, withOwn[at]?.arn ?? '');
  }
  return {
    listing: {
      items: sortedBy([...byArn.values()], ({ capacityProviderArn = '' }) => capacityProviderArn),
      complete: allOf([regional.complete, ...perCluster.map(({ complete }) => complete)]),
    },
    launchTypeOf: (name, clusterArn) =>
      FARGATE_PROVIDERS.has(name) ? 'FARGATE' : (kinds.get(`${clusterArn} ${name}`) ?? kinds.get(` ${name}`)),
  };
}

function describeProviders(context: CollectorContext, cluster?: ClusterScope): Promise<Listing<CapacityProvider>> {
  const client = context.clientFor(ECSClient);
  const scope = cluster === undefined ? {} : { cluster: cluster.arn };
  return readListing(
    context,
    'ecs:DescribeCapacityProviders',
    () =>
      tokenPages(
        (nextToken) => client.send(new DescribeCapacityProvidersCommand({ ...scope, include: ['TAGS'], nextToken })),
        (page) => page.nextToken,
      ),
    (page) => page.capacityProviders,
    cluster === undefined ? {} : { cluster: cluster.name, resource: cluster.arn },
  );
}

function kindOf({ name = '', type, managedInstancesProvider }: CapacityProvider): EcsLaunchType {
  if (FARGATE_PROVIDERS.has(name)) return 'FARGATE';
  return managedInstancesProvider !== undefined || type === 'MANAGED_INSTANCES' ? 'MANAGED_INSTANCES' : 'EC2';
}

/** The providers that need not be read, because they are AWS's own. */
export const AWS_PROVIDERS: CapacityProviders = {
  listing: { items: [], complete: known(true) },
  launchTypeOf: (name) => (FARGATE_PROVIDERS.has(name) ? 'FARGATE' : undefined),
};

/** What says where tasks run: of a service, a deployment, a task set, a rule or a schedule. */
export interface Placement {
  readonly launchType?: string | undefined;
  readonly capacityProviderStrategy?: readonly Pick<CapacityProviderStrategyItem, 'capacityProvider'>[] | undefined;
}

/**
 * On what something runs its tasks. Without a launch type the capacity provider strategy decides, without that the
 * default strategy of the cluster, and without that it is EC2. A provider that could not be read adds nothing: it is one
 * for instances, but whose they are is not known, and Fargate providers and others cannot be mixed in one strategy. Nor
 * does a default strategy that could not be read: then nothing is known.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html#ECS-CreateService-request-launchType
 */
export function launchTypesOf(
  { launchType, capacityProviderStrategy }: Placement,
  cluster: ClusterScope,
  providers: CapacityProviders,
): readonly EcsLaunchType[] {
  if (launchType !== undefined && launchType !== '') return [launchType];
  const own = capacityProviderStrategy ?? [];
  if (own.length === 0 && cluster.details === undefined) return [];
  const strategy = own.length > 0 ? own : (cluster.details?.defaultCapacityProviderStrategy ?? []);
  if (strategy.length === 0) return ['EC2'];
  const types = strategy.flatMap(
    ({ capacityProvider = '' }) => providers.launchTypeOf(capacityProvider, cluster.arn) ?? [],
  );
  return [...new Set(types)].sort();
}

/** The capacity providers as resources, but for those of AWS. */
export function capacityProviderResources(
  context: CollectorContext,
  { listing }: CapacityProviders,
  clusters: Listing<ClusterScope>,
): readonly EcsCapacityProvider[] {
  const areClustersKnown = clusters.complete.known && clusters.items.every(({ details }) => details !== undefined);
  return listing.items.flatMap((provider) => {
    const {
      capacityProviderArn: arn = '',
      name = '',
      autoScalingGroupProvider: group,
      cluster,
      status,
      tags,
    } = provider;
    if (FARGATE_PROVIDERS.has(name)) return [];
    // Providers of managed instances belong to one cluster; another may have one of the same name.
    const isOf = ({ arn, name }: ClusterScope) => cluster === undefined || cluster === name || cluster === arn;
    const users = clusters.items
      .filter((scope) => isOf(scope) && scope.details?.capacityProviders?.includes(name))
      .map(({ arn }) => arn);
    return [
      {
        type: 'AwsEcsCapacityProvider',
        uid: arn,
        arn,
        name,
        accountId: context.accountId,
        region: context.region,
        partition: context.partition,
        tags: known(tagsFrom(tags)),
        inUse: users.length > 0 ? 'yes' : areClustersKnown ? 'no' : 'unknown',
        usedBy: users.slice(0, 10),
        usedByCount: users.length,
        ...present('status', status),
        ...(group === undefined
          ? {}
          : {
              autoScalingGroup: {
                ...present('managedScaling', group.managedScaling?.status),
                ...(group.managedTerminationProtection === undefined
                  ? {}
                  : { managedTerminationProtection: group.managedTerminationProtection }),
                ...present('managedDraining', group.managedDraining),
              },
            }),
      },
    ];
  });
}
