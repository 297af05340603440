import {
  EC2Client,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  type RouteTable,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import pMap from 'p-map';
import { allKnown, known, mapObserved, type Observed, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { EksSecurityGroup, EksSubnet } from './model.ts';
import { filterBatches, readList } from './read-list.ts';
import { withoutUndefined } from './without-undefined.ts';

/** Where the traffic of a subnet goes; `vpcId` is needed for subnets that use the main route table of their VPC. */
export type SubnetLookup = (subnetId: string, vpcId: string | undefined) => Observed<EksSubnet>;

/**
 * The routes of the given VPCs. A subnet is public when its route table, or the main one of its VPC where it has none
 * of its own, leads to an internet gateway; an egress-only gateway lets nobody in.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html#subnet-types
 */
export async function readSubnetRoutes(context: CollectorContext, vpcIds: Iterable<string>): Promise<SubnetLookup> {
  const client = context.clientFor(EC2Client);
  const listed = await pMap(
    filterBatches(vpcIds),
    (values) =>
      readList(
        context,
        'ec2:DescribeRouteTables',
        () =>
          paginateDescribeRouteTables(
            { client, pageSize: 100 },
            { Filters: [{ Name: 'vpc-id', Values: [...values] }] },
          ),
        (page) => page.RouteTables,
      ),
    { concurrency: 1 },
  );
  const tables = mapObserved(allKnown(listed), (batches) => indexRouteTables(batches.flat()));
  return (subnetId, vpcId) => {
    if (!tables.known) return tables;
    const { bySubnet, mainByVpc } = tables.value;
    const table = bySubnet.get(subnetId) ?? (vpcId === undefined ? undefined : mainByVpc.get(vpcId));
    if (table === undefined) return undecidable('The route table of a subnet was not in the answer of EC2.');
    return known({ subnetId, ...withoutUndefined({ internetGatewayId: internetGatewayOf(table) }) });
  };
}

function indexRouteTables(tables: readonly RouteTable[]) {
  const bySubnet = new Map<string, RouteTable>();
  const mainByVpc = new Map<string, RouteTable>();
  for (const table of tables) {
    for (const { SubnetId, Main } of table.Associations ?? []) {
      if (SubnetId !== undefined) bySubnet.set(SubnetId, table);
      else if (Main === true && table.VpcId !== undefined) mainByVpc.set(table.VpcId, table);
    }
  }
  return { bySubnet, mainByVpc };
}

function internetGatewayOf({ Routes = [] }: RouteTable): string | undefined {
  // The route of a gateway that was detached stays behind as a black hole.
  return Routes.find(({ GatewayId, State }) => GatewayId?.startsWith('igw-') === true && State !== 'blackhole')
    ?.GatewayId;
}

/** The inbound rules of the given security groups, by id; one that no longer exists is not among them. */
export async function readSecurityGroups(
  context: CollectorContext,
  groupIds: Iterable<string>,
): Promise<Observed<ReadonlyMap<string, EksSecurityGroup>>> {
  const client = context.clientFor(EC2Client);
  const listed = await pMap(
    filterBatches(groupIds),
    (values) =>
      readList(
        context,
        'ec2:DescribeSecurityGroups',
        () =>
          paginateDescribeSecurityGroups(
            { client, pageSize: 1000 },
            { Filters: [{ Name: 'group-id', Values: [...values] }] },
          ),
        (page) => page.SecurityGroups?.map(securityGroupOf),
      ),
    { concurrency: 2 },
  );
  return mapObserved(allKnown(listed), (batches) => new Map(batches.flat().map((group) => [group.id, group])));
}

function securityGroupOf({ GroupId, IpPermissions }: SecurityGroup): EksSecurityGroup | undefined {
  if (GroupId === undefined) return undefined;
  return {
    id: GroupId,
    ingress: (IpPermissions ?? []).map(({ IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges }) => ({
      protocol: IpProtocol ?? '-1',
      ...withoutUndefined({ fromPort: FromPort, toPort: ToPort }),
      cidrs: [
        ...(IpRanges ?? []).flatMap(({ CidrIp }) => CidrIp ?? []),
        ...(Ipv6Ranges ?? []).flatMap(({ CidrIpv6 }) => CidrIpv6 ?? []),
      ].sort(),
    })),
  };
}
