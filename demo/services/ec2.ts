import {
  DescribeImages$,
  type DescribeImagesCommandInput,
  type DescribeImagesCommandOutput,
  DescribeInstances$,
  type DescribeInstancesCommandInput,
  type DescribeInstancesCommandOutput,
  DescribeLaunchTemplateVersions$,
  type DescribeLaunchTemplateVersionsCommandInput,
  type DescribeLaunchTemplateVersionsCommandOutput,
  DescribeRegions$,
  type DescribeRegionsCommandInput,
  type DescribeRegionsCommandOutput,
  DescribeRouteTables$,
  type DescribeRouteTablesCommandInput,
  type DescribeRouteTablesCommandOutput,
  DescribeSecurityGroups$,
  type DescribeSecurityGroupsCommandInput,
  type DescribeSecurityGroupsCommandOutput,
  DescribeSubnets$,
  type DescribeSubnetsCommandInput,
  type DescribeSubnetsCommandOutput,
} from '@aws-sdk/client-ec2';
import { type Call, type Operation, operation, type Reply, type Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { type Ec2Question, select } from './ec2-select.ts';

export const ec2: Service = {
  signingName: 'ec2',
  protocol: 'ec2',
  xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  invalidInputCode: 'InvalidParameterValue',
  operations: [
    operation(DescribeRegions$, describeRegions),
    operation(DescribeInstances$, describeInstances),
    operation(DescribeSecurityGroups$, describeSecurityGroups),
    operation(DescribeSubnets$, describeSubnets),
    operation(DescribeRouteTables$, describeRouteTables),
    operation(DescribeLaunchTemplateVersions$, describeLaunchTemplateVersions),
    operation(DescribeImages$, describeImages),
  ].map(answersDryRuns),
};

/**
 * Every operation only says whether it would have been allowed, where that is all that is asked.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html
 */
function answersDryRuns(answered: Operation): Operation {
  return {
    ...answered,
    handle(call, input) {
      if ((input as { DryRun?: boolean }).DryRun === true) {
        throw new ServiceError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
      }
      return answered.handle(call, input);
    },
  };
}

/** Regions that exist but that the demo accounts have not enabled; AWS lists them only when asked for all. */
const otherRegions = ['af-south-1', 'ap-east-1', 'eu-south-1', 'me-central-1'];

function describeRegions({ account }: Call, input: DescribeRegionsCommandInput): Reply<DescribeRegionsCommandOutput> {
  const enabled = account.regions.map(({ name }) => ({
    RegionName: name,
    OptInStatus: 'opt-in-not-required' as const,
  }));
  const others = otherRegions
    .filter((name) => !account.regions.some((region) => region.name === name))
    .map((RegionName) => ({ RegionName, OptInStatus: 'not-opted-in' as const }));
  const all = [...enabled, ...(input.AllRegions ? others : [])];
  return {
    Regions: all
      .filter(({ RegionName }) => input.RegionNames === undefined || input.RegionNames.includes(RegionName))
      .map((region) => ({ ...region, Endpoint: `ec2.${region.RegionName}.amazonaws.com` })),
  };
}

function describeInstances(call: Call, input: DescribeInstancesCommandInput): Reply<DescribeInstancesCommandOutput> {
  const question: Ec2Question = {
    ...input,
    ids: input.InstanceIds,
    notFound: 'InvalidInstanceID.NotFound',
    most: 1000,
  };
  const { items, nextToken } = select(call, call.region.ec2.instances, question, {
    id: ({ InstanceId }) => InstanceId,
    tags: ({ Tags }) => Tags,
    by: {
      'instance-id': ({ InstanceId }) => [InstanceId],
      'instance-state-name': ({ State }) => [State?.Name],
      'vpc-id': ({ VpcId }) => [VpcId],
      'tag-key': ({ Tags }) => (Tags ?? []).map(({ Key }) => Key),
    },
  });
  const Reservations = items.map((instance) => ({
    ReservationId: `r-${instance.InstanceId?.slice(2)}`,
    OwnerId: call.account.id,
    Groups: [],
    Instances: [instance],
  }));
  return { Reservations, NextToken: nextToken };
}

function describeSecurityGroups(
  call: Call,
  input: DescribeSecurityGroupsCommandInput,
): Reply<DescribeSecurityGroupsCommandOutput> {
  const question: Ec2Question = { ...input, ids: input.GroupIds, notFound: 'InvalidGroup.NotFound', most: 1000 };
  const { items, nextToken } = select(call, call.region.ec2.securityGroups, question, {
    id: ({ GroupId }) => GroupId,
    tags: ({ Tags }) => Tags,
    by: {
      'group-id': ({ GroupId }) => [GroupId],
      'group-name': ({ GroupName }) => [GroupName],
      'vpc-id': ({ VpcId }) => [VpcId],
    },
  });
  return { SecurityGroups: items, NextToken: nextToken };
}

function describeSubnets(call: Call, input: DescribeSubnetsCommandInput): Reply<DescribeSubnetsCommandOutput> {
  const question: Ec2Question = { ...input, ids: input.SubnetIds, notFound: 'InvalidSubnetID.NotFound', most: 1000 };
  const { items, nextToken } = select(call, call.region.ec2.subnets, question, {
    id: ({ SubnetId }) => SubnetId,
    tags: ({ Tags }) => Tags,
    by: {
      'subnet-id': ({ SubnetId }) => [SubnetId],
      'vpc-id': ({ VpcId }) => [VpcId],
    },
  });
  return { Subnets: items, NextToken: nextToken };
}

function describeRouteTables(
  call: Call,
  input: DescribeRouteTablesCommandInput,
): Reply<DescribeRouteTablesCommandOutput> {
  const question: Ec2Question = {
    ...input,
    ids: input.RouteTableIds,
    notFound: 'InvalidRouteTableID.NotFound',
    most: 100,
  };
  const { items, nextToken } = select(call, call.region.ec2.routeTables, question, {
    id: ({ RouteTableId }) => RouteTableId,
    tags: ({ Tags }) => Tags,
    by: {
      'route-table-id': ({ RouteTableId }) => [RouteTableId],
      'vpc-id': ({ VpcId }) => [VpcId],
      'association.subnet-id': ({ Associations }) => (Associations ?? []).map(({ SubnetId }) => SubnetId),
      'association.main': ({ Associations }) => (Associations ?? []).map(({ Main }) => String(Main ?? false)),
    },
  });
  return { RouteTables: items, NextToken: nextToken };
}

/** `$Latest` and `$Default` stand for one version of the template. */
function describeLaunchTemplateVersions(
  call: Call,
  input: DescribeLaunchTemplateVersionsCommandInput,
): Reply<DescribeLaunchTemplateVersionsCommandOutput> {
  const ofTemplate = call.region.ec2.launchTemplateVersions.filter(
    (version) =>
      version.LaunchTemplateId === input.LaunchTemplateId ||
      (input.LaunchTemplateName !== undefined && version.LaunchTemplateName === input.LaunchTemplateName),
  );
  if (ofTemplate.length === 0) {
    const code = input.LaunchTemplateName
      ? 'InvalidLaunchTemplateName.NotFoundException'
      : 'InvalidLaunchTemplateId.NotFound';
    throw new ServiceError(code, 'The specified launch template does not exist.');
  }
  const latest = Math.max(...ofTemplate.map(({ VersionNumber }) => VersionNumber ?? 0));
  const isWanted = (number: number, isDefault: boolean, wanted: string) =>
    wanted === '$Latest' ? number === latest : wanted === '$Default' ? isDefault : number === Number(wanted);
  const LaunchTemplateVersions = ofTemplate.filter(
    ({ VersionNumber, DefaultVersion }) =>
      input.Versions === undefined ||
      input.Versions.some((wanted) => isWanted(VersionNumber ?? 0, DefaultVersion ?? false, wanted)),
  );
  return { LaunchTemplateVersions };
}

function describeImages(call: Call, input: DescribeImagesCommandInput): Reply<DescribeImagesCommandOutput> {
  const question: Ec2Question = { ...input, ids: input.ImageIds, notFound: 'InvalidAMIID.NotFound', most: 1000 };
  const { items, nextToken } = select(call, call.region.ec2.images, question, {
    id: ({ ImageId }) => ImageId,
    tags: ({ Tags }) => Tags,
    by: {
      'image-id': ({ ImageId }) => [ImageId],
      name: ({ Name }) => [Name],
    },
  });
  return { Images: items, NextToken: nextToken };
}
