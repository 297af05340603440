import type { IamAction } from '../domain/ports.ts';

/** IAM's prefix for each SDK service id. */
const PREFIX_BY_SERVICE_ID: Readonly<Record<string, string>> = {
  'Auto Scaling': 'autoscaling',
  'CloudWatch Logs': 'logs',
  CodePipeline: 'codepipeline',
  DynamoDB: 'dynamodb',
  EC2: 'ec2',
  ECR: 'ecr',
  'ECR PUBLIC': 'ecr-public',
  ECS: 'ecs',
  EKS: 'eks',
  EventBridge: 'events',
  GuardDuty: 'guardduty',
  IAM: 'iam',
  Inspector2: 'inspector2',
  KMS: 'kms',
  Lambda: 'lambda',
  Organizations: 'organizations',
  'Resource Groups Tagging API': 'tag',
  S3: 's3',
  Scheduler: 'scheduler',
  SecurityHub: 'securityhub',
  SNS: 'sns',
  SQS: 'sqs',
  SSM: 'ssm',
  STS: 'sts',
};

/** Operations that need no IAM permission: whoever has credentials may call them. */
export const ACTIONS_WITHOUT_PERMISSION: ReadonlySet<string> = new Set(['sts:GetCallerIdentity']);

/**
 * The IAM action of an SDK command.
 *
 * @param serviceId the client's service id, for example `CloudWatch Logs`
 * @param commandName the command's class name, for example `DescribeLogGroupsCommand`
 * @throws Error for a service that has no prefix here yet
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function actionOf(serviceId: string, commandName: string): IamAction {
  const prefix = PREFIX_BY_SERVICE_ID[serviceId];
  if (prefix === undefined) throw new Error(`shared/aws/actions.ts has no IAM prefix for the service "${serviceId}".`);
  return `${prefix}:${commandName.replace(/Command$/, '')}`;
}
