import {
  ECRClient,
  GetLifecyclePolicyCommand,
  GetRegistryScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  PutRegistryScanningConfigurationCommand,
} from '@aws-sdk/client-ecr';
import {
  DescribeClusterCommand,
  DescribeUpdateCommand,
  EKSClient,
  UpdateClusterConfigCommand,
} from '@aws-sdk/client-eks';
import {
  GetDetectorCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
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

const rule = (rulePriority: number, tagStatus: string, more: object = {}) => ({
  rulePriority,
  selection: { tagStatus, countType: 'imageCountMoreThan', countNumber: 10, ...more },
  action: { type: 'expire' },
});
const tagged = (rulePriority: number) => rule(rulePriority, 'tagged', { tagPrefixList: ['v'] });

describe('the demo ECR', () => {
  const repositoryName = 'tidewater/sandbox';
  const putPolicy = (...rules: readonly object[]) =>
    new ECRClient(config).send(
      new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: JSON.stringify({ rules }) }),
    );

  it('keeps a lifecycle policy as it was sent', async () => {
    await putPolicy(tagged(1), rule(2, 'untagged'), rule(9, 'any'));

    const { lifecyclePolicyText } = await new ECRClient(config).send(new GetLifecyclePolicyCommand({ repositoryName }));
    expect(JSON.parse(lifecyclePolicyText ?? '').rules).toHaveLength(3);
  });

  it.each([
    ['two rules of one priority', [tagged(1), rule(1, 'untagged')]],
    ['a rule for any image that is not last', [rule(1, 'any'), tagged(2)]],
    ['two rules for untagged images', [rule(1, 'untagged'), rule(2, 'untagged')]],
    ['tags without a list', [rule(1, 'tagged'), rule(2, 'untagged')]],
    ['a list without tags', [rule(1, 'untagged', { tagPrefixList: ['v'] }), tagged(2)]],
  ])('refuses %s', async (_, rules) => {
    expect((await refusal(putPolicy(...rules))).name).toBe('InvalidParameterException');
  });

  it('replaces the whole scanning configuration, and refuses more than two rules', async () => {
    const ecr = new ECRClient(config);
    const put = (...frequencies: readonly ('SCAN_ON_PUSH' | 'CONTINUOUS_SCAN' | 'MANUAL')[]) =>
      ecr.send(
        new PutRegistryScanningConfigurationCommand({
          scanType: 'ENHANCED',
          rules: frequencies.map((scanFrequency) => ({
            scanFrequency,
            repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' as const }],
          })),
        }),
      );

    await put('SCAN_ON_PUSH');

    const { scanningConfiguration } = await ecr.send(new GetRegistryScanningConfigurationCommand({}));
    expect(scanningConfiguration?.rules).toHaveLength(1);
    expect((await refusal(put('SCAN_ON_PUSH', 'CONTINUOUS_SCAN', 'MANUAL'))).name).toBe('InvalidParameterException');
  });

  it('refuses exclusion filters that the tag mutability does not go with', async () => {
    const put = new PutImageTagMutabilityCommand({
      repositoryName,
      imageTagMutability: 'IMMUTABLE',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'cache*' }],
    });

    expect((await refusal(new ECRClient(config).send(put))).name).toBe('InvalidParameterException');
  });
});

describe('the demo GuardDuty', () => {
  it('changes the features that are named, and refuses both runtime features in one request (T83)', async () => {
    const guardduty = new GuardDutyClient(config);
    const { DetectorIds = [] } = await guardduty.send(new ListDetectorsCommand({}));
    const [DetectorId = ''] = DetectorIds;
    const before = await guardduty.send(new GetDetectorCommand({ DetectorId }));

    await guardduty.send(
      new UpdateDetectorCommand({ DetectorId, Features: [{ Name: 'RDS_LOGIN_EVENTS', Status: 'ENABLED' }] }),
    );

    const after = await guardduty.send(new GetDetectorCommand({ DetectorId }));
    const statuses = ({ Features = [] }: typeof after) =>
      Object.fromEntries(Features.map(({ Name, Status }) => [Name, Status]));
    expect(statuses(after)).toEqual({ ...statuses(before), RDS_LOGIN_EVENTS: 'ENABLED' });
    const both = guardduty.send(
      new UpdateDetectorCommand({
        DetectorId,
        Features: [
          { Name: 'RUNTIME_MONITORING', Status: 'ENABLED' },
          { Name: 'EKS_RUNTIME_MONITORING', Status: 'ENABLED' },
        ],
      }),
    );
    expect((await refusal(both)).name).toBe('BadRequestException');
  });
});

describe('the demo EKS', () => {
  it('switches log types on beside those that are on, by an update that can be asked about', async () => {
    const eks = new EKSClient(config);
    const { update } = await eks.send(
      new UpdateClusterConfigCommand({
        name: 'tide-auto',
        logging: { clusterLogging: [{ types: ['scheduler'], enabled: true }] },
      }),
    );
    expect(update).toMatchObject({ status: 'InProgress', type: 'LoggingUpdate' });

    const done = await eks.send(new DescribeUpdateCommand({ name: 'tide-auto', updateId: update?.id }));
    const { cluster } = await eks.send(new DescribeClusterCommand({ name: 'tide-auto' }));

    expect(done.update?.status).toBe('Successful');
    expect(cluster?.logging?.clusterLogging).toEqual([
      { types: ['api', 'audit', 'scheduler'], enabled: true },
      { types: ['authenticator', 'controllerManager'], enabled: false },
    ]);
  });

  it('refuses to change a cluster that is being changed', async () => {
    const state = demo.world.accounts[0]?.regions[0]?.eks.clusters.find(({ cluster }) => cluster.name === 'tide-open');
    if (state === undefined) throw new Error('the demo has no tide-open');
    state.cluster.status = 'UPDATING';

    const change = new EKSClient(config).send(
      new UpdateClusterConfigCommand({
        name: 'tide-open',
        logging: { clusterLogging: [{ types: ['audit'], enabled: true }] },
      }),
    );

    expect((await refusal(change)).name).toBe('ResourceInUseException');
  });
});

describe('CloudTrail', () => {
  it('tells of each change, and who made it', async () => {
    const seen: unknown[] = [];
    demo.bus.addRule({
      name: 'calls',
      region: 'us-east-1',
      pattern: { 'detail-type': ['AWS API Call via CloudTrail'] },
      target: async ({ detail }) => {
        seen.push(detail);
      },
    });

    await new ECRClient(config).send(
      new PutImageTagMutabilityCommand({ repositoryName: 'tidewater/sandbox', imageTagMutability: 'IMMUTABLE' }),
    );
    await demo.bus.deliver();

    expect(seen).toMatchObject([
      {
        eventSource: 'ecr.amazonaws.com',
        eventName: 'PutImageTagMutability',
        requestParameters: { repositoryName: 'tidewater/sandbox' },
        userIdentity: { arn: expect.stringContaining('111122223333') },
      },
    ]);
  });
});
