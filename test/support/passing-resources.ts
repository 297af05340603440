import type { ResourceByType, ResourceType } from '#shared/domain/resource.ts';
import { goodDockerfile } from '#test/factories/dockerfile.ts';
import { registry, repository } from '#test/factories/ecr.ts';
import { taskDefinitionFamily } from '#test/factories/ecs.ts';
import { capacityProvider, ecsCluster, ecsService, taskSet } from '#test/factories/ecs-services.ts';
import { eksCluster, nodegroup } from '#test/factories/eks.ts';
import { clusterCoverage, guardDutyDetector, inspectorAccount } from '#test/factories/guardduty.ts';
import { iamRole } from '#test/factories/iam.ts';
import { containerImages } from '#test/factories/images.ts';
import {
  kubernetesCluster,
  kubernetesIngress,
  kubernetesNamespace,
  kubernetesNetworkPolicy,
  kubernetesRoleBinding,
  kubernetesService,
  kubernetesWorkload,
} from '#test/factories/kubernetes.ts';

/**
 * One minimal resource of each judged type that follows every practice: what the contract tests vary, and what a new
 * check's first test judges.
 */
export const passingResources = {
  AwsEcrContainerImage: () => containerImages(),
  AwsEcrRepository: () => repository(),
  AwsEcsCapacityProvider: () => capacityProvider(),
  AwsEcsCluster: () => ecsCluster(),
  AwsEcsService: () => ecsService(),
  AwsEcsTaskDefinition: () => taskDefinitionFamily(),
  AwsEcsTaskSet: () => taskSet(),
  AwsEksCluster: () => eksCluster(),
  AwsEksNodegroup: () => nodegroup(),
  AwsGuardDutyDetector: () => guardDutyDetector(),
  AwsIamRole: () => iamRole(),
  ClusterRuntimeCoverage: () => clusterCoverage(),
  Dockerfile: () => goodDockerfile(),
  EcrRegistry: () => registry(),
  InspectorAccount: () => inspectorAccount(),
  KubernetesCluster: () => kubernetesCluster(),
  KubernetesIngress: () => kubernetesIngress(),
  KubernetesNamespace: () => kubernetesNamespace(),
  KubernetesNetworkPolicy: () => kubernetesNetworkPolicy(),
  KubernetesRoleBinding: () => kubernetesRoleBinding(),
  KubernetesService: () => kubernetesService(),
  KubernetesWorkload: () => kubernetesWorkload(),
} satisfies Partial<{ [T in ResourceType]: () => ResourceByType[T] }>;
