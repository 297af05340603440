import { expect, test } from 'vitest';
import { ecsServiceGateAttached as check } from '#shared/checks/ecs/ecs-service-gate-attached.ts';
import { ecsService } from '#test/factories/ecs-services.ts';
import { judge } from '#test/support/judge.ts';

const GATE = 'arn:aws:lambda:us-east-1:111122223333:function:hullcheck-gate';

test('PASSED when a hook runs before new tasks start', () => {
  expect(judge(check, ecsService()).status).toBe('PASSED');
  expect(judge(check, ecsService(), { parameters: { gateArns: [GATE] } }).status).toBe('PASSED');
});

test.for([
  ['there is no hook', []],
  ['the hook runs only after the tasks have started', [{ targetArn: GATE, stages: ['POST_SCALE_UP'] }]],
] as const)('FAILED when %s', ([, lifecycleHooks]) => {
  expect(judge(check, ecsService({ lifecycleHooks }))).toMatchObject({
    status: 'FAILED',
    severity: 'INFORMATIONAL',
    reason: 'no gate runs before new tasks start',
    evidence: [{ path: 'deploymentConfiguration.lifecycleHooks', expected: 'PRE_SCALE_UP' }],
  });
});

test('FAILED when the function of the hook is none of the gates', () => {
  expect(judge(check, ecsService(), { parameters: { gateArns: [`${GATE}-v2`] } }).status).toBe('FAILED');
});

test.for([['CODE_DEPLOY'], ['EXTERNAL']])('NOT_APPLICABLE with the controller %s', ([deploymentController]) => {
  const service = ecsService({ deploymentController: deploymentController as string, lifecycleHooks: [] });

  expect(judge(check, service).status).toBe('NOT_APPLICABLE');
});
