import {
  EC2Client,
  type Image,
  type Instance,
  type IpPermission,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeSecurityGroups,
} from '@aws-sdk/client-ec2';
import pMap from 'p-map';
import { allKnown, known, type Observed } from '../../domain/observed.ts';
import type { CollectorContext, IamAction } from '../../domain/ports.ts';
import { distinct, inBatches, readListing } from './listing.ts';
import type { EcsAmi, EcsInstanceMetadataOptions, EcsIpPermission, EcsSecurityGroup } from './model.ts';
import { present } from './present.ts';

/**
 * How many values a filter takes. Filters are used instead of id parameters, because a single id that no longer exists
 * makes EC2 refuse the whole call, and terminated instances and deregistered AMIs are everyday.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
const FILTER_VALUES = 200;
const PAGE_SIZE = 1000;

/** Things of EC2 by their ids. An id that is not among the found is gone; an id of a batch that failed is unknown. */
export type Ec2Lookup<T> = (ids: readonly string[]) => Observed<readonly T[]>;

/** What the container instances run on: their metadata options, and their AMIs by instance id. */
export interface InstanceFacts {
  readonly metadata: Ec2Lookup<EcsInstanceMetadataOptions>;
  readonly amiIds: Ec2Lookup<string>;
}

/** The rules of the named security groups. */
export async function readSecurityGroups(
  context: CollectorContext,
  ids: readonly string[],
): Promise<Ec2Lookup<EcsSecurityGroup>> {
  const client = context.clientFor(EC2Client);
  return readByIds(
    context,
    'ec2:DescribeSecurityGroups',
    ids,
    (values) =>
      paginateDescribeSecurityGroups(
        { client, pageSize: PAGE_SIZE },
        { Filters: [{ Name: 'group-id', Values: values }] },
      ),
    (page) => page.SecurityGroups,
    ({ GroupId }) => GroupId,
    (group, id) => ({ id, ingress: (group.IpPermissions ?? []).map((permission) => permissionFrom(permission)) }),
  );
}

/** Metadata options and AMIs of EC2 instances. */
export async function readInstances(context: CollectorContext, ids: readonly string[]): Promise<InstanceFacts> {
  const client = context.clientFor(EC2Client);
  const lookup = await readByIds(
    context,
    'ec2:DescribeInstances',
    ids,
    (values) =>
      paginateDescribeInstances(
        { client, pageSize: PAGE_SIZE },
        { Filters: [{ Name: 'instance-id', Values: values }] },
      ),
    (page) => page.Reservations?.flatMap(({ Instances }) => Instances ?? []),
    ({ InstanceId }) => InstanceId,
    (instance, id) => ({ metadata: metadataFrom(instance, id), amiId: instance.ImageId }),
  );
  const pick =
    <T>(
      select: (found: { metadata: EcsInstanceMetadataOptions; amiId: string | undefined }) => T | undefined,
    ): Ec2Lookup<T> =>
    (wanted) => {
      const found = lookup(wanted);
      return found.known ? known(found.value.map(select).filter((item) => item !== undefined)) : found;
    };
  return { metadata: pick(({ metadata }) => metadata), amiIds: pick(({ amiId }) => amiId) };
}

/** AMIs; deprecated ones too, which EC2 leaves out by default. One that is gone is returned with its id alone. */
export async function readAmis(context: CollectorContext, ids: readonly string[]): Promise<Ec2Lookup<EcsAmi>> {
  const client = context.clientFor(EC2Client);
  const lookup = await readByIds(
    context,
    'ec2:DescribeImages',
    ids,
    (values) =>
      paginateDescribeImages(
        { client, pageSize: PAGE_SIZE },
        { Filters: [{ Name: 'image-id', Values: values }], IncludeDeprecated: true },
      ),
    (page) => page.Images,
    ({ ImageId }) => ImageId,
    amiFrom,
  );
  return (wanted) => {
    const found = lookup(wanted);
    if (!found.known) return found;
    const byId = new Map(found.value.map((ami) => [ami.amiId, ami]));
    return known(distinct(wanted).map((amiId) => byId.get(amiId) ?? { amiId }));
  };
}

async function readByIds<P, S, T>(
  context: CollectorContext,
  operation: IamAction,
  ids: readonly string[],
  pages: (values: string[]) => AsyncIterable<P>,
  itemsOf: (page: P) => readonly S[] | undefined,
  idOf: (item: S) => string | undefined,
  convert: (item: S, id: string) => T,
): Promise<Ec2Lookup<T>> {
  const found = new Map<string, Observed<T>>();
  await pMap(
    inBatches(distinct(ids), FILTER_VALUES),
    async (batch) => {
      const listed = await readListing(context, operation, () => pages(batch), itemsOf);
      for (const item of listed.items) {
        const id = idOf(item);
        if (id !== undefined) found.set(id, known(convert(item, id)));
      }
      const { complete } = listed;
      if (!complete.known) for (const id of batch) if (!found.has(id)) found.set(id, complete);
    },
    { concurrency: 4 },
  );
  return (wanted) => allKnown(distinct(wanted).flatMap((id) => found.get(id) ?? []));
}

function permissionFrom({ IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges }: IpPermission): EcsIpPermission {
  return {
    protocol: IpProtocol ?? '-1',
    ...present('fromPort', FromPort),
    ...present('toPort', ToPort),
    cidrs: distinct([
      ...(IpRanges ?? []).map(({ CidrIp }) => CidrIp),
      ...(Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
    ]),
  };
}

function metadataFrom({ MetadataOptions: options }: Instance, instanceId: string): EcsInstanceMetadataOptions {
  return {
    instanceId,
    ...present('httpEndpoint', options?.HttpEndpoint),
    ...present('httpTokens', options?.HttpTokens),
    ...present('hopLimit', options?.HttpPutResponseHopLimit),
  };
}

function amiFrom({ Name, OwnerId, CreationDate, DeprecationTime }: Image, amiId: string): EcsAmi {
  return {
    amiId,
    ...present('name', Name),
    ...present('ownerId', OwnerId),
    ...present('createdAt', CreationDate),
    ...present('deprecatedAt', DeprecationTime),
  };
}
