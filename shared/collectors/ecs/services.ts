import {
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ECSClient,
  paginateListServices,
  type Service,
} from '@aws-sdk/client-ecs';
import type { CollectorContext } from '../../domain/ports.ts';
import type { ClusterScope } from './clusters.ts';
import { allOf, CLUSTER_GONE, describeBatches, type Listing, readListing, reportUnnamed, sortedBy } from './listing.ts';
import type { EcsServiceRevisionImages } from './model.ts';
import { present } from './present.ts';

/** A service as ECS describes it, with the names that identify it, without its event log. */
export type DescribedService = Omit<Service, 'events'> & {
  readonly serviceArn: string;
  readonly serviceName: string;
};

/** A service revision, and the service it belongs to. */
export interface DescribedServiceRevision {
  readonly serviceArn?: string;
  readonly images: EcsServiceRevisionImages;
}

/**
 * All services of a cluster that exist: listing gives 10 a page unless asked for 100 (T10). The count that
 * DescribeClusters gives is not trusted to skip the call: it does not count draining services, and lags behind.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html
 */
export async function readServices(
  context: CollectorContext,
  { arn: cluster, name }: ClusterScope,
): Promise<Listing<DescribedService>> {
  const client = context.clientFor(ECSClient);
  const place = { cluster: name, resource: cluster };
  const options = { ...place, goneErrors: CLUSTER_GONE };
  const listed = await readListing(
    context,
    'ecs:ListServices',
    () => paginateListServices({ client, pageSize: 100 }, { cluster }),
    (page) => page.serviceArns,
    options,
  );
  const described = await describeServices(context, { arn: cluster, name }, listed.items);
  return { items: described.items, complete: allOf([listed.complete, described.complete]) };
}

/** Describes services of a cluster by ARN or name; those that are gone are left out. */
export async function describeServices(
  context: CollectorContext,
  { arn: cluster, name }: ClusterScope,
  listed: readonly string[],
): Promise<Listing<DescribedService>> {
  const client = context.clientFor(ECSClient);
  const place = { cluster: name, resource: cluster };
  const options = { ...place, goneErrors: CLUSTER_GONE };
  const described = await describeBatches(context, listed, {
    operation: 'ecs:DescribeServices',
    size: 10,
    describe: async (services) => {
      const answer = await client.send(new DescribeServicesCommand({ cluster, services, include: ['TAGS'] }));
      // A service carries up to a hundred events, which nothing looks at: thousands of services would fill the memory.
      return { items: answer.services?.map(({ events, ...service }) => service), failures: answer.failures };
    },
    options,
  });
  const services: DescribedService[] = [];
  for (const service of described.items) {
    const { serviceArn, serviceName } = service;
    if (serviceArn === undefined || serviceName === undefined) reportUnnamed(context, 'ecs:DescribeServices', place);
    else if (service.status !== 'INACTIVE') services.push({ ...service, serviceArn, serviceName });
  }
  return {
    items: sortedBy(services, ({ serviceArn }) => serviceArn),
    complete: described.complete,
  };
}

/**
 * The current revisions of services, with the digests that ECS resolved when it deployed them.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceRevisions.html
 */
export async function readServiceRevisions(
  context: CollectorContext,
  services: readonly DescribedService[],
): Promise<Listing<DescribedServiceRevision>> {
  const client = context.clientFor(ECSClient);
  const arns = services.flatMap((service) => revisionArnsOf(service));
  const described = await describeBatches(context, arns, {
    operation: 'ecs:DescribeServiceRevisions',
    size: 20,
    describe: async (serviceRevisionArns) => {
      const answer = await client.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }));
      return { items: answer.serviceRevisions, failures: answer.failures };
    },
  });
  const revisions: DescribedServiceRevision[] = [];
  for (const revision of described.items) {
    const { serviceRevisionArn: revisionArn, serviceArn, taskDefinition, containerImages, guardDutyEnabled } = revision;
    if (revisionArn === undefined) {
      reportUnnamed(context, 'ecs:DescribeServiceRevisions');
      continue;
    }
    const images = {
      revisionArn,
      ...present('taskDefinitionArn', taskDefinition),
      containerImages: (containerImages ?? []).flatMap(({ containerName, image, imageDigest }) =>
        containerName === undefined || image === undefined
          ? []
          : [{ containerName, image, ...present('imageDigest', imageDigest) }],
      ),
      ...present('guardDutyEnabled', guardDutyEnabled),
    };
    revisions.push({ ...present('serviceArn', serviceArn), images });
  }
  return { items: sortedBy(revisions, ({ images }) => images.revisionArn), complete: described.complete };
}

/** The service revisions that run now: one, or two while a deployment is under way. */
export function revisionArnsOf({ currentServiceRevisions }: DescribedService): readonly string[] {
  return (currentServiceRevisions ?? []).flatMap(({ arn }) => (arn === undefined ? [] : [arn]));
}
