import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ofFirstContainer } from '#demo/change/services.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({ setTime: (now) => vi.setSystemTime(now), recheckBatchSize: 10 });
  await deployment.run();
  await settled();
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

const REGISTRY = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
/** Runs in a service of its own, and nothing speaks against it. */
const CLEAN = 'tidewater/secure-app';
const SETTLING_SECONDS = 120;

const home = () => {
  const [region] = deployment.demo.world.accounts[0]?.regions ?? [];
  if (region === undefined) throw new Error('the demo has no region');
  return region;
};
const alerts = () =>
  home()
    .topics.flatMap((topic) => topic.messages.map(({ message }) => JSON.parse(message)))
    .filter(({ kind, eventAction }) => kind === 'alert' && eventAction === 'trigger');
const digestOf = (service: string) => {
  const revision = home().ecs.serviceRevisions.findLast(({ serviceArn }) => serviceArn?.endsWith(`/${service}`));
  return revision?.containerImages?.[0]?.imageDigest ?? '';
};
const find = (id: string, severity: 'CRITICAL' | 'HIGH' = 'CRITICAL', status: 'ACTIVE' | 'CLOSED' = 'ACTIVE') =>
  deployment.change.detection.vulnerability({
    repository: CLEAN,
    imageDigest: digestOf('secure-app'),
    id,
    severity,
    status,
  });

/** What the registry was asked while what has happened was rechecked. */
async function recheck(): Promise<Record<string, number>> {
  // Another look at the same instant would be no newer.
  deployment.advance(1);
  const before = deployment.demo.recorder.calls().length;
  await deployment.recheck();
  const counts: Record<string, number> = {};
  for (const { operation } of deployment.demo.recorder.calls().slice(before)) {
    if (operation.startsWith('ecr:')) counts[operation] = (counts[operation] ?? 0) + 1;
  }
  return counts;
}

async function settled(): Promise<Record<string, number>> {
  deployment.advance(SETTLING_SECONDS);
  return recheck();
}

async function imageRows(repository: string): Promise<ReadonlyMap<string, string>> {
  const rows = new Map<string, string>();
  const scope = { accountId: '111122223333', region: 'us-east-1', service: 'images' };
  for await (const { finding, status } of deployment.ledger.rowsOfScope(scope)) {
    if (finding.resource.name === repository) rows.set(finding.checkId, status);
  }
  return rows;
}

/** The last one because the registry signs. */
const CALLS_OF_AN_IMAGE = {
  'ecr:DescribeImageScanFindings': 1,
  'ecr:ListImageReferrers': 1,
  'ecr:DescribeImageSigningStatus': 1,
};

describe('a vulnerability that becomes known in an image that runs', () => {
  test('is told two minutes later, for three calls, and says who runs it', async () => {
    const before = alerts().length;
    find('CVE-2026-31337');

    expect(await recheck()).toEqual({});
    expect(await settled()).toEqual(CALLS_OF_AN_IMAGE);

    expect((await imageRows(CLEAN)).get('image-no-critical-vulnerabilities')).toBe('FAILED');
    expect(alerts().slice(before)).toMatchObject([
      { severity: 'CRITICAL', checkId: 'image-no-critical-vulnerabilities', dedupKey: expect.stringContaining(CLEAN) },
    ]);
    const told = [...home().security.findings.values()].find(
      ({ Id }) => Id?.includes('image-no-critical-vulnerabilities') && Id.endsWith(CLEAN),
    );
    expect(JSON.stringify(told)).toContain('service/harbor-fargate/secure-app');
  });

  test('is told to be over when Inspector closes it', async () => {
    find('CVE-2026-31337', 'CRITICAL', 'CLOSED');
    await recheck();

    expect(await settled()).toEqual(CALLS_OF_AN_IMAGE);
    expect((await imageRows(CLEAN)).get('image-no-critical-vulnerabilities')).toBe('PASSED');
  });

  test('comes in swarms: however many events, in however many batches, it is one look', async () => {
    for (let number = 0; number < 15; number += 1) find(`CVE-2026-${40_000 + number}`, 'HIGH');
    expect(await recheck()).toEqual({});
    deployment.advance(60);
    for (let number = 0; number < 15; number += 1) find(`CVE-2026-${50_000 + number}`, 'HIGH');
    expect(await recheck()).toEqual({});

    expect(await settled()).toEqual(CALLS_OF_AN_IMAGE);
    expect(await settled()).toEqual({});
    expect((await imageRows(CLEAN)).get('image-no-high-vulnerabilities')).toBe('FAILED');
  });

  test('that comes while the look is due gets a look of its own: none is lost', async () => {
    find('CVE-2026-60001');
    await recheck();
    deployment.advance(100);
    find('CVE-2026-60002');
    expect(await recheck()).toEqual({});
    deployment.advance(21);
    expect(await recheck()).toEqual(CALLS_OF_AN_IMAGE);
    deployment.advance(100);

    expect(await recheck()).toEqual(CALLS_OF_AN_IMAGE);
  });

  test('in an image that nobody runs is nobody’s news', async () => {
    const { images } = home().ecr.repositories.find(({ repository }) => repository.repositoryName === CLEAN) ?? {};
    const other = images?.slice(0, images.length).find(({ imageDigest }) => imageDigest !== digestOf('secure-app'));
    deployment.change.detection.vulnerability({
      repository: CLEAN,
      imageDigest: other?.imageDigest ?? '',
      id: 'CVE-2026-70001',
      severity: 'CRITICAL',
    });
    await recheck();

    expect(await settled()).toEqual({});
  });
});

describe('what runs', () => {
  test('a push changes nothing about images of a repository of which one is known to run', async () => {
    deployment.change.repositories.push(CLEAN, 'v9.9.9');

    expect(Object.keys(await recheck())).not.toContain('ecr:DescribeImageScanFindings');
  });

  test('a deployment of another image looks into that image, at once', async () => {
    const before = await imageRows(CLEAN);
    const image = `${REGISTRY}/tidewater/storefront:latest`;
    deployment.change.services.rollOut('dock-ec2', 'unbounded-worker', ofFirstContainer({ image }));

    const calls = await recheck();

    // Of the repository of the image that ran before, and of the other.
    expect(calls['ecr:DescribeImages']).toBe(2);
    expect(calls['ecr:DescribeImageScanFindings']).toBeGreaterThan(0);
    expect(await imageRows(CLEAN)).toEqual(before);
  });

  test('the end of a scan of an image that is gone with its repository tells nothing', async () => {
    const [image] =
      home()
        .ecr.repositories.find(({ repository }) => repository.repositoryName === CLEAN)
        ?.images.slice(0, 1) ?? [];
    if (image === undefined) throw new Error('there is no image');
    deployment.change.repositories.finishScan(CLEAN, image);
    deployment.change.repositories.delete(CLEAN);
    await recheck();
    await settled();

    expect(new Set((await imageRows(CLEAN)).values())).toEqual(new Set(['GONE']));
  });
});
