import { expect, test } from 'vitest';
import { ecsTaskRootFilesystemReadonly as check } from '#shared/checks/ecs/ecs-task-root-filesystem-readonly.ts';
import { container, revision, serviceUse, taskDefinitionFamily } from '#test/factories/ecs.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED when every container has a read-only root file system', () => {
  expect(judge(check, taskDefinitionFamily()).status).toBe('PASSED');
});

test.for([
  ['false', false],
  ['absent (T13: the default is writable)', undefined],
] as const)('FAILED when readonlyRootFilesystem is %s', ([, value]) => {
  const { readonlyRootFilesystem: _, ...rest } = container();
  const writable = value === undefined ? rest : { ...rest, readonlyRootFilesystem: value };

  const finding = judge(check, taskDefinitionFamily(revision({ containers: [container({ name: 'ok' }), writable] })));

  expect(finding).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'the root file system is writable',
    evidence: [{ path: 'containerDefinitions[app].readonlyRootFilesystem', expected: true }],
  });
});

test('NOT_APPLICABLE on Windows, which has no read-only root file system', () => {
  const windows = revision({ operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' });

  expect(judge(check, taskDefinitionFamily(windows)).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the only revision in use could not be described', () => {
  const family = taskDefinitionFamily();
  const unread = {
    ...family,
    revisionsInUse: [{ arn: family.arn ?? '', uses: [serviceUse()], definition: denied('ecs:DescribeTaskDefinition') }],
  };

  const finding = judge(check, unread);

  expect(finding.status).toBe('UNKNOWN');
  expect(finding.unknown).toMatchObject({ kind: 'unreadable', missingPermission: 'ecs:DescribeTaskDefinition' });
});

test('T12: the FireLens router of AWS in its init variant is exempt, and the finding says so', () => {
  const router = container({
    name: 'router',
    readonlyRootFilesystem: false,
    firelensType: 'fluentbit',
    image: 'public.ecr.aws/aws-observability/aws-for-fluent-bit:init-2.32.0',
  });

  expect(judge(check, taskDefinitionFamily(revision({ containers: [container(), router] })))).toMatchObject({
    status: 'PASSED',
    evidence: [
      { path: 'containerDefinitions[router].readonlyRootFilesystem', expected: expect.stringMatching(/^exempt/) },
    ],
  });
});

test.for([
  ['its name', { name: 'log_router', image: 'fluent/fluent-bit:3.0' }],
  ['its structure', { firelensType: 'fluentbit', image: 'fluent/fluent-bit:3.0' }],
  ['its image', { image: 'public.ecr.aws/aws-observability/aws-for-fluent-bit:init-2.32.0' }],
  [
    'another variant',
    { firelensType: 'fluentbit', image: 'public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0' },
  ],
] as const)('T12: %s alone exempts nothing', ([, overrides]) => {
  const sidecar = container({ readonlyRootFilesystem: false, ...overrides });

  expect(judge(check, taskDefinitionFamily(revision({ containers: [sidecar] }))).status).toBe('FAILED');
});
