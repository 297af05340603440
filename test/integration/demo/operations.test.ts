import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeRegionsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  paginateDescribeSecurityGroups,
} from '@aws-sdk/client-ec2';
import {
  EventBridgeClient,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { GetOpenIDConnectProviderCommand, IAMClient, ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetParameterCommand, GetParametersByPathCommand, GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { type ClientConfig, configOf, refusal, startSeeded } from './clients.ts';

let demo: DemoAccount;
let config: ClientConfig;

beforeAll(async () => {
  demo = await startSeeded();
  config = configOf(demo);
});

afterAll(() => demo.close());

describe('the demo EC2', () => {
  it('lists enabled Regions, and all of them on request', async () => {
    const ec2 = new EC2Client(config);
    const enabled = await ec2.send(new DescribeRegionsCommand({}));
    expect(enabled.Regions?.map((region) => region.RegionName)).toEqual(['us-east-1', 'eu-west-1']);
    const all = await ec2.send(new DescribeRegionsCommand({ AllRegions: true }));
    expect(all.Regions?.some((region) => region.OptInStatus === 'not-opted-in')).toBe(true);
  });

  it('finds instances by filter, with metadata options as numbers and dates as dates', async () => {
    const Filters = [
      { Name: 'tag:eks:nodegroup-name', Values: ['general'] },
      { Name: 'instance-state-name', Values: ['running'] },
    ];
    const { Reservations } = await new EC2Client(config).send(new DescribeInstancesCommand({ Filters }));
    const instances = (Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
    expect(instances).toHaveLength(2);
    expect(instances[0]?.MetadataOptions?.HttpPutResponseHopLimit).toBe(1);
    expect(instances[0]?.LaunchTime).toEqual(new Date('2026-09-14T06:30:00Z'));
  });

  it('describes networks, and refuses ids that do not exist', async () => {
    const ec2 = new EC2Client(config);
    const groups = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: ['sg-0c0000000000000b1'] }));
    expect(groups.SecurityGroups?.[0]?.IpPermissions?.[0]).toMatchObject({
      FromPort: 3000,
      IpRanges: [{ CidrIp: '0.0.0.0/0' }],
      Ipv6Ranges: [{ CidrIpv6: '::/0' }],
    });
    const error = await refusal(ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: ['sg-nowhere'] })));
    expect(error.name).toBe('InvalidGroup.NotFound');
    const subnetIds = ['subnet-0bb0000000000b001'];
    expect(
      (await ec2.send(new DescribeSubnetsCommand({ SubnetIds: subnetIds }))).Subnets?.[0]?.MapPublicIpOnLaunch,
    ).toBe(true);
    const Filters = [{ Name: 'association.subnet-id', Values: subnetIds }];
    const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
    expect(RouteTables?.[0]?.Routes?.some((route) => route.GatewayId?.startsWith('igw-'))).toBe(true);
    const noTemplate = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: 'lt-0' });
    expect((await refusal(ec2.send(noTemplate))).name).toBe('InvalidLaunchTemplateId.NotFound');
    const template = new DescribeLaunchTemplateVersionsCommand({
      LaunchTemplateName: 'tide-prod-general',
      Versions: ['$Latest'],
    });
    const { LaunchTemplateVersions } = await ec2.send(template);
    expect(LaunchTemplateVersions?.[0]?.LaunchTemplateData?.MetadataOptions?.HttpTokens).toBe('required');
    const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: ['ami-0f0000000000000b1'] }));
    expect(Images?.[0]?.CreationDate).toBe('2025-03-11T22:04:00.000Z');
  });

  it('pages when asked to', async () => {
    const take = demo.faults.add('ec2:DescribeSecurityGroups', { kind: 'page-size', size: 2 });
    let pages = 0;
    for await (const page of paginateDescribeSecurityGroups({ client: new EC2Client(config) }, {})) {
      pages += page.SecurityGroups?.length ? 1 : 0;
    }
    take();
    expect(pages).toBe(3);
  });
});

