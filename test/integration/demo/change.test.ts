import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ofFirstContainer } from '#demo/change/services.ts';
import { type Changes, changesIn } from '#demo/change.ts';
import type { AwsEvent } from '#demo/events.ts';
import { seedWorld } from '#demo/seed/seed-world.ts';
import type { DemoAccount } from '#demo/server.ts';
import { collectors } from '#shared/collectors/index.generated.ts';
import { patternOf, touchedBy } from '#shared/domain/trigger.ts';
import { FactStore } from '#shared/engine/fact-store.ts';
import { scanDemo, useDemoAccount } from '#test/support/scan-demo.ts';
import { homeRegion } from './clients.ts';

const now = new Date('2026-11-23T12:00:00Z');
const triggers = collectors.flatMap((collector) => collector.triggers ?? []);
let demo: DemoAccount;
let change: Changes;
let heard: AwsEvent[];

beforeEach(async () => {
  demo = await useDemoAccount(seedWorld(now), () => now);
  change = changesIn(demo);
  heard = [];
  for (const [index, trigger] of triggers.entries()) {
    demo.bus.addRule({
      name: `trigger-${index}`,
      region: 'us-east-1',
      pattern: { ...patternOf(trigger) },
      target: async (event) => {
        heard.push(event);
      },
    });
  }
});

afterEach(() => demo.close());

/** What the collectors' own triggers make of what was heard. */
async function touched(): Promise<string[]> {
  await demo.bus.deliver();
  return heard.flatMap((event) =>
    touchedBy(
      triggers,
      {
        id: event.id,
        source: event.source,
        detailType: event['detail-type'],
        accountId: event.account,
        region: event.region,
        time: event.time,
        resources: event.resources,
        detail: event.detail,
      },
      new FactStore([], new Map()),
    ).map(({ service, resource }) => `${service} ${resource?.type} ${resource?.name}`),
  );
}

async function verdict(checkId: string, name: string): Promise<string | undefined> {
  const { findings } = await scanDemo({ regions: ['us-east-1'], checkIds: [checkId] });
  return findings.find(({ resource }) => resource.uid.endsWith(name))?.status;
}

/** Every verdict of the scan with what it stands on, to compare two scans. */
async function verdicts(service: string): Promise<string[]> {
  const { findings } = await scanDemo({ regions: ['us-east-1'], services: [service] });
  return findings.map(({ checkId, resource, status, ...rest }) =>
    [checkId, resource.uid, status, 'reason' in rest ? rest.reason : ''].join(' '),
  );
}

describe('a service that is made privileged', () => {
  const checkId = 'ecs-task-not-privileged';
  const uid = 'task-definition/unbounded-worker';

  it('fails the check until a good revision runs again', async () => {
    expect(await verdict(checkId, uid)).toBe('PASSED');
    change.services.rollOut('dock-ec2', 'unbounded-worker', ofFirstContainer({ privileged: true }));
    expect(await verdict(checkId, uid)).toBe('FAILED');
    change.services.rollOut('dock-ec2', 'unbounded-worker', ofFirstContainer({ privileged: false }));
    expect(await verdict(checkId, uid)).toBe('PASSED');
  });

  it('is told by the registration, the update and the end of the deployment', async () => {
    change.services.rollOut('dock-ec2', 'unbounded-worker', ofFirstContainer({ privileged: true }));
    expect(await touched()).toEqual([
      'ecs AwsEcsTaskDefinition unbounded-worker',
      'ecs AwsEcsService unbounded-worker',
      'ecs AwsEcsService unbounded-worker',
    ]);
    expect(heard[0]?.detail).toMatchObject({
      eventSource: 'ecs.amazonaws.com',
      eventName: 'RegisterTaskDefinition',
      requestParameters: { family: 'unbounded-worker' },
      responseElements: { taskDefinition: { revision: 3, registeredAt: 'Nov 23, 2026, 12:00:00 PM' } },
      eventType: 'AwsApiCall',
      recipientAccountId: '111122223333',
    });
    expect(heard.at(-1)?.detail).toMatchObject({ eventName: 'SERVICE_DEPLOYMENT_COMPLETED' });
  });

  it('runs both revisions while the deployment is under way', async () => {
    const revision = change.services.register('unbounded-worker', ofFirstContainer({ privileged: true }));
    change.services.updateService('dock-ec2', 'unbounded-worker', revision);
    const { ecs } = homeRegion(demo);
    const service = ecs.clusters
      .flatMap(({ services }) => services)
      .find(({ serviceName }) => serviceName === 'unbounded-worker');
    expect(service?.deployments?.map(({ status, rolloutState }) => [status, rolloutState])).toEqual([
      ['PRIMARY', 'IN_PROGRESS'],
      ['ACTIVE', 'COMPLETED'],
    ]);
    expect(await verdict(checkId, uid)).toBe('FAILED');
  });
});

it('a rollout that changes no practice changes no verdict', async () => {
  const before = await verdicts('ecs');
  change.services.rollOut(
    'harbor-fargate',
    'secure-app',
    ofFirstContainer({ environment: [{ name: 'LOG_LEVEL', value: 'debug' }] }),
  );
  expect(await verdicts('ecs')).toEqual(before);
});

it('the values of environment variables are in no event', async () => {
  change.services.register('recipe-importer', () => ({ cpu: '512' }));
  await demo.bus.deliver();
  expect(heard).toHaveLength(1);
  expect(JSON.stringify(heard)).not.toMatch(/AKIA|postgres:|hooks\.slack/);
});

