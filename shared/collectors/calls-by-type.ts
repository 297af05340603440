import type { ResourceType } from '../domain/resource.ts';
import { collectors } from './index.generated.ts';
import { CUSTOM_READS, KUBERNETES_READS, operationOf } from './kubernetes/reads.ts';

const reads = (...names: (keyof typeof KUBERNETES_READS)[]) => names.map((name) => operationOf(KUBERNETES_READS[name]));
/** Kinds of others: those of ingresses, and those that decide about traffic. */
const custom = (ofIngresses: boolean) =>
  CUSTOM_READS.filter(({ resource }) => (resource === 'ingressclassparams') === ofIngresses).map(operationOf);

/** Which API groups a cluster serves is asked first, and tells what is installed in it. */
const GROUPS = 'kubernetes:get /apis';
const WORKLOADS = [
  GROUPS,
  ...reads('namespaces', 'pods', 'nodes', 'replicationControllers', 'daemonSets', 'deployments', 'replicaSets'),
  ...reads('statefulSets', 'cronJobs', 'jobs'),
];
const RBAC = reads('clusterRoleBindings', 'clusterRoles', 'roleBindings', 'roles');

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
  KubernetesCluster: [
    GROUPS,
    ...reads('serviceAccounts', 'admissionPolicies', 'admissionBindings', 'validatingWebhooks', 'mutatingWebhooks'),
  ],
  KubernetesIngress: [GROUPS, ...reads('ingresses', 'ingressClasses'), ...custom(true)],
  KubernetesNamespace: [
    ...WORKLOADS,
    ...reads('awsAuth', 'vpcCni', 'limitRanges', 'networkPolicies', 'resourceQuotas'),
    ...custom(false),
  ],
  KubernetesNetworkPolicy: [...WORKLOADS, ...reads('networkPolicies')],
  KubernetesRoleBinding: [GROUPS, ...reads('awsAuth'), ...RBAC],
  KubernetesService: [GROUPS, ...reads('services')],
  KubernetesServiceAccount: [...WORKLOADS, ...reads('serviceAccounts'), ...RBAC],
  KubernetesWorkload: [...WORKLOADS, ...reads('serviceAccounts'), ...RBAC],
};

/** The calls that have a part in what is known of resources of a type, sorted; what others say of its use is not in it. */
export function callsOfType(type: ResourceType): readonly string[] {
  const collector = collectors.find(({ resourceTypes }) => resourceTypes.includes(type));
  return [...new Set(BY_TYPE[type] ?? collector?.permissions)].sort();
}
