import { expect, test } from 'vitest';
import { ecsServiceNoPublicIp as check } from '#shared/checks/ecs/ecs-service-no-public-ip.ts';
import { ecsService, without } from '#test/factories/ecs-services.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when public addresses are disabled', () => {
  expect(judge(check, ecsService()).status).toBe('PASSED');
});

test('PASSED when assignPublicIp is absent (T19: the default is DISABLED)', () => {
  expect(judge(check, without(ecsService(), 'assignPublicIp')).status).toBe('PASSED');
});

test('FAILED when tasks get a public address', () => {
  expect(judge(check, ecsService({ assignPublicIp: 'ENABLED' }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'tasks get a public IP address',
    evidence: [
      {
        path: 'networkConfiguration.awsvpcConfiguration.assignPublicIp',
        observed: 'ENABLED',
        expected: 'DISABLED',
      },
    ],
  });
});

test('UNKNOWN on a value that does not exist yet', () => {
  expect(judge(check, ecsService({ assignPublicIp: 'IPV6_ONLY' })).unknown).toMatchObject({ kind: 'undecidable' });
});

test.for([['bridge'], ['host'], ['none']])('NOT_APPLICABLE in %s mode (T19)', ([networkMode]) => {
  const service = { ...without(ecsService(), 'assignPublicIp'), networkMode: networkMode as string };

  expect(judge(check, service).status).toBe('NOT_APPLICABLE');
});

test('NOT_APPLICABLE when there is no network configuration at all, as with task sets', () => {
  const service = without(without(ecsService({ subnetIds: [] }), 'assignPublicIp'), 'networkMode');

  expect(judge(check, service).status).toBe('NOT_APPLICABLE');
});

test('FAILED when the mode could not be read but the configuration proves awsvpc', () => {
  expect(judge(check, without(ecsService({ assignPublicIp: 'ENABLED' }), 'networkMode')).status).toBe('FAILED');
});
