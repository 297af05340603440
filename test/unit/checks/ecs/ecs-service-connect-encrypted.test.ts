import { expect, test } from 'vitest';
import { ecsServiceConnectEncrypted as check } from '#shared/checks/ecs/ecs-service-connect-encrypted.ts';
import { ecsService, without } from '#test/factories/ecs-services.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when every service of the configuration uses TLS', () => {
  expect(judge(check, ecsService()).status).toBe('PASSED');
});

test('FAILED when one does not', () => {
  const services = [
    { portName: 'http', tls: true },
    { portName: 'admin', tls: false },
  ];

  expect(judge(check, ecsService({ serviceConnect: { enabled: true, services } }))).toMatchObject({
    status: 'FAILED',
    reason: 'Service Connect traffic is not encrypted',
    evidence: [{ path: 'serviceConnectConfiguration.services[admin].tls' }],
  });
});

test('NOT_APPLICABLE without Service Connect, and where a service only calls others', () => {
  expect(judge(check, without(ecsService(), 'serviceConnect')).status).toBe('NOT_APPLICABLE');
  expect(judge(check, ecsService({ serviceConnect: { enabled: true, services: [] } })).status).toBe('NOT_APPLICABLE');
});
