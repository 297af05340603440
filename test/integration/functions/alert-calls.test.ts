import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { allChecks } from '#shared/composition-root.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({
    setTime: (now) => vi.setSystemTime(now),
    config: { scope: { regions: ['us-east-1'] } },
  });
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

const home = () => deployment.demo.world.accounts[0]?.regions[0];
const messages = () => home()?.topics.flatMap((topic) => topic.messages) ?? [];

/** The nightly job runs on instances, whatever revision is the latest: who registers one puts it into use. */
function runOnInstances(): void {
  for (const { rule, targets } of home()?.eventBuses[0]?.rules ?? []) {
    if (rule.Name !== 'nightly-reconcile') continue;
    for (const target of targets) {
      target.Arn = target.Arn?.replace('harbor-fargate', 'dock-ec2');
      target.EcsParameters = { TaskDefinitionArn: target.EcsParameters?.TaskDefinitionArn, LaunchType: 'EC2' };
    }
  }
}

test('from RegisterTaskDefinition to the alert it takes at most six calls, warm', async () => {
  runOnInstances();
  await deployment.run();
  deployment.advance(60);
  await deployment.recheck();
  const before = messages().length;
  deployment.change.services.register('nightly-reconcile', ({ containerDefinitions = [] }) => ({
    requiresCompatibilities: ['EC2'],
    compatibilities: ['EC2'],
    networkMode: 'bridge',
    containerDefinitions: containerDefinitions.map((one) => ({ ...one, privileged: true })),
  }));
  deployment.advance(60);
  deployment.demo.recorder.clear();

  await deployment.recheck();

  const calls = deployment.demo.recorder.calls().map(({ operation }) => operation);
  expect(messages()).toHaveLength(before + 1);
  expect(JSON.parse(messages().at(-1)?.message ?? '')).toMatchObject({
    eventAction: 'trigger',
    severity: 'CRITICAL',
    dedupKey: expect.stringContaining('/ecs-task-not-privileged/'),
  });
  // What Hullcheck remembers is its own and counted apart: the customer's quotas are not touched by it.
  expect(calls.filter((operation) => !operation.startsWith('dynamodb:')).sort()).toEqual([
    'ecs:DescribeTaskDefinition',
    'securityhub:BatchImportFindings',
    'securityhub:DescribeHub',
    'securityhub:ListStandardsControlAssociations',
    'sns:Publish',
  ]);
  // The last run, all facts, the rows, and what of them is untold; the account, and the row of the alert twice.
  expect(calls.filter((operation) => /^dynamodb:(?:.*Get|Query)/.test(operation)).length).toBeLessThanOrEqual(9);
  // Each look is written, each that has something to tell once more, and an alert takes a slot and notes its two states.
  const looks = allChecks().checks.filter(({ resourceType }) => resourceType === 'AwsEcsTaskDefinition').length;
  const writes = calls.filter((operation) => /^dynamodb:(?:Put|Update|Delete)/.test(operation)).length;
  expect(writes).toBeLessThanOrEqual(2 * looks + 3);
});
