import type { Instance, IpPermission, RouteTable, SecurityGroup, Subnet } from '@aws-sdk/client-ec2';
import type { RegionState } from '../world/world.ts';
import { daysBefore, homeAccount, idOf, network } from './tidewater.ts';

/** Subnets, routes and security groups of an account in a Region; the ids are the same everywhere. */
export function seedNetwork({ ec2, name: region }: RegionState, account: string): void {
  const place = { account, region };
  ec2.subnets.push(
    ...network.privateSubnets.map((id, index) => subnet(place, id, index, false)),
    ...network.publicSubnets.map((id, index) => subnet(place, id, index, true)),
  );
  ec2.routeTables.push(
    routeTable(account, 'private', network.privateSubnets, { NatGatewayId: 'nat-0d0000000000000a1' }),
    routeTable(account, 'public', network.publicSubnets, { GatewayId: 'igw-0e0000000000000a1' }),
  );
  const fromGroup = (port: number, group: string): IpPermission => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    UserIdGroupPairs: [{ GroupId: group, UserId: account }],
    IpRanges: [],
    Ipv6Ranges: [],
  });
  const fromAnywhere = (port: number): IpPermission => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    IpRanges: [{ CidrIp: '0.0.0.0/0' }],
    Ipv6Ranges: [{ CidrIpv6: '::/0' }],
    UserIdGroupPairs: [],
  });
  ec2.securityGroups.push(
    securityGroup(place, network.appGroup, 'app-tasks', [fromGroup(8080, network.loadBalancerGroup)]),
    securityGroup(place, network.openGroup, 'storefront-open', [fromAnywhere(3000)]),
    securityGroup(place, network.loadBalancerGroup, 'load-balancer', [fromAnywhere(443)]),
    securityGroup(place, network.nodeGroup, 'nodes', [fromGroup(443, network.nodeGroup)]),
    securityGroup(place, network.sshGroup, 'tide-open-remote-access', [fromAnywhere(22)]),
  );
}

/** The machine images that instances run. */
export const machineImages = { current: 'ami-0f0000000000000a1', old: 'ami-0f0000000000000b1' };

/** The machine images of the ECS-optimized kind: one three weeks old, one from last year. */
export function seedMachineImages(now: Date, { ec2 }: RegionState): void {
  const image = (ImageId: string, created: Date) => ({
    ImageId,
    Name: `al2023-ami-ecs-hvm-2023.0.${created.toISOString().slice(0, 10).replaceAll('-', '')}-kernel-6.12-x86_64`,
    OwnerId: '591542846629',
    ImageOwnerAlias: 'amazon',
    CreationDate: created.toISOString(),
    DeprecationTime: new Date(created.getTime() + 730 * 24 * 60 * 60 * 1000).toISOString(),
    State: 'available' as const,
    Public: true,
    Architecture: 'x86_64' as const,
  });
  ec2.images.push(
    image(machineImages.current, daysBefore(now, 21)),
    image(machineImages.old, new Date('2025-03-11T22:04:00.000Z')),
  );
}

/** How an instance answers questions about its own role. */
export type MetadataProfile = 'hardened' | 'reachable-by-containers' | 'version-1-allowed';

/** A running instance. */
export function instance(
  name: string,
  metadata: MetadataProfile,
  tags: Record<string, string>,
  imageId: string = machineImages.current,
): Instance {
  return {
    InstanceId: `i-${idOf(`instance ${name}`)}`,
    ImageId: imageId,
    InstanceType: 'm7g.large',
    LaunchTime: new Date('2026-09-14T06:30:00Z'),
    State: { Code: 16, Name: 'running' },
    VpcId: network.vpc,
    SubnetId: network.privateSubnets[0],
    PrivateIpAddress: '10.20.1.17',
    SecurityGroups: [{ GroupId: network.nodeGroup, GroupName: 'nodes' }],
    IamInstanceProfile: {
      Arn: `arn:aws:iam::${homeAccount}:instance-profile/${tags['demo:profile'] ?? 'container-node'}`,
      Id: 'AIPATIDEWATERNODE0001',
    },
    MetadataOptions: {
      State: 'applied',
      HttpEndpoint: 'enabled',
      HttpTokens: metadata === 'version-1-allowed' ? 'optional' : 'required',
      HttpPutResponseHopLimit: metadata === 'hardened' ? 1 : 2,
    },
    Tags: Object.entries({ Name: name, ...tags }).map(([Key, Value]) => ({ Key, Value })),
  };
}

interface Place {
  account: string;
  region: string;
}

function subnet({ account, region }: Place, id: string, index: number, isPublic: boolean): Subnet {
  return {
    SubnetId: id,
    SubnetArn: `arn:aws:ec2:${region}:${account}:subnet/${id}`,
    VpcId: network.vpc,
    OwnerId: account,
    State: 'available',
    CidrBlock: `10.20.${(isPublic ? 100 : 0) + index}.0/24`,
    AvailabilityZone: `${region}${index === 0 ? 'a' : 'b'}`,
    MapPublicIpOnLaunch: isPublic,
    AssignIpv6AddressOnCreation: false,
    DefaultForAz: false,
    Tags: [{ Key: 'Name', Value: `${isPublic ? 'public' : 'private'}-${index + 1}` }],
  };
}

function routeTable(
  account: string,
  name: string,
  subnets: string[],
  way: { NatGatewayId?: string; GatewayId?: string },
): RouteTable {
  const id = `rtb-${idOf(`routes ${name}`)}`;
  return {
    RouteTableId: id,
    VpcId: network.vpc,
    OwnerId: account,
    Associations: subnets.map((SubnetId) => ({
      Main: false,
      RouteTableAssociationId: `rtbassoc-${idOf(SubnetId)}`,
      RouteTableId: id,
      SubnetId,
      AssociationState: { State: 'associated' },
    })),
    Routes: [
      { DestinationCidrBlock: '10.20.0.0/16', GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active' },
      { DestinationCidrBlock: '0.0.0.0/0', ...way, Origin: 'CreateRoute', State: 'active' },
    ],
    PropagatingVgws: [],
    Tags: [{ Key: 'Name', Value: name }],
  };
}

function securityGroup({ account, region }: Place, id: string, name: string, ingress: IpPermission[]): SecurityGroup {
  return {
    GroupId: id,
    GroupName: name,
    Description: name,
    OwnerId: account,
    VpcId: network.vpc,
    SecurityGroupArn: `arn:aws:ec2:${region}:${account}:security-group/${id}`,
    IpPermissions: ingress,
    IpPermissionsEgress: [
      { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [], UserIdGroupPairs: [] },
    ],
    Tags: [],
  };
}
