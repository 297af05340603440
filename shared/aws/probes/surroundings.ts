import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeRegionsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  EventBridgeClient,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { arnOf, NO_UUID, NOTHING, type PermissionProbe, type ProbePlace } from './probe.ts';

/** EC2 says by itself whether a call would be allowed. */
const DryRun = true;
const refusals = ['DryRunOperation'];
const ec2 = ({ clientFor }: ProbePlace) => clientFor(EC2Client);

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export const ec2Probes = {
  'ec2:DescribeImages': {
    call: (place) => ec2(place).send(new DescribeImagesCommand({ DryRun, Owners: ['self'] })),
    refusals,
  },
  'ec2:DescribeInstances': {
    call: (place) => ec2(place).send(new DescribeInstancesCommand({ DryRun })),
    refusals,
  },
  'ec2:DescribeLaunchTemplateVersions': {
    call: (place) =>
      ec2(place).send(new DescribeLaunchTemplateVersionsCommand({ DryRun, LaunchTemplateName: NOTHING })),
    // Which of the two is looked at first is not documented; either comes after the permission.
    refusals: [...refusals, 'InvalidLaunchTemplateName.NotFoundException'],
  },
  'ec2:DescribeRegions': {
    call: (place) => ec2(place).send(new DescribeRegionsCommand({ DryRun })),
    refusals,
  },
  'ec2:DescribeRouteTables': {
    call: (place) => ec2(place).send(new DescribeRouteTablesCommand({ DryRun })),
    refusals,
  },
  'ec2:DescribeSecurityGroups': {
    call: (place) => ec2(place).send(new DescribeSecurityGroupsCommand({ DryRun })),
    refusals,
  },
} as const satisfies Record<string, PermissionProbe>;

/** What surrounds containers: keys, logs, schedules, events, tags, published images. */
export const surroundingProbes = {
  'events:ListEventBuses': {
    call: ({ clientFor }) => clientFor(EventBridgeClient).send(new ListEventBusesCommand({ Limit: 1 })),
  },
  'events:ListRuleNamesByTarget': {
    call: (place) =>
      place
        .clientFor(EventBridgeClient)
        .send(new ListRuleNamesByTargetCommand({ TargetArn: arnOf(place, 'ecs', `cluster/${NOTHING}`), Limit: 1 })),
  },
  'events:ListTargetsByRule': {
    call: ({ clientFor }) =>
      clientFor(EventBridgeClient).send(new ListTargetsByRuleCommand({ Rule: NOTHING, Limit: 1 })),
    refusals: ['ResourceNotFoundException'],
  },
  'kms:DescribeKey': {
    call: (place) =>
      place.clientFor(KMSClient).send(new DescribeKeyCommand({ KeyId: arnOf(place, 'kms', `key/${NO_UUID}`) })),
    refusals: ['NotFoundException'],
  },
  'logs:DescribeLogGroups': {
    call: ({ clientFor }) => clientFor(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({ limit: 1 })),
  },
  'scheduler:GetSchedule': {
    call: ({ clientFor }) => clientFor(SchedulerClient).send(new GetScheduleCommand({ Name: NOTHING })),
    refusals: ['ResourceNotFoundException'],
  },
  'scheduler:ListSchedules': {
    call: ({ clientFor }) => clientFor(SchedulerClient).send(new ListSchedulesCommand({ MaxResults: 1 })),
  },
  'ssm:GetParameters': {
    call: ({ clientFor }) =>
      clientFor(SSMClient).send(new GetParametersCommand({ Names: [`/aws/service/${NOTHING}`] })),
  },
  'tag:GetResources': {
    call: ({ clientFor }) =>
      clientFor(ResourceGroupsTaggingAPIClient).send(new GetResourcesCommand({ ResourcesPerPage: 1 })),
  },
} as const satisfies Record<string, PermissionProbe>;