describe('the other demo services', () => {
  it('tells customer keys from AWS managed ones', async () => {
    const kms = new KMSClient(config);
    const managed = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/ecr' }));
    expect(managed.KeyMetadata).toMatchObject({ KeyManager: 'AWS', CreationDate: new Date('2024-03-01T08:00:00Z') });
    const foreign = 'arn:aws:kms:us-east-1:999988887777:key/1234';
    expect((await refusal(kms.send(new DescribeKeyCommand({ KeyId: foreign })))).name).toBe('AccessDeniedException');
    expect((await refusal(kms.send(new DescribeKeyCommand({ KeyId: 'alias/none' })))).name).toBe('NotFoundException');
  });

  it('lists log groups by prefix', async () => {
    const logs = new CloudWatchLogsClient(config);
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/eks/tide-prod/' }));
    expect(logGroups?.map((group) => group.retentionInDays)).toEqual([365]);
  });

  it('publishes the parameters of the ECS-optimized images', async () => {
    const ssm = new SSMClient(config);
    const Path = '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended';
    const { Parameters, InvalidParameters } = await ssm.send(new GetParametersCommand({ Names: [Path, '/none'] }));
    expect(JSON.parse(Parameters?.[0]?.Value ?? '{}')).toMatchObject({ ecs_agent_version: '1.99.1' });
    expect(InvalidParameters).toEqual(['/none']);
    expect((await ssm.send(new GetParameterCommand({ Name: Path }))).Parameter?.LastModifiedDate).toBeInstanceOf(Date);
    const below = await ssm.send(new GetParametersByPathCommand({ Path }));
    expect(below.Parameters).toHaveLength(2);
    expect((await refusal(ssm.send(new GetParameterCommand({ Name: '/none' })))).name).toBe('ParameterNotFound');
  });

  it('knows which rules and schedules run tasks', async () => {
    const events = new EventBridgeClient(config);
    expect((await events.send(new ListEventBusesCommand({}))).EventBuses?.[0]?.Name).toBe('default');
    const TargetArn = 'arn:aws:ecs:us-east-1:111122223333:cluster/harbor-fargate';
    const { RuleNames } = await events.send(new ListRuleNamesByTargetCommand({ TargetArn }));
    expect(RuleNames).toEqual((await events.send(new ListRulesCommand({}))).Rules?.map((rule) => rule.Name));
    const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: RuleNames?.[0] }));
    expect(Targets?.[0]?.EcsParameters?.TaskDefinitionArn).toContain('nightly-reconcile');
    const scheduler = new SchedulerClient(config);
    const { Schedules } = await scheduler.send(new ListSchedulesCommand({}));
    expect(Schedules?.[0]?.Target).toEqual({ Arn: TargetArn });
    const schedule = await scheduler.send(new GetScheduleCommand({ Name: Schedules?.[0]?.Name }));
    expect(schedule.Target?.EcsParameters?.TaskDefinitionArn).toContain('price-refresh:3');
    expect(schedule.CreationDate).toBeInstanceOf(Date);
  });

  it('describes scaling groups and OIDC providers', async () => {
    const { AutoScalingGroups } = await new AutoScalingClient(config).send(new DescribeAutoScalingGroupsCommand({}));
    expect(AutoScalingGroups?.[0]).toMatchObject({ MaxSize: 6, NewInstancesProtectedFromScaleIn: false });
    expect(AutoScalingGroups?.[0]?.Instances).toHaveLength(3);
    const iam = new IAMClient(config);
    const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
    const OpenIDConnectProviderArn = OpenIDConnectProviderList?.[0]?.Arn;
    const provider = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    expect(provider).toMatchObject({
      ClientIDList: ['sts.amazonaws.com'],
      CreateDate: new Date('2025-05-20T08:30:00Z'),
    });
    const none = new GetOpenIDConnectProviderCommand({
      OpenIDConnectProviderArn: 'arn:aws:iam::111122223333:oidc-provider/none',
    });
    expect((await refusal(iam.send(none))).name).toBe('NoSuchEntityException');
  });

  it('finds resources by tag', async () => {
    const response = await fetch(demo.endpoint, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${config.credentials.accessKeyId}/20261123/us-east-1/tagging/aws4_request`,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'ResourceGroupsTaggingAPI_20170126.GetResources',
      },
      body: JSON.stringify({ ResourceTypeFilters: ['ecr:repository'], ResourcesPerPage: 5 }),
    });
    const answer = (await response.json()) as { PaginationToken: string; ResourceTagMappingList: unknown[] };
    expect(answer.ResourceTagMappingList).toHaveLength(5);
    expect(answer.PaginationToken).not.toBe('');
  });
});
