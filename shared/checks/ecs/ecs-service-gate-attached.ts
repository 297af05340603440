import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed } from '../../domain/verdict.ts';
import { isDeployedByEcs } from './judge-services.ts';

/** The only stage at which a hook can refuse a revision before any of its tasks has run. */
const STAGE_BEFORE_TASKS = 'PRE_SCALE_UP';

/** A deployment hook is the last place where an image with critical vulnerabilities can be refused. */
export const ecsServiceGateAttached = defineCheck({
  id: 'ecs-service-gate-attached',
  title: 'ECS services should have a deployment gate that runs before new tasks start',
  resourceType: 'AwsEcsService',
  baseSeverity: 'INFORMATIONAL',
  rationale:
    'Without a lifecycle hook before scale-up nothing stops the deployment of an image that is vulnerable, unsigned or from an unknown registry.',
  limits: 'Any function counts as a gate unless the parameter names those that do; what it decides is not visible.',
  remediation: {
    text: 'Add a deployment lifecycle hook for the stage PRE_SCALE_UP that invokes the gate function.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.1.1', '4.1.5', '4.4.5'] },
  parameters: z.strictObject({
    gateArns: z
      .array(z.string())
      .default([])
      .describe('ARNs of the functions that are gates; empty = a hook to any function is one.'),
  }),
  evaluate: (service, { parameters }) => {
    if (!isDeployedByEcs(service)) return notApplicable('only deployments by ECS have lifecycle hooks');
    const { gateArns } = parameters;
    const gates = service.lifecycleHooks.filter(
      ({ targetArn, stages }) =>
        stages.includes(STAGE_BEFORE_TASKS) && (gateArns.length === 0 || gateArns.includes(targetArn)),
    );
    if (gates.length > 0) return passed();
    return failed('no gate runs before new tasks start', [
      {
        path: 'deploymentConfiguration.lifecycleHooks',
        observed: service.lifecycleHooks.map(({ targetArn, stages }) => ({ targetArn, stages: [...stages] })),
        expected: STAGE_BEFORE_TASKS,
      },
    ]);
  },
});
