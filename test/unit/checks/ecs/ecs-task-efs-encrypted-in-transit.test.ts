import { expect, test } from 'vitest';
import { ecsTaskEfsEncryptedInTransit as check } from '#shared/checks/ecs/ecs-task-efs-encrypted-in-transit.ts';
import { efsVolume, familyWith, taskDefinitionFamily, undescribedFamily } from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when it is on for every EFS volume', () => {
  expect(judge(check, familyWith({}, { volumes: [efsVolume()] })).status).toBe('PASSED');
});

test.for([
  ['off', efsVolume({ transitEncryption: 'DISABLED' }), 'DISABLED'],
  ['not set, which is off', { ...efsVolume(), efs: { fileSystemId: 'fs-0123456789abcdef0' } }, null],
] as const)('FAILED when it is %s', ([, volume, observed]) => {
  const volumes = [{ ...efsVolume(), name: 'other' }, volume];

  expect(judge(check, familyWith({}, { volumes }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'an EFS volume is not encrypted in transit',
    evidence: [{ path: 'volumes[data].efsVolumeConfiguration.transitEncryption', observed, expected: 'ENABLED' }],
  });
});

test('UNKNOWN for a value that this version does not know', () => {
  const volumes = [efsVolume({ transitEncryption: 'SOMETIMES' })];

  expect(judge(check, familyWith({}, { volumes })).unknown?.kind).toBe('undecidable');
});

test('NOT_APPLICABLE without EFS volumes', () => {
  expect(judge(check, taskDefinitionFamily()).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
