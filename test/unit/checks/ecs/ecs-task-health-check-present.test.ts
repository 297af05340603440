import { expect, test } from 'vitest';
import { ecsTaskHealthCheckPresent as check } from '#shared/checks/ecs/ecs-task-health-check-present.ts';
import type { EcsRevisionUse } from '#shared/collectors/ecs/model.ts';
import {
  container,
  revision,
  serviceUse,
  taskDefinitionFamily,
  undescribedFamily,
  without,
} from '#test/factories/ecs.ts';
import { denied, judge } from '#test/support/judge.ts';

const unchecked = without(container(), 'healthCheck');
const balanced = serviceUse({ loadBalancedContainers: ['app'] });

function deployed(
  containers: readonly ReturnType<typeof container>[],
  uses: readonly EcsRevisionUse[] = [serviceUse()],
) {
  return taskDefinitionFamily(revision({ containers }), uses);
}

test('PASSED when every essential container has a health check', () => {
  expect(judge(check, taskDefinitionFamily()).status).toBe('PASSED');
});

test('PASSED when a load balancer of the service checks the container', () => {
  expect(judge(check, deployed([unchecked], [balanced])).status).toBe('PASSED');
});

test.for([
  ['absent', unchecked, 'no health check is set', null],
  [
    'switched off',
    container({ healthCheck: { disabled: true, command: [] } }),
    'the health check is switched off',
    ['NONE'],
  ],
] as const)('FAILED when the health check is %s', ([, silent, reason, observed]) => {
  expect(judge(check, deployed([silent]))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason,
    evidence: [{ path: 'containerDefinitions[app].healthCheck.command', observed }],
  });
});

test('FAILED when one of two services has no load balancer', () => {
  const uses = [balanced, serviceUse({ by: 'arn:aws:ecs:us-east-1:111122223333:service/prod/worker' })];

  expect(judge(check, deployed([unchecked], uses)).status).toBe('FAILED');
});

test('containers that are not essential need none', () => {
  expect(judge(check, deployed([container(), { ...unchecked, name: 'helper', essential: false }])).status).toBe(
    'PASSED',
  );
});

test('T12: a FireLens router needs none by its structure, and another container of that name does', () => {
  const named = { ...unchecked, name: 'log_router' };

  expect(judge(check, deployed([container(), { ...named, firelensType: 'fluentbit' }])).status).toBe('PASSED');
  expect(judge(check, deployed([container(), named])).status).toBe('FAILED');
});

test('T12: the proxy that the definition names needs none', () => {
  const definition = revision({
    containers: [container(), { ...unchecked, name: 'envoy' }],
    proxyContainerName: 'envoy',
  });

  expect(judge(check, taskDefinitionFamily(definition)).status).toBe('PASSED');
});

test.for(['task', 'event-rule', 'schedule', 'daemon'] as const)('NOT_APPLICABLE when only a %s uses it', (kind) => {
  expect(judge(check, deployed([unchecked], [serviceUse({ kind })])).status).toBe('NOT_APPLICABLE');
});

test('NOT_APPLICABLE when nothing uses it', () => {
  expect(judge(check, deployed([unchecked], [])).status).toBe('NOT_APPLICABLE');
});

test('NOT_APPLICABLE when every essential container is a sidecar', () => {
  expect(judge(check, deployed([{ ...unchecked, firelensType: 'fluentd' }])).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when services could not be listed, unless a known service already fails', () => {
  const servicesListed = denied('ecs:ListServices');

  expect(judge(check, { ...deployed([container()]), servicesListed }).status).toBe('UNKNOWN');
  expect(judge(check, { ...deployed([unchecked], []), servicesListed }).status).toBe('UNKNOWN');
  expect(judge(check, { ...deployed([unchecked]), servicesListed }).status).toBe('FAILED');
});

test('schedules that could not be listed change nothing', () => {
  expect(judge(check, { ...taskDefinitionFamily(), usesListed: denied('scheduler:ListSchedules') }).status).toBe(
    'PASSED',
  );
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
