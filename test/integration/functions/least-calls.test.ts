import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Deployment, deploy } from '#test/support/deployment.ts';

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({ setTime: (now) => vi.setSystemTime(now) });
  await deployment.run();
  deployment.advance(60);
  await deployment.recheck();
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

function call(service: string, eventName: string, requestParameters: object): void {
  deployment.demo.bus.post({
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account: '111122223333',
    region: 'us-east-1',
    resources: [],
    detail: { eventSource: `${service}.amazonaws.com`, eventName, requestParameters },
  });
}

/** An event of a service that is no call of its API. */
function event(source: string, detailType: string, detail: object, resources: readonly string[] = []): void {
  deployment.demo.bus.post({
    'detail-type': detailType,
    source,
    account: '111122223333',
    region: 'us-east-1',
    resources: [...resources],
    detail,
  });
}

const REPOSITORY = 'tidewater/secure-app';

interface Cost {
  /** Calls of the customer's services and of the queues by operation; what is told aside. */
  readonly services: Readonly<Record<string, number>>;
  /** Calls that read the ledger; each look is written once, whatever it found. */
  readonly ledgerReads: number;
}

async function costOf(act: () => unknown): Promise<Cost> {
  act();
  deployment.advance(10);
  const before = deployment.demo.recorder.calls().length;
  await deployment.recheck();
  const services: Record<string, number> = {};
  let ledgerReads = 0;
  for (const { operation } of deployment.demo.recorder.calls().slice(before)) {
    if (/^dynamodb:(?:.*Get|Query)/.test(operation)) ledgerReads += 1;
    if (/^(?:dynamodb|s3|sns|securityhub):/.test(operation)) continue;
    services[operation] = (services[operation] ?? 0) + 1;
  }
  return { services, ledgerReads };
}

/** The last run, which names its targets, all facts, the rows of what was looked at, and once more what of them is untold. */
const LEDGER = 5;
/** What a recheck found out about others is kept where it is news: two reads. */
const CORRECTED = LEDGER + 2;

/**
 * The least reads of each trigger in the demo account: one for each operation whose answer is judged, and one for each
 * thing that AWS describes one at a time (access entries, add-ons, profiles). Those of the ledger are counted apart.
 */
const LEAST: readonly (readonly [name: string, act: () => unknown, least: number, ledger: number])[] = [
  ['an access entry of an EKS cluster', () => call('eks', 'CreateAccessEntry', { name: 'tide-prod' }), 26, CORRECTED],
  [
    'a node group',
    () => call('eks', 'UpdateNodegroupConfig', { clusterName: 'tide-prod', nodegroupName: 'general' }),
    8,
    LEDGER,
  ],
  [
    'the settings of an ECS cluster',
    () => call('ecs', 'UpdateClusterSettings', { cluster: 'dock-ec2' }),
    11,
    CORRECTED,
  ],
  ['the settings of the registry', () => call('ecr', 'PutSigningConfiguration', {}), 6, LEDGER],
  [
    'a finding of GuardDuty',
    () => deployment.change.detection.finding('PrivilegeEscalation:Runtime/DockerSocketAccessed', 8, 'tide-prod'),
    5,
    LEDGER,
  ],
  ['lost coverage', () => deployment.change.detection.coverageBecomes('UNHEALTHY', 'tide-prod', 'agent'), 2, LEDGER],
  ['a call on a repository', () => call('ecr', 'PutLifecyclePolicy', { repositoryName: REPOSITORY }), 9, LEDGER + 1],
  [
    'a pushed image',
    () =>
      event('aws.ecr', 'ECR Image Action', { result: 'SUCCESS', 'action-type': 'PUSH', 'repository-name': REPOSITORY }),
    9,
    LEDGER,
  ],
  ['a registered task definition', () => call('ecs', 'RegisterTaskDefinition', { family: 'secure-app' }), 1, LEDGER],
  [
    'deleted task definitions',
    () => call('ecs', 'DeleteTaskDefinitions', { taskDefinitions: ['secure-app:1'] }),
    1,
    LEDGER,
  ],
  [
    'an updated service',
    () => call('ecs', 'UpdateService', { service: 'secure-app', cluster: 'harbor-fargate' }),
    6,
    CORRECTED,
  ],
  [
    'a finished deployment',
    () =>
      event('aws.ecs', 'ECS Deployment State Change', { eventName: 'SERVICE_DEPLOYMENT_COMPLETED' }, [
        'arn:aws:ecs:us-east-1:111122223333:service/harbor-fargate/secure-app',
      ]),
    6,
    CORRECTED,
  ],
  [
    'an identity provider of a cluster',
    () =>
      call('iam', 'DeleteOpenIDConnectProvider', {
        openIDConnectProviderArn: deployment.demo.world.accounts[0]?.oidcProviders[0]?.arn,
      }),
    26,
    CORRECTED,
  ],
  [
    'a service that does not exist (any more)',
    () => call('ecs', 'DeleteService', { service: 'x', cluster: 'dock-ec2' }),
    1,
    CORRECTED,
  ],
];

