import { expect, test } from 'vitest';
import { ecsServicePlatformCurrent as check } from '#shared/checks/ecs/ecs-service-platform-current.ts';
import { deployment, ecsService, without } from '#test/factories/ecs-services.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED on LATEST', () => {
  expect(judge(check, ecsService()).status).toBe('PASSED');
});

test('PASSED when no platform version is named: the default is LATEST', () => {
  expect(judge(check, without(ecsService({ deployments: [] }), 'platformVersion')).status).toBe('PASSED');
});

test.for([
  ['Linux', '1.4.0'],
  ['LINUX', '1.10.0'],
  ['Windows', '1.0.0'],
  ['WINDOWS_SERVER_2022_CORE', '1.0.0'],
])('PASSED on %s %s', ([platformFamily, platformVersion]) => {
  const service = ecsService({ platformFamily, platformVersion, deployments: [] } as never);

  expect(judge(check, service).status).toBe('PASSED');
});

test.for([['Windows'], ['WINDOWS_SERVER_2019_FULL']])(
  'PASSED on LATEST with the family %s (D4)',
  ([platformFamily]) => {
    const windows = { platformFamily: platformFamily as string, platformVersion: 'LATEST' };
    const deployed = deployment({ platformFamily: platformFamily as string, platformVersion: '1.0.0' });

    expect(judge(check, ecsService({ ...windows, deployments: [deployed] })).status).toBe('PASSED');
  },
);

test('FAILED on a pinned older version', () => {
  expect(judge(check, ecsService({ platformVersion: '1.3.0', deployments: [] }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'the Fargate platform version is not the latest',
    evidence: [{ path: 'platformVersion', observed: '1.3.0', expected: '1.4.0' }],
  });
});

test('FAILED when the primary deployment got an older version than LATEST is today', () => {
  const service = ecsService({ deployments: [deployment({ platformVersion: '1.3.0' })] });

  expect(judge(check, service)).toMatchObject({
    status: 'FAILED',
    evidence: [{ path: 'deployments[PRIMARY].platformVersion', observed: '1.3.0' }],
  });
});

test('PASSED while the deployment with the older version is being replaced', () => {
  const service = ecsService({
    deployments: [deployment(), deployment({ id: 'old', status: 'ACTIVE', platformVersion: '1.3.0' })],
  });

  expect(judge(check, service).status).toBe('PASSED');
});

test('FAILED on a Fargate capacity provider, which has no launch type of its own (D4)', () => {
  const service = ecsService({
    launchTypes: ['EC2', 'FARGATE'],
    platformVersion: '1.3.0',
    deployments: [without(deployment({ platformVersion: '1.3.0' }), 'launchType')],
  });

  expect(judge(check, service).status).toBe('FAILED');
});

test('the newest version is a parameter', () => {
  const finding = judge(check, ecsService({ platformVersion: '1.4.0' }), { parameters: { latestLinux: '1.5.0' } });

  expect(finding).toMatchObject({ status: 'FAILED', evidence: [{ expected: '1.5.0' }] });
});

test('NOT_APPLICABLE to services that do not run on Fargate', () => {
  expect(judge(check, ecsService({ launchTypes: ['EC2'] })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN on a version that is no number', () => {
  expect(judge(check, ecsService({ platformVersion: 'NEXT' })).unknown).toMatchObject({ kind: 'undecidable' });
});
