import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgeRevisions } from './judge-revisions.ts';

/** For experiments, and left behind by them. */
export const ecsTaskFaultInjectionOff = defineCheck({
  id: 'ecs-task-fault-injection-off',
  title: 'ECS task definitions should not accept fault injection',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'LOW',
  rationale:
    'With fault injection on, every container of a task may ask the ECS agent to delay, lose or block the network traffic of the task.',
  remediation: {
    text: 'Set enableFaultInjection to false in the task definition and switch it on only in the environment of an experiment.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fault-injection.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.4.3'] },
  evaluate: (family) =>
    judgeRevisions(family, ({ definition }) =>
      definition.enableFaultInjection === true
        ? failed('the task accepts fault injection', [
            { path: 'enableFaultInjection', observed: true, expected: false },
          ])
        : passed(),
    ),
});
