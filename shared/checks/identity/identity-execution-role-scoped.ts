import { defineCheck } from '../../domain/check.ts';
import { judgeRole } from './judge-role.ts';
import { secretOffences } from './role-offences.ts';

/** The agent fetches secrets before a container starts, and needs no others. */
export const identityExecutionRoleScoped = defineCheck({
  id: 'identity-execution-role-scoped',
  title: 'IAM execution roles of ECS tasks should read only the secrets their tasks name',
  resourceType: 'AwsIamRole',
  baseSeverity: 'MEDIUM',
  rationale:
    'Whoever may register a task definition with the execution role can have every secret that it may read put into a container.',
  limits:
    'Grants by a prefix are accepted, whatever it holds. A statement with conditions is UNKNOWN: whether they hold cannot be told.',
  remediation: {
    text: 'Name the secrets, parameters and keys that the task definitions use in the Resource of the statement.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.1.4'] },
  evaluate: (role) => judgeRole(role, ['ecs-execution'], secretOffences, 'the secrets that its tasks name'),
});
