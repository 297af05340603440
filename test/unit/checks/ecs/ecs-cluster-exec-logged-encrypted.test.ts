import { expect, test } from 'vitest';
import { ecsClusterExecLoggedEncrypted as check } from '#shared/checks/ecs/ecs-cluster-exec-logged-encrypted.ts';
import { known } from '#shared/domain/observed.ts';
import { ecsCluster, without } from '#test/factories/ecs-services.ts';
import { denied, judge } from '#test/support/judge.ts';

const good = ecsCluster().executeCommand ?? {};

test('PASSED when sessions are logged to an encrypted destination and encrypted on the way', () => {
  expect(judge(check, ecsCluster()).status).toBe('PASSED');
});

test('PASSED with an encrypted bucket instead of a log group', () => {
  const executeCommand = { kmsKeyId: 'alias/exec', logging: 'OVERRIDE', s3Bucket: 'exec', s3EncryptionEnabled: true };

  expect(judge(check, ecsCluster({ executeCommand })).status).toBe('PASSED');
});

test.for([
  ['logging is NONE', { ...good, logging: 'NONE' }, 'ECS Exec sessions are not logged'],
  ['OVERRIDE names no destination', { logging: 'OVERRIDE', kmsKeyId: 'k' }, 'ECS Exec sessions are not logged'],
  [
    'logging is DEFAULT',
    { ...good, logging: 'DEFAULT' },
    'ECS Exec sessions are logged only where the task itself logs to CloudWatch Logs',
  ],
  [
    'the log group need not be encrypted',
    { ...good, cloudWatchEncryptionEnabled: false },
    'ECS Exec logs are not encrypted',
  ],
  ['the second destination need not be encrypted', { ...good, s3Bucket: 'exec' }, 'ECS Exec logs are not encrypted'],
  ['sessions have no key', without(good, 'kmsKeyId'), 'ECS Exec sessions are not encrypted with a KMS key'],
] as const)('FAILED when %s', ([, executeCommand, reason]) => {
  const finding = judge(check, ecsCluster({ executeCommand }));

  expect(finding).toMatchObject({ status: 'FAILED', severity: 'MEDIUM', reason });
  expect(finding.evidence[0]?.path).toContain('configuration.executeCommandConfiguration.');
});

test('FAILED when nothing is configured: the default logging applies', () => {
  expect(judge(check, without(ecsCluster(), 'executeCommand')).status).toBe('FAILED');
});

test('NOT_APPLICABLE when no service has ECS Exec on', () => {
  const cluster = { ...without(ecsCluster(), 'executeCommand'), servicesWithExec: known([]) };

  expect(judge(check, cluster).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when services could not be read, or the value is new; PASSED by the configuration alone', () => {
  const unread = { servicesWithExec: denied('ecs:DescribeServices') };

  expect(judge(check, { ...without(ecsCluster(), 'executeCommand'), ...unread }).status).toBe('UNKNOWN');
  expect(judge(check, ecsCluster({ executeCommand: { logging: 'FIREHOSE' } })).status).toBe('UNKNOWN');
  expect(judge(check, ecsCluster(unread)).status).toBe('PASSED');
});
