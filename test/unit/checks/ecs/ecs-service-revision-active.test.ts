import { expect, test } from 'vitest';
import { ecsServiceRevisionActive as check } from '#shared/checks/ecs/ecs-service-revision-active.ts';
import { known } from '#shared/domain/observed.ts';
import { revision } from '#test/factories/ecs.ts';
import { ecsService } from '#test/factories/ecs-services.ts';
import { denied, judge } from '#test/support/judge.ts';

const withStatus = (status: string) => ecsService({ taskDefinition: known(revision({ status })) });

test('PASSED when the revision is active', () => {
  expect(judge(check, ecsService()).status).toBe('PASSED');
});

test.for([['INACTIVE'], ['DELETE_IN_PROGRESS']])(
  'FAILED when the service runs a revision that is %s (T09)',
  ([status]) => {
    expect(judge(check, withStatus(status as string))).toMatchObject({
      status: 'FAILED',
      severity: 'INFORMATIONAL',
      reason: 'the task definition revision is not active any more',
      evidence: [{ path: 'taskDefinition.status', observed: status, expected: 'ACTIVE' }],
    });
  },
);

test('UNKNOWN when the revision could not be read or its status is new', () => {
  expect(judge(check, ecsService({ taskDefinition: denied('ecs:DescribeTaskDefinition') })).status).toBe('UNKNOWN');
  expect(judge(check, withStatus('PAUSED')).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE to a service without a task definition of its own', () => {
  expect(judge(check, ecsService({ taskDefinition: known(null) })).status).toBe('NOT_APPLICABLE');
});