/** No row is read for it. */
const ONE_MESSAGE: Cost = { services: { 'sqs:SendMessageBatch': 1 }, ledgerReads: LEDGER - 2 };

describe('the reads of each trigger', () => {
  test.for(LEAST)('%s', async ([, act, least, ledger]) => {
    const { services, ledgerReads } = await costOf(act);

    const total = Object.values(services).reduce((sum, count) => sum + count, 0);
    expect(total, JSON.stringify(services)).toBeLessThanOrEqual(Math.floor(least * 1.1));
    expect(total).toBeGreaterThan(0);
    expect(ledgerReads).toBeLessThanOrEqual(Math.floor(ledger * 1.1));
  });

  test('what holds for the whole registry is one message to the scan of that service alone', async () => {
    expect(await costOf(() => call('ecr', 'PutRegistryPolicy', {}))).toEqual(ONE_MESSAGE);

    const before = deployment.demo.recorder.calls().length;
    await deployment.drainUnits();
    const services = new Set(
      deployment.demo.recorder
        .calls()
        .slice(before)
        .map(({ operation }) => operation.split(':')[0]),
    );
    expect(services).toContain('ecr');
    expect(services).not.toContain('ecs');
  });

  test.for<[name: string, act: () => void]>([
    ['a basic scan of an image', () => event('aws.ecr', 'ECR Image Scan', { 'repository-name': REPOSITORY })],
    [
      'an enhanced scan of an image',
      () =>
        event('aws.inspector2', 'Inspector2 Scan', { 'scan-status': 'INITIAL_SCAN_COMPLETE' }, [
          `arn:aws:ecr:us-east-1:111122223333:repository/${REPOSITORY}`,
        ]),
    ],
  ])('%s: one message to itself, and for the image that runs one of each kind when that returns', async ([, act]) => {
    // One more says whether an event like it waits already.
    expect(await costOf(act)).toEqual({ ...ONE_MESSAGE, ledgerReads: ONE_MESSAGE.ledgerReads + 1 });
    deployment.advance(120);

    const { services, ledgerReads } = await costOf(() => {});
    expect(services).toEqual({
      'ecr:DescribeImageScanFindings': 1,
      'ecr:DescribeImageSigningStatus': 1,
      'ecr:ListImageReferrers': 1,
    });
    // What is remembered of the contents of the image, too.
    expect(ledgerReads).toBeLessThanOrEqual(LEDGER + 2);
  });

  const WIDE: readonly (readonly [name: string, act: () => void])[] = [
    [
      'changed scanning of repositories',
      () => event('aws.ecr', 'ECR Scan Resource Change', { repositories: [{ 'repository-name': REPOSITORY }] }),
    ],
    ['a capacity provider', () => call('ecs', 'UpdateCapacityProvider', { name: 'dock' })],
    ['the detector', () => call('guardduty', 'UpdateDetector', {})],
    ['the switch of Inspector', () => call('inspector2', 'Enable', {})],
  ];

  test.for(WIDE)('%s touches a whole service: one message to the scan', async ([, act]) => {
    expect(await costOf(act)).toEqual(ONE_MESSAGE);
  });
});
