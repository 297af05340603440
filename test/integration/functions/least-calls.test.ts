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

/** The reads that a trigger costs, by operation; what is told of it and the ledger aside. */
async function reads(act: () => unknown): Promise<Record<string, number>> {
  act();
  deployment.advance(10);
  const before = deployment.demo.recorder.calls().length;
  await deployment.recheck();
  const counts: Record<string, number> = {};
  for (const { operation } of deployment.demo.recorder.calls().slice(before)) {
    if (/^(?:dynamodb|s3|sns|securityhub):/.test(operation)) continue;
    counts[operation] = (counts[operation] ?? 0) + 1;
  }
  return counts;
}

/**
 * The least reads of each trigger in the demo account: one for each operation whose answer is judged, and one for each
 * thing that AWS describes one at a time (access entries, add-ons, profiles).
 */
const LEAST: readonly (readonly [name: string, act: () => unknown, least: number])[] = [
  ['an access entry of an EKS cluster', () => call('eks', 'CreateAccessEntry', { name: 'tide-prod' }), 27],
  [
    'a node group',
    () => call('eks', 'UpdateNodegroupConfig', { clusterName: 'tide-prod', nodegroupName: 'general' }),
    8,
  ],
  ['the settings of an ECS cluster', () => call('ecs', 'UpdateClusterSettings', { cluster: 'dock-ec2' }), 11],
  ['the settings of the registry', () => call('ecr', 'PutSigningConfiguration', {}), 6],
  [
    'a finding of GuardDuty',
    () => deployment.change.detection.finding('PrivilegeEscalation:Runtime/DockerSocketAccessed', 8, 'tide-prod'),
    5,
  ],
  ['lost coverage', () => deployment.change.detection.coverageBecomes('UNHEALTHY', 'tide-prod', 'agent'), 2],
  [
    'a service that does not exist (any more)',
    () => call('ecs', 'DeleteService', { service: 'x', cluster: 'dock-ec2' }),
    1,
  ],
];

describe('the reads of each trigger', () => {
  test.for(LEAST)('%s', async ([, act, least]) => {
    const counts = await reads(act);

    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    expect(total, JSON.stringify(counts)).toBeLessThanOrEqual(Math.floor(least * 1.1));
    expect(total).toBeGreaterThan(0);
  });

  test('what holds for the whole registry is one message to the scan', async () => {
    expect(await reads(() => call('ecr', 'PutRegistryPolicy', {}))).toEqual({ 'sqs:SendMessageBatch': 1 });

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
});
