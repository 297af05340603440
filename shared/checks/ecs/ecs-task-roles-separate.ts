import { defineCheck } from '../../domain/check.ts';
import { failed, passed } from '../../domain/verdict.ts';
import { judgeRevisions } from './judge-revisions.ts';

/** The execution role is for the agent, the task role for the application. */
export const ecsTaskRolesSeparate = defineCheck({
  id: 'ecs-task-roles-separate',
  title: 'ECS task definitions should use different roles for the task and for its execution',
  resourceType: 'AwsEcsTaskDefinition',
  baseSeverity: 'MEDIUM',
  rationale:
    'An application that runs with the execution role can pull every image and read every secret that ECS itself needs to start the task.',
  remediation: {
    text: 'Create a task role with only what the application calls, and leave the execution role to ECS.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html',
  },
  frameworks: {},
  evaluate: (family) =>
    judgeRevisions(family, ({ definition: { taskRoleArn, executionRoleArn } }) => {
      if (!taskRoleArn || !executionRoleArn || !isSameRole(taskRoleArn, executionRoleArn)) return passed();
      return failed('the task role is the execution role', [
        { path: 'taskRoleArn', observed: taskRoleArn, expected: 'a role of its own' },
      ]);
    }),
});

/** Either may be given by name instead of ARN; the name of a role is unique in its account, whatever its path. */
function isSameRole(left: string, right: string): boolean {
  if (left.startsWith('arn:') && right.startsWith('arn:')) return left === right;
  return left.split('/').at(-1) === right.split('/').at(-1);
}
