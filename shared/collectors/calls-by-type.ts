import type { ResourceType } from '../domain/resource.ts';
import { collectors } from './index.generated.ts';
import { CUSTOM_READS, KUBERNETES_READS, operationOf } from './kubernetes/reads.ts';

const ECS_LISTED = ['ecs:ListClusters', 'ecs:DescribeClusters', 'ecs:ListServices', 'ecs:DescribeServices'];
const ECS_TASKS = ['ecs:ListTasks', 'ecs:DescribeTasks'];
const ECS_INSTANCES = ['ecs:ListContainerInstances', 'ecs:DescribeContainerInstances'];
const EKS_LISTED = ['eks:ListClusters', 'eks:DescribeCluster', 'eks:DescribeClusterVersions', 'eks:ListNodegroups'];
const DETECTOR = ['guardduty:ListDetectors', 'guardduty:GetDetector'];

/**
 * The calls that have a part in what is known of a resource, its use by others of its service included, for services
 * that read several types. Types that are not named are read with all calls of their service.
 */
const BY_TYPE: Readonly<Partial<Record<ResourceType, readonly string[]>>> = {
  EcrRegistry: [
    'ecr:DescribeRepositories',
    'ecr:BatchGetRepositoryScanningConfiguration',
    'ecr:DescribeRepositoryCreationTemplates',
    'ecr:GetRegistryPolicy',
    'ecr:GetRegistryScanningConfiguration',
    'ecr:GetSigningConfiguration',
  ],
  AwsEcrRepository: [
    'ecr:DescribeRepositories',
    'ecr:BatchGetRepositoryScanningConfiguration',
    'ecr:DescribeImages',
    'ecr:GetLifecyclePolicy',
    'ecr:GetRegistryPolicy',
    'ecr:GetRegistryScanningConfiguration',
    'ecr:GetRepositoryPolicy',
    'kms:DescribeKey',
    'tag:GetResources',
  ],
  EcrPublicRepository: ['ecr-public:DescribeRepositories'],
  AwsEcsCluster: [
    ...ECS_LISTED,
    ...ECS_TASKS,
    ...ECS_INSTANCES,
    'ecs:DescribeCapacityProviders',
    'ec2:DescribeImages',
    'ec2:DescribeInstances',
    'ssm:GetParameters',
  ],
  AwsEcsCapacityProvider: ['ecs:ListClusters', 'ecs:DescribeClusters', 'ecs:DescribeCapacityProviders'],
  AwsEcsService: [
    ...ECS_LISTED,
    ...ECS_TASKS,
    'ecs:DescribeCapacityProviders',
    'ecs:DescribeServiceRevisions',
    'ecs:DescribeTaskDefinition',
    'ec2:DescribeSecurityGroups',
  ],
  AwsEcsTaskSet: ECS_LISTED,
  AwsEcsTaskDefinition: [
    ...ECS_LISTED,
    ...ECS_TASKS,
    ...ECS_INSTANCES,
    'ecs:DescribeCapacityProviders',
    'ecs:ListTaskDefinitionFamilies',
    'ecs:DescribeTaskDefinition',
    'ecs:ListDaemons',
    'ecs:DescribeDaemon',
    'ecs:DescribeDaemonRevisions',
    'ecs:ListDaemonTaskDefinitions',
    'ecs:DescribeDaemonTaskDefinition',
    'events:ListEventBuses',
    'events:ListRuleNamesByTarget',
    'events:ListTargetsByRule',
    'scheduler:ListSchedules',
    'scheduler:GetSchedule',
  ],
  AwsEksCluster: [
    ...EKS_LISTED,
    'ec2:DescribeInstances',
    'eks:DescribeAccessEntry',
    'eks:DescribeAddon',
    'eks:DescribeFargateProfile',
    'eks:DescribeIdentityProviderConfig',
    'eks:DescribePodIdentityAssociation',
    'eks:ListAccessEntries',
    'eks:ListAddons',
    'eks:ListAssociatedAccessPolicies',
    'eks:ListFargateProfiles',
    'eks:ListIdentityProviderConfigs',
    'eks:ListInsights',
    'eks:ListPodIdentityAssociations',
    'iam:GetOpenIDConnectProvider',
    'iam:ListOpenIDConnectProviders',
    'logs:DescribeLogGroups',
  ],
  AwsEksNodegroup: [
    ...EKS_LISTED,
    'eks:DescribeNodegroup',
    'ec2:DescribeImages',
    'ec2:DescribeInstances',
    'ec2:DescribeLaunchTemplateVersions',
    'ec2:DescribeRouteTables',
    'ec2:DescribeSecurityGroups',
  ],
  AwsGuardDutyDetector: [
    ...DETECTOR,
    'guardduty:DescribeOrganizationConfiguration',
    'guardduty:GetFindings',
    'guardduty:ListFindings',
  ],
  ClusterRuntimeCoverage: [...DETECTOR, 'guardduty:ListCoverage'],
};

/** What a cluster is asked for; its resources are put together from all of it. */
const OF_CLUSTERS = ['kubernetes:get /apis', ...[...Object.values(KUBERNETES_READS), ...CUSTOM_READS].map(operationOf)];

/** The calls that have a part in what is known of resources of a type, sorted; what others say of its use is not in it. */
export function callsOfType(type: ResourceType): readonly string[] {
  const collector = collectors.find(({ resourceTypes }) => resourceTypes.includes(type));
  if (collector === undefined) return [];
  const calls = collector.service === 'kubernetes' ? OF_CLUSTERS : (BY_TYPE[type] ?? collector.permissions);
  return [...new Set(calls)].sort();
}
