import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ofFirstContainer } from '#demo/change/services.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

const FLEET = 'arn:aws:sns:us-east-1:111122223333:fleet-alerts';
const MACHINE = 'arn:aws:sns:us-east-1:111122223333:hullcheck-demo-machine';
const ROUTE = { name: 'fleet', match: { tags: { team: 'fleet' } }, topics: { machine: FLEET }, team: 'fleet' };

const SCOPE = { regions: ['us-east-1'], services: ['ecr', 'ecs'] };

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const sns = { topics: { machine: MACHINE }, routes: [ROUTE] };
  deployment = await deploy({ setTime: (now) => vi.setSystemTime(now), config: { scope: SCOPE, publish: { sns } } });
  home().topics.push({ arn: FLEET, name: 'fleet-alerts', attributes: {}, messages: [] });
  for (const { taskDefinition, tags } of home().ecs.taskDefinitions) {
    if (taskDefinition.family === 'unbounded-worker') tags.push({ key: 'team', value: 'fleet' });
  }
  await deployment.run();
  deployment.advance(60);
  await deployment.recheck();
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

function home() {
  const [region] = deployment.demo.world.accounts[0]?.regions ?? [];
  if (region === undefined) throw new Error('the demo has no region');
  return region;
}

/** What a topic got since the last call. */
function messagesOf(arn: string): readonly Record<string, unknown>[] {
  const topic = home().topics.find((one) => one.arn === arn);
  return (topic?.messages.splice(0) ?? []).map(({ message }) => JSON.parse(message));
}

/** A change as an event tells it, a minute later. */
async function rollOut(privileged: boolean): Promise<void> {
  deployment.change.services.rollOut('dock-ec2', 'unbounded-worker', ofFirstContainer({ privileged }));
  deployment.advance(60);
  await deployment.recheck();
}

test('OC-8: a recheck alerts and resolves on the route that the tag of the task definition names', async () => {
  expect(messagesOf(FLEET)).toMatchObject([{ kind: 'baseline', group: 'hullcheck-scan/fleet' }]);
  expect(messagesOf(MACHINE)).toMatchObject([{ kind: 'baseline', group: 'hullcheck-scan' }]);

  await rollOut(true);
  const alerts = messagesOf(FLEET);
  expect(alerts).not.toEqual([]);
  expect(alerts).toEqual(alerts.map(() => expect.objectContaining({ eventAction: 'trigger', team: 'fleet' })));

  await rollOut(false);
  const resolves = messagesOf(FLEET);
  expect(resolves.map(({ dedupKey }) => dedupKey).sort()).toEqual(alerts.map(({ dedupKey }) => dedupKey).sort());
  expect(resolves.every(({ eventAction }) => eventAction === 'resolve')).toBe(true);
  expect(messagesOf(MACHINE)).toEqual([]);
});
