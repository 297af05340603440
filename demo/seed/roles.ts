import type { IamRoleState } from '../world/iam-state.ts';
import type { AccountState } from '../world/world.ts';
import { homeAccount, roleArn } from './tidewater.ts';

const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const allow = (actions: readonly string[], resource: string | readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }],
});
const trusting = (service: string, condition?: object) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: service },
      Action: service.startsWith('pods.') ? ['sts:AssumeRole', 'sts:TagSession'] : 'sts:AssumeRole',
      ...(condition === undefined ? {} : { Condition: condition }),
    },
  ],
});
const ofThisAccount = { StringEquals: { 'aws:SourceAccount': homeAccount } };

/** What a task may do unless something is said of its role below. */
const ONE_PREFIX = allow(['s3:GetObject'], 'arn:aws:s3:::tidewater-config/app/*');

/** Roles that are not like the others, good and bad. */
const SPECIAL: Readonly<Record<string, Partial<IamRoleState>>> = {
  ecsTaskExecutionRole: {
    attached: [managed('service-role/AmazonECSTaskExecutionRolePolicy')],
    inline: [{ name: 'secrets', document: allow(['secretsmanager:GetSecretValue'], '*') }],
  },
  // Somebody was in a hurry.
  'shell-runner-task': {
    trust: trusting('ecs-tasks.amazonaws.com'),
    attached: [managed('AdministratorAccess')],
    inline: [],
  },
  'price-feed': { inline: [{ name: 'queues', document: allow(['sqs:*', 'iam:PassRole', 'ecs:RunTask'], '*') }] },
  'tide-prod-node': nodeRole([]),
  'tide-open-node': nodeRole([managed('AmazonS3FullAccess')]),
  'tide-auto-node': {
    trust: trusting('ec2.amazonaws.com'),
    inline: [],
    attached: [managed('AmazonEKSWorkerNodeMinimalPolicy'), managed('AmazonEC2ContainerRegistryPullOnly')],
  },
  'tide-prod-fargate': {
    trust: trusting('eks-fargate-pods.amazonaws.com'),
    inline: [],
    attached: [managed('AmazonEKSFargatePodExecutionRolePolicy')],
  },
  'eks-app-role': { trust: trusting('pods.eks.amazonaws.com') },
  'tide-open-everything': {
    trust: trusting('pods.eks.amazonaws.com'),
    inline: [{ name: 'all', document: allow(['*'], '*') }],
  },
};

/** Named by somebody, and not there. */
const MISSING = new Set(['tide-missing']);

function nodeRole(further: readonly string[]): Partial<IamRoleState> {
  return {
    trust: trusting('ec2.amazonaws.com'),
    inline: [],
    attached: [
      managed('AmazonEKSWorkerNodePolicy'),
      managed('AmazonEKS_CNI_Policy'),
      managed('AmazonEC2ContainerRegistryPullOnly'),
      ...further,
    ],
  };
}

/** What the managed policies of AWS that the roles hold allow, as far as it matters here. */
const AWS_POLICIES: Readonly<Record<string, object>> = {
  AdministratorAccess: allow(['*'], '*'),
  AmazonEC2ContainerRegistryPullOnly: allow(['ecr:GetAuthorizationToken', 'ecr:BatchGetImage'], '*'),
  AmazonECSTaskExecutionRolePolicy: allow(['ecr:GetAuthorizationToken', 'logs:PutLogEvents'], '*'),
  AmazonEKSFargatePodExecutionRolePolicy: allow(['ecr:GetAuthorizationToken', 'ecr:BatchGetImage'], '*'),
  AmazonEKSWorkerNodeMinimalPolicy: allow(['eks-auth:AssumeRoleForPodIdentity'], '*'),
  AmazonEKSWorkerNodePolicy: allow(['ec2:DescribeInstances', 'eks:DescribeCluster'], '*'),
  AmazonEKS_CNI_Policy: allow(['ec2:AssignPrivateIpAddresses', 'ec2:DescribeNetworkInterfaces'], '*'),
  AmazonS3FullAccess: allow(['s3:*', 's3-object-lambda:*'], '*'),
};

/** Gives the account every role that something in it names. Called last, when everything else is there. */
export function seedRoles(account: AccountState): void {
  const named = JSON.stringify(account).matchAll(/arn:aws:iam::(\d{12}):role\/([\w+=,.@-]+)/g);
  const names = new Set([...named].flatMap(([, owner, name = '']) => (owner === account.id ? [name] : [])));
  for (const name of [...names].sort()) if (!MISSING.has(name)) account.iam.roles.push(roleNamed(name, account.id));
  const attached = new Set(account.iam.roles.flatMap((role) => role.attached));
  for (const arn of [...attached].sort()) {
    account.iam.policies.push({
      arn,
      document: AWS_POLICIES[arn.split('/').at(-1) ?? ''] ?? allow(['sts:GetCallerIdentity'], '*'),
    });
  }
}

function roleNamed(name: string, accountId: string): IamRoleState {
  return {
    name,
    arn: roleArn(name, accountId),
    trust: trusting('ecs-tasks.amazonaws.com', ofThisAccount),
    inline: [{ name: 'app', document: ONE_PREFIX }],
    attached: [],
    tags: { team: 'platform' },
    ...SPECIAL[name],
  };
}
