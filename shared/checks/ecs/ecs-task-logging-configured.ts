import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgeContainers } from './judge-revisions.ts';

/** Without a log driver, what a container wrote is gone with its task. */
export const ecsTaskLoggingConfigured = defineCheck({
  id: 'ecs-task-logging-configured',
  title: 'ECS task definitions should configure logging for every container',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'HIGH',
  rationale:
    'Without a log configuration the output of a container is lost with its task, and nothing is left to tell what an attacker did.',
  limits: 'Whether the destination exists and how long it keeps the logs is not looked at.',
  remediation: {
    text: 'Set logConfiguration with a logDriver such as awslogs or awsfirelens in every container definition.',
    url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-9',
  },
  frameworks: { 'aws-fsbp': ['ECS.9'] },
  overlapsWith: ['ECS.9'],
  evaluate: (family) =>
    judgeContainers(family, (container, path) => {
      const driver = container.logConfiguration?.logDriver;
      if (driver !== undefined && driver !== '' && driver !== 'none') return passed();
      return failed('no logging is configured', [
        { path: `${path}.logConfiguration.logDriver`, observed: driver ?? null, expected: 'a log driver' },
      ]);
    }),
});
