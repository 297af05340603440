import { expect, test } from 'vitest';
import { ecsTaskLoggingConfigured as check } from '#shared/checks/ecs/ecs-task-logging-configured.ts';
import {
  container,
  familyWith,
  taskDefinitionFamily,
  undescribedFamily,
  windowsFamilyWith,
  without,
} from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

test.for(['awslogs', 'awsfirelens', 'json-file'])('PASSED with the driver %s', (logDriver) => {
  const family = familyWith({ logConfiguration: { logDriver, options: [], secretOptions: [] } });

  expect(judge(check, family).status).toBe('PASSED');
});

test.for([
  ['is missing', without(container(), 'logConfiguration'), null],
  ['has no driver', container({ logConfiguration: { options: [], secretOptions: [] } }), null],
  ['says none', container({ logConfiguration: { logDriver: 'none', options: [], secretOptions: [] } }), 'none'],
] as const)('FAILED when the log configuration of one container %s', ([, silent, observed]) => {
  const family = familyWith({}, { containers: [container({ name: 'other' }), silent] });

  expect(judge(check, family)).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'no logging is configured',
    evidence: [{ path: 'containerDefinitions[app].logConfiguration.logDriver', observed }],
  });
});

test('is judged on Windows alike', () => {
  expect(judge(check, windowsFamilyWith({ logConfiguration: { options: [], secretOptions: [] } })).status).toBe(
    'FAILED',
  );
});

test('NOT_APPLICABLE without containers', () => {
  expect(judge(check, familyWith({}, { containers: [] })).status).toBe('NOT_APPLICABLE');
  expect(judge(check, taskDefinitionFamily()).status).toBe('PASSED');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
