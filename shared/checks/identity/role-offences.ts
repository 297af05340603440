import { matchesAction } from '../../domain/iam-policy.ts';
import {
  broadGrantsOf,
  grantsOfRole,
  isBroad,
  isDenied,
  namesEverything,
  type RolePolicies,
} from '../../domain/role-permissions.ts';
import type { Offence } from './judge-role.ts';

/** Grants of everything: `*`, also written `*:*`, on every resource. */
export function adminOffences(role: RolePolicies): readonly Offence[] {
  return broadGrantsOf(role, '*')
    .filter(({ statement }) => namesEverything(statement))
    .map((grant) => ({ reason: 'the role may do everything', grant, allows: 'every action on every resource' }));
}

/** Actions that alone let a role give itself more, when they reach every resource. */
const ESCALATES_ALONE = [
  'iam:CreatePolicyVersion',
  'iam:SetDefaultPolicyVersion',
  'iam:CreateAccessKey',
  'iam:CreateLoginProfile',
  'iam:UpdateLoginProfile',
  'iam:AttachUserPolicy',
  'iam:AttachGroupPolicy',
  'iam:AttachRolePolicy',
  'iam:PutUserPolicy',
  'iam:PutGroupPolicy',
  'iam:PutRolePolicy',
  'iam:AddUserToGroup',
  'iam:UpdateAssumeRolePolicy',
  'iam:DeleteRolePermissionsBoundary',
  'iam:PutRolePermissionsBoundary',
  'lambda:UpdateFunctionCode',
  'sts:AssumeRole',
  'eks:AssociateAccessPolicy',
];

/** Actions that start something with a role of one's choice: dangerous together with PassRole. */
const LAUNCHES = [
  'ec2:RunInstances',
  'autoscaling:CreateLaunchConfiguration',
  'ecs:RunTask',
  'ecs:StartTask',
  'ecs:CreateService',
  'ecs:RegisterTaskDefinition',
  'lambda:CreateFunction',
  'cloudformation:CreateStack',
  'codebuild:CreateProject',
  'datapipeline:CreatePipeline',
  'glue:CreateDevEndpoint',
  'glue:CreateJob',
  'sagemaker:CreateNotebookInstance',
  'sagemaker:CreateTrainingJob',
  'sagemaker:CreateProcessingJob',
  'states:CreateStateMachine',
  'eks:CreatePodIdentityAssociation',
  'scheduler:CreateSchedule',
];

/** Services of which a whole wildcard hands over accounts, keys, data or other workloads. */
const WHOLE_SERVICES = [
  'iam',
  'sts',
  'kms',
  'secretsmanager',
  'ssm',
  's3',
  'dynamodb',
  'ec2',
  'ecr',
  'ecs',
  'eks',
  'lambda',
];

/**
 * Ways from the role to more than it was given. Roles that may do everything are the finding of `…-not-admin`.
 *
 * @see https://github.com/salesforce/cloudsplaining for the groups
 */
export function escalationOffences(role: RolePolicies): readonly Offence[] {
  if (adminOffences(role).length > 0) return [];
  const escalates = 'the role can give itself more rights';
  const alone = ESCALATES_ALONE.flatMap((action) =>
    broadGrantsOf(role, action).map((grant) => ({ reason: escalates, grant, allows: `${action} on every resource` })),
  );
  const launch = LAUNCHES.find((action) => allowsAnywhere(role, action));
  const passes = launch === undefined ? [] : broadGrantsOf(role, 'iam:PassRole');
  const passing = passes.map((grant) => ({
    reason: escalates,
    grant,
    allows: `iam:PassRole on every role, with ${launch}`,
  }));
  return [...alone, ...passing, ...wholeServices(role), ...excepting(role)];
}

function allowsAnywhere(role: RolePolicies, action: string): boolean {
  return (
    !isDenied(role, action) &&
    grantsOfRole(role).some(({ statement: { actions, notActions } }) =>
      actions === undefined
        ? notActions !== undefined && !notActions.some((pattern) => matchesAction(pattern, action))
        : actions.some((pattern) => matchesAction(pattern, action)),
    )
  );
}

function wholeServices(role: RolePolicies): readonly Offence[] {
  return WHOLE_SERVICES.flatMap((service) =>
    broadGrantsOf(role, `${service}:*`)
      .filter(({ statement }) => statement.actions !== undefined)
      .map((grant) => ({
        reason: 'the role may do everything in a sensitive service',
        grant,
        allows: `${service}:* on every resource`,
      })),
  );
}

function excepting(role: RolePolicies): readonly Offence[] {
  return grantsOfRole(role)
    .filter(({ statement }) => statement.notActions !== undefined && isBroad(statement))
    .filter(() => bindsNothing(role))
    .map((grant) => ({
      reason: 'the role may do everything but what is excepted',
      grant,
      allows: `every action but ${grant.statement.notActions?.join(', ')}`,
    }));
}

/** Whether there is no boundary, or one that lets everything through. */
function bindsNothing({ boundary }: RolePolicies): boolean {
  return (
    boundary === null ||
    boundary.statements.some(
      (statement) =>
        statement.effect === 'Allow' &&
        statement.conditions.length === 0 &&
        namesEverything(statement) &&
        isBroad(statement),
    )
  );
}

/** Reads of data and secrets that should name what they read. */
const READS = [
  'secretsmanager:GetSecretValue',
  'secretsmanager:BatchGetSecretValue',
  'ssm:GetParameter',
  'ssm:GetParameters',
  'ssm:GetParametersByPath',
  'ssm:GetParameterHistory',
  'kms:Decrypt',
  's3:GetObject',
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:Scan',
];

/** Reads of data on every resource, and AWS's policies for full access to a service. */
export function dataOffences(role: RolePolicies): readonly Offence[] {
  if (adminOffences(role).length > 0) return [];
  const graver = new Set(escalationOffences(role).map(({ grant }) => grant.path));
  const reads = READS.flatMap((action) =>
    broadGrantsOf(role, action)
      // One cause, one finding: the whole service is told of there.
      .filter(({ path }) => !graver.has(path))
      .map((grant) => ({
        reason: 'the role may read data or secrets of every resource',
        grant,
        allows: `${action} on every resource`,
      })),
  );
  const full = role.policies
    .filter(({ name }) => /^Amazon.*FullAccess$|^AWS.*FullAccess$/.test(name))
    .flatMap((policy) =>
      grantsOfRole({ policies: [policy], boundary: null })
        .filter(({ path }) => !graver.has(path))
        .filter(({ statement }) => bindsNothing(role) || reachesThrough(role.boundary, policy, statement.actions))
        .slice(0, 1)
        .map((grant) => ({
          reason: 'the role has full access to a service',
          grant: { ...grant, conditional: false },
          allows: `the AWS policy ${policy.name}`,
        })),
    );
  return [...reads, ...full];
}

/** Whether the boundary leaves one of the actions of a policy on every resource. */
function reachesThrough(
  boundary: RolePolicies['boundary'],
  policy: RolePolicies['policies'][number],
  actions: readonly string[] = [],
): boolean {
  return actions.some((action) => broadGrantsOf({ policies: [policy], boundary }, action).length > 0);
}

/** Reads of secrets on every resource, whatever else the role may do. */
export function secretOffences(role: RolePolicies): readonly Offence[] {
  return READS.filter((action) => /^(?:secretsmanager|ssm|kms):/.test(action)).flatMap((action) =>
    broadGrantsOf(role, action).map((grant) => ({
      reason: 'the role may read every secret',
      grant,
      allows: `${action} on every resource`,
    })),
  );
}
