import { expect, test } from 'vitest';
import { ecsServiceTasksCurrent as check } from '#shared/checks/ecs/ecs-service-tasks-current.ts';
import { known } from '#shared/domain/observed.ts';
import { revision } from '#test/factories/ecs.ts';
import {
  DIGEST,
  deployment,
  ecsService,
  OTHER_DIGEST,
  runningTask,
  serviceRevision,
} from '#test/factories/ecs-services.ts';
import { denied, judge } from '#test/support/judge.ts';

const OLD = revision({ revision: 6 }).arn;
const app = (imageDigest: string) => ({ name: 'app', imageDigest, lastStatus: 'RUNNING' });

test('PASSED when the tasks are of the deployed revision and image', () => {
  expect(judge(check, ecsService()).status).toBe('PASSED');
});

test('FAILED when a task is of a revision that no deployment has', () => {
  const service = ecsService({ runningTasks: known([runningTask(), runningTask({ taskDefinitionArn: OLD })]) });

  expect(judge(check, service)).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'running tasks are of a revision that is not deployed any more',
    evidence: [{ path: 'tasks.taskDefinitionArn', observed: OLD, expected: revision().arn }],
  });
});

test('PASSED while a rollout replaces tasks of the older revision', () => {
  const service = ecsService({
    deployments: [deployment(), deployment({ id: 'old', status: 'ACTIVE', taskDefinitionArn: OLD })],
    runningTasks: known([
      runningTask(),
      runningTask({ containers: [app(OTHER_DIGEST)] }),
      runningTask({ taskDefinitionArn: OLD }),
    ]),
  });

  expect(judge(check, service).status).toBe('PASSED');
});

test('FAILED when a task runs another digest than the deployed one (T17)', () => {
  const service = ecsService({ runningTasks: known([runningTask({ containers: [app(OTHER_DIGEST)] })]) });

  expect(judge(check, service)).toMatchObject({
    status: 'FAILED',
    reason: 'running tasks have another image than was deployed',
    evidence: [{ path: 'tasks.containers[app].imageDigest', observed: OTHER_DIGEST, expected: DIGEST }],
  });
});

test('FAILED when no digest was resolved and the tasks differ among themselves (T17)', () => {
  const unresolved = serviceRevision({ containerImages: [{ containerName: 'app', image: 'repository:v1' }] });
  const service = ecsService({
    currentRevision: known(unresolved),
    runningTasks: known([runningTask(), runningTask({ containers: [app(OTHER_DIGEST)] })]),
  });

  expect(judge(check, service)).toMatchObject({ status: 'FAILED', evidence: [{}, {}] });
});

test('PASSED when GuardDuty and Service Connect added containers to the task (T11)', () => {
  const containers = [app(DIGEST), { name: 'aws-guardduty-agent-x1', imageDigest: OTHER_DIGEST }];

  expect(judge(check, ecsService({ runningTasks: known([runningTask({ containers })]) })).status).toBe('PASSED');
});

test('PASSED while a container is still starting and has no digest', () => {
  const service = ecsService({
    runningTasks: known([runningTask({ containers: [{ name: 'app', lastStatus: 'PENDING' }] })]),
  });

  expect(judge(check, service).status).toBe('PASSED');
});

test('UNKNOWN when tasks or the deployed revision could not be read', () => {
  expect(judge(check, ecsService({ runningTasks: denied('ecs:ListTasks') })).status).toBe('UNKNOWN');
  expect(judge(check, ecsService({ currentRevision: denied('ecs:DescribeServiceRevisions') })).status).toBe('UNKNOWN');
});

test('FAILED by the revision alone when the deployed images could not be read', () => {
  const service = ecsService({
    currentRevision: denied('ecs:DescribeServiceRevisions'),
    runningTasks: known([runningTask({ taskDefinitionArn: OLD })]),
  });

  expect(judge(check, service).status).toBe('FAILED');
});

test('NOT_APPLICABLE when nothing runs, or when something else deploys', () => {
  expect(judge(check, ecsService({ runningTasks: known([]) })).status).toBe('NOT_APPLICABLE');
  expect(judge(check, ecsService({ deploymentController: 'CODE_DEPLOY' })).status).toBe('NOT_APPLICABLE');
});
