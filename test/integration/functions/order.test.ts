import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AwsEvent } from '#demo/events.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

const PRIVATE = 'tidewater/secure-app';
const FINDING = `hullcheck/aws/111122223333/us-east-1/ecr-repository-not-public/arn:aws:ecr:us-east-1:111122223333:repository/${PRIVATE}`;

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  // One message an invocation: nothing is put in order by being in the same batch.
  deployment = await deploy({
    setTime: (now) => vi.setSystemTime(now),
    recheckBatchSize: 1,
    config: { scope: { regions: ['us-east-1'], services: ['ecr', 'ecs'] } },
  });
  await deployment.run();
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

beforeEach(async () => {
  deployment.advance(3600);
  // What Security Hub tells of the imports of the last test.
  await deployment.recheck();
});

const home = () => deployment.demo.world.accounts[0]?.regions[0];
const messages = () =>
  home()?.topics.flatMap((topic) => topic.messages.map(({ message }) => JSON.parse(message))) ?? [];
const held = () => [...(home()?.security.findings.values() ?? [])].find(({ Id }) => Id === FINDING);

/** What the ledger and Security Hub say of the finding, without the times. */
async function state() {
  const row = await deployment.ledger.readRow({
    accountId: '111122223333',
    region: 'us-east-1',
    service: 'ecr',
    findingId: FINDING,
  });
  const finding = held();
  return {
    status: row?.status,
    publish: row?.publish.state,
    alert: row?.alert,
    hub: finding && `${finding.Compliance?.Status} ${finding.RecordState}`,
  };
}

/** Hands events over in this order, each of them a second after the other. */
async function deliver(events: readonly AwsEvent[]): Promise<void> {
  for (const event of events) {
    deployment.advance(1);
    await deployment.demo.bus.putEvent(event);
    await deployment.recheck();
  }
}

const OPEN = { status: 'FAILED', publish: 'published', alert: 'open', hub: 'FAILED ACTIVE' };
const FIXED = { status: 'PASSED', publish: 'published', alert: 'resolved', hub: 'PASSED ARCHIVED' };

test('a scan that began before a change and ends after its recheck does not overwrite it', async () => {
  const scanBegan = -120;
  deployment.change.repositories.makePublic(PRIVATE);
  await deployment.recheck();
  const alerted = messages().length;
  expect(await state()).toEqual(OPEN);

  // The slow scan: it looks at the world as it was, with the clock of when it began.
  deployment.change.repositories.deletePolicy(PRIVATE);
  const whatFollowed = deployment.demo.bus.take();
  deployment.advance(scanBegan);
  await deployment.run();
  deployment.advance(-scanBegan);

  expect(await state()).toEqual(OPEN);
  expect(messages()).toHaveLength(alerted);

  await deliver(whatFollowed);
  expect(await state()).toEqual(FIXED);
});

describe('events that come twice, late and in any order', () => {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
    [0, 0, 1, 1, 2, 2],
    [2, 2, 2, 0, 1, 0],
  ] as const;

  test.for(orders.map((order) => ({ order: order.join(' '), places: order })))(
    '$order: what is public at the end is open, once',
    async ({ places: order }) => {
      const { repositories } = deployment.change;
      const before = messages().length;
      repositories.makePublic(PRIVATE);
      repositories.deletePolicy(PRIVATE);
      repositories.makePublic(PRIVATE);
      const events = deployment.demo.bus.take();

      await deliver(order.flatMap((index) => events[index] ?? []));

      expect(await state()).toEqual(OPEN);
      expect(messages().slice(before)).toMatchObject([{ eventAction: 'trigger', dedupKey: FINDING }]);

      repositories.deletePolicy(PRIVATE);
      await deliver(deployment.demo.bus.take());
      expect(await state()).toEqual(FIXED);
      expect(messages().slice(before + 1)).toMatchObject([{ eventAction: 'resolve', dedupKey: FINDING }]);
    },
  );

  test('an event from before its repository was deleted does not bring it back', async () => {
    const { repositories } = deployment.change;
    repositories.makePublic(PRIVATE);
    const [published] = deployment.demo.bus.take();
    await deliver([published as AwsEvent]);
    repositories.delete(PRIVATE);
    const [deleted] = deployment.demo.bus.take();
    const before = messages().length;

    await deliver([deleted, published, deleted, published] as AwsEvent[]);

    expect(await state()).toEqual({ status: 'GONE', publish: 'published', alert: 'resolved', hub: 'FAILED ARCHIVED' });
    expect(messages().slice(before)).toMatchObject([{ eventAction: 'resolve', dedupKey: FINDING }]);
  });
});

test('no message was lost: nothing lies in a dead-letter queue', async () => {
  expect(await deployment.deployed.deadLetters()).toBe(0);
});
