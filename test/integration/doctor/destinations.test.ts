import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seedWorld } from '#demo/seed/seed-world.ts';
import type { DemoAccount } from '#demo/server.ts';
import type { RegionState } from '#demo/world/world.ts';
import { collectors } from '#shared/collectors/index.generated.ts';
import type { Diagnosis } from '#shared/domain/diagnosis.ts';
import { diagnoseDemo } from '#test/support/diagnosis.ts';
import { SCAN_TIME, useDemoAccount } from '#test/support/scan-demo.ts';

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:hullcheck-alerts';

let demo: DemoAccount;
let region: RegionState;

beforeAll(async () => {
  demo = await useDemoAccount();
});
beforeEach(() => {
  demo.world.accounts = seedWorld(SCAN_TIME).accounts;
  region = demo.world.accounts[0]?.regions[0] as RegionState;
});
afterEach(() => demo.faults.clear());
afterAll(() => demo?.close());

/** All that is not in order, of one group. */
const troubles = ({ results }: Diagnosis, group: string) =>
  results.filter((result) => result.group === group && result.status !== 'ok');
const few = collectors.filter(({ service }) => service === 'inspector');

describe('where findings go', () => {
  test('Security Hub has to be enabled in each region', async () => {
    region.security.hub = undefined;
    const diagnosis = await diagnoseDemo({ destinations: ['security-hub'], collectors: few });

    expect(troubles(diagnosis, 'security-hub')).toEqual([
      expect.objectContaining({
        status: 'problem',
        region: 'us-east-1',
        fix: expect.objectContaining({
          command: 'aws securityhub enable-security-hub --region us-east-1 --no-enable-default-standards',
        }),
      }),
    ]);
    expect(troubles(diagnosis, 'permissions')).toEqual([]);
  });

  const topics = (arn: string) => ({
    destinations: ['sns'] as const,
    collectors: few,
    config: { publish: { sns: { topics: { human: arn } } } },
  });

  test('a topic needs somebody who listens', async () => {
    region.topics[0]!.attributes.SubscriptionsConfirmed = '0';

    expect(troubles(await diagnoseDemo(topics(TOPIC)), 'alerts')).toEqual([
      expect.objectContaining({
        status: 'problem',
        message:
          'Nobody is subscribed to the topic of human messages (publish.sns.topics): nobody hears of its alerts.',
        fix: expect.objectContaining({ command: expect.stringContaining('aws sns subscribe --region us-east-1') }),
      }),
    ]);
  });

  test('a subscription that nobody has confirmed is none', async () => {
    Object.assign(region.topics[0]!.attributes, { SubscriptionsConfirmed: '0', SubscriptionsPending: '1' });

    expect(troubles(await diagnoseDemo(topics(TOPIC)), 'alerts')).toEqual([
      expect.objectContaining({ status: 'problem', message: expect.stringContaining('is not confirmed yet') }),
    ]);
  });

  test('a topic has to exist', async () => {
    const diagnosis = await diagnoseDemo(topics(`${TOPIC}-old`));

    expect(troubles(diagnosis, 'alerts')).toEqual([
      expect.objectContaining({ status: 'problem', message: expect.stringContaining('does not exist') }),
    ]);
    expect(troubles(diagnosis, 'permissions')).toEqual([]);
  });

  test('not being allowed to see subscriptions is only a warning: scans do not need it', async () => {
    demo.faults.add('sns:GetTopicAttributes', { kind: 'deny', because: 'no-identity-policy' });
    const diagnosis = await diagnoseDemo(topics(TOPIC));

    expect(diagnosis.counts).toMatchObject({ problem: 0, warning: 1 });
    expect(troubles(diagnosis, 'alerts')).toEqual([
      expect.objectContaining({
        fix: expect.objectContaining({
          policy: { Effect: 'Allow', Action: 'sns:GetTopicAttributes', Resource: TOPIC },
        }),
      }),
    ]);
  });

  test('asking for alerts without any topic is a mistake', async () => {
    const diagnosis = await diagnoseDemo({ destinations: ['sns'], collectors: few });

    expect(troubles(diagnosis, 'alerts')).toEqual([expect.objectContaining({ subject: 'publish.sns.topics' })]);
  });

  test('a ledger needs its table', async () => {
    const diagnosis = await diagnoseDemo({ table: { name: 'no-such-table', region: 'us-east-1' }, collectors: few });

    expect(troubles(diagnosis, 'ledger')).toEqual([
      expect.objectContaining({
        status: 'problem',
        message: expect.stringContaining('There is no table no-such-table'),
      }),
    ]);
  });
});

describe('pulls of images', () => {
  const pulling = [{ service: 'image', permissions: ['ecr:BatchGetImage', 'ecr:DescribeRepositories'] as const }];

  test('do not matter where nothing is pulled', async () => {
    expect(troubles(await diagnoseDemo({ collectors: few }), 'image-pulls')).toEqual([
      expect.objectContaining({ status: 'skipped', message: expect.stringContaining('No image is pulled') }),
    ]);
  });

  test('count as use unless the scanner is excluded, in each registry', async () => {
    for (const other of demo.world.accounts[0]?.regions ?? []) {
      if (other.name === 'eu-west-1') other.ecr.pullTimeExclusions.splice(0);
    }

    expect(troubles(await diagnoseDemo({ collectors: pulling }), 'image-pulls')).toEqual([
      expect.objectContaining({
        status: 'warning',
        region: 'eu-west-1',
        fix: expect.objectContaining({
          command:
            'aws ecr register-pull-time-update-exclusion --region eu-west-1 --principal-arn arn:aws:iam::111122223333:user/hullcheck-demo',
        }),
      }),
    ]);
  });

  test('are asked about the role that scans, where one does', async () => {
    const sources = [{ roleArn: 'arn:aws:iam::444455556666:role/HullcheckRead', externalId: 'tidewater-audit-7f3a' }];
    const { results } = await diagnoseDemo({ collectors: pulling, sources, regions: ['us-east-1'] });
    for (const other of demo.world.accounts[1]?.regions ?? []) other.ecr.pullTimeExclusions.splice(0);
    const diagnosis = await diagnoseDemo({ collectors: pulling, sources, regions: ['us-east-1'] });

    expect(results).toContainEqual(
      expect.objectContaining({ message: 'Pulls by the role HullcheckRead do not count as use in us-east-1.' }),
    );
    expect(troubles(diagnosis, 'image-pulls')).toEqual([
      expect.objectContaining({
        status: 'warning',
        fix: expect.objectContaining({ command: expect.stringContaining(sources[0]?.roleArn ?? '') }),
      }),
    ]);
  });
});
