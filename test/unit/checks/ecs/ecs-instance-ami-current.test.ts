import { expect, test } from 'vitest';
import { ecsInstanceAmiCurrent as check } from '#shared/checks/ecs/ecs-instance-ami-current.ts';
import { known } from '#shared/domain/observed.ts';
import {
  ami,
  containerInstance,
  ecsCluster,
  ecsClusterWithoutInstances,
  without,
} from '#test/factories/ecs-services.ts';
import { denied, judge } from '#test/support/judge.ts';

const withAmi = (createdAt: string) => ecsCluster({ instanceAmis: known([ami({ createdAt })]) });

test('PASSED when the image is recent, to the day', () => {
  expect(judge(check, ecsCluster()).status).toBe('PASSED');
  expect(judge(check, withAmi('2026-08-25T00:00:00.000Z')).status).toBe('PASSED');
});

test('FAILED when the image is older than 90 days', () => {
  expect(judge(check, withAmi('2026-08-24T23:59:59.000Z'))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'a container instance runs from an old machine image',
    evidence: [
      {
        path: 'containerInstances[i-0123456789abcdef0].image[ami-0123456789abcdef0].creationDate',
        observed: '2026-08-24T23:59:59.000Z',
      },
    ],
  });
});

test('the age is a parameter', () => {
  expect(judge(check, ecsCluster(), { parameters: { maxAgeDays: 14 } }).status).toBe('FAILED');
});

test('UNKNOWN when images could not be read, or the image of an instance is gone', () => {
  expect(judge(check, ecsCluster({ instanceAmis: denied('ec2:DescribeImages') })).status).toBe('UNKNOWN');
  expect(judge(check, ecsCluster({ instanceAmis: known([]) })).unknown).toMatchObject({ kind: 'undecidable' });
  expect(judge(check, ecsCluster({ instanceAmis: known([without(ami(), 'createdAt')]) })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE without EC2 instances of the account', () => {
  const external = containerInstance({ capacityKind: 'EXTERNAL' });

  expect(judge(check, ecsClusterWithoutInstances()).status).toBe('NOT_APPLICABLE');
  expect(judge(check, ecsCluster({ containerInstances: known([external]) })).status).toBe('NOT_APPLICABLE');
});