describe('a repository', () => {
  const checkId = 'ecr-repository-not-public';
  const name = 'tidewater/secure-app';

  it('that is made public fails the check until it is private again', async () => {
    expect(await verdict(checkId, name)).toBe('PASSED');
    change.repositories.makePublic(name);
    expect(await verdict(checkId, name)).toBe('FAILED');
    change.repositories.deletePolicy(name);
    expect(await verdict(checkId, name)).toBe('PASSED');
    expect(await touched()).toEqual([`ecr AwsEcrRepository ${name}`, `ecr AwsEcrRepository ${name}`]);
  });

  it('that is deleted is gone, and CloudTrail tells of it', async () => {
    change.repositories.delete('tidewater/recipe-importer');
    expect(await verdict(checkId, 'tidewater/recipe-importer')).toBeUndefined();
    expect(await touched()).toEqual(['ecr AwsEcrRepository tidewater/recipe-importer']);
  });

  it('that somebody may not change is not changed, and no trigger hears of the attempt', async () => {
    const event = change.repositories.failToSetPolicy(name);
    expect(event.detail).toMatchObject({ errorCode: 'AccessDenied', responseElements: null });
    expect(await verdict(checkId, name)).toBe('PASSED');
    expect(await touched()).toEqual([]);
  });

  it('tells of a push and of the scan that follows', async () => {
    const image = change.repositories.push('tidewater/storefront', 'latest');
    change.repositories.finishScan('tidewater/storefront', image, { CRITICAL: 2 });
    expect(await touched()).toEqual(Array(2).fill('ecr AwsEcrRepository tidewater/storefront'));
    expect(heard.map((event) => event['detail-type'])).toEqual(['ECR Image Action', 'Inspector2 Scan']);
    expect(heard[0]?.detail).toMatchObject({ 'action-type': 'PUSH', result: 'SUCCESS', 'image-tag': 'latest' });
    expect(heard[1]?.detail).toMatchObject({ 'finding-severity-counts': { CRITICAL: 2, TOTAL: 2 } });
  });

  it('lets a tag move, so that it names one image', () => {
    const image = change.repositories.push('tidewater/storefront', 'latest');
    const found = homeRegion(demo).ecr.repositories.find(
      ({ repository }) => repository.repositoryName === 'tidewater/storefront',
    );
    const images = found?.images.slice(0, found.images.length) ?? [];
    expect(images.filter(({ imageTags }) => imageTags?.includes('latest'))).toEqual([image]);
    expect(images.some(({ imageTags }) => imageTags?.join() === 'main')).toBe(true);
  });

  it('with immutable tags takes none twice', () => {
    expect(() => change.repositories.push(name, 'v1.2.3')).toThrow('immutable');
  });
});

describe('what GuardDuty and Inspector tell', () => {
  it('is a finding, until somebody archives it', async () => {
    const finding = change.detection.finding('PrivilegeEscalation:Runtime/DockerSocketAccessed', 8, 'tide-prod');
    change.detection.archive(finding);
    const detector = 'guardduty AwsGuardDutyDetector us-east-1';
    expect(await touched()).toEqual([detector, detector]);
    expect(heard[0]?.detail).toMatchObject({
      type: 'PrivilegeEscalation:Runtime/DockerSocketAccessed',
      severity: 8,
      resource: { eksClusterDetails: { name: 'tide-prod' } },
      service: { archived: false, serviceName: 'guardduty' },
    });
  });

  it('is coverage that is lost and found', async () => {
    const checkId = 'guardduty-coverage-healthy';
    expect(await verdict(checkId, 'cluster/tide-auto')).toBe('PASSED');
    change.detection.coverageBecomes('UNHEALTHY', 'tide-auto', 'Agent not reporting');
    expect(await verdict(checkId, 'cluster/tide-auto')).toBe('FAILED');
    change.detection.coverageBecomes('HEALTHY', 'tide-auto');
    expect(await verdict(checkId, 'cluster/tide-auto')).toBe('PASSED');
    expect(await touched()).toEqual(Array(2).fill('guardduty ClusterRuntimeCoverage tide-auto'));
    expect(heard[0]).toMatchObject({
      'detail-type': 'GuardDuty Runtime Protection Unhealthy',
      detail: {
        currentStatus: 'Unhealthy',
        previousStatus: 'Healthy',
        resourceDetails: { resourceType: 'EKS', eksClusterDetails: { clusterName: 'tide-auto', desiredNodes: '3' } },
        issue: 'Agent not reporting',
      },
    });
  });

  it('is coverage of an ECS cluster, in members named as in other events', async () => {
    change.detection.coverageBecomes('UNHEALTHY', 'harbor-fargate', 'Agent exited');
    expect(await touched()).toEqual(['guardduty ClusterRuntimeCoverage harbor-fargate']);
    expect(heard[0]?.detail).toMatchObject({
      resourceDetails: {
        ecsClusterDetails: { clusterName: 'harbor-fargate', fargateDetails: { issues: ['Agent exited'] } },
      },
    });
  });

  it('is a vulnerability of an image', async () => {
    const { imageDigest } = change.repositories.push('tidewater/storefront', 'latest');
    demo.bus.take();
    change.detection.vulnerability({
      repository: 'tidewater/storefront',
      imageDigest,
      id: 'CVE-2026-0001',
      severity: 'CRITICAL',
    });
    expect(await touched()).toEqual(['ecr AwsEcrRepository tidewater/storefront']);
  });
});

it('the same changes at the same time post the same events', async () => {
  const story = () => {
    const again = changesIn({ world: seedWorld(now), bus: demo.bus, now: () => now });
    again.services.rollOut('dock-ec2', 'unbounded-worker', ofFirstContainer({ privileged: true }));
    again.repositories.push('tidewater/storefront', 'latest');
    return demo.bus.take().map(({ id, ...event }) => event);
  };
  expect(story()).toEqual(story());
});
