import type {
  CapacityProvider,
  Cluster,
  ContainerInstance,
  DaemonDetail,
  DaemonRevision,
  DaemonTaskDefinition,
  Service,
  ServiceRevision,
  Setting,
  Tag,
  Task,
  TaskDefinition,
} from '@aws-sdk/client-ecs';

/** ECS in one account and Region. */
export interface EcsState {
  clusters: EcsClusterState[];
  taskDefinitions: RegisteredTaskDefinition[];
  serviceRevisions: (ServiceRevision & { serviceRevisionArn: string })[];
  capacityProviders: (CapacityProvider & { name: string; capacityProviderArn: string })[];
  accountSettings: Setting[];
  daemons: (DaemonDetail & { daemonArn: string })[];
  daemonRevisions: (DaemonRevision & { daemonRevisionArn: string })[];
  daemonTaskDefinitions: (DaemonTaskDefinition & {
    daemonTaskDefinitionArn: string;
    family: string;
    revision: number;
  })[];
}

export interface EcsClusterState {
  cluster: Cluster & { clusterName: string; clusterArn: string };
  services: (Service & { serviceName: string; serviceArn: string })[];
  tasks: (Task & { taskArn: string })[];
  containerInstances: (ContainerInstance & { containerInstanceArn: string })[];
}

export interface RegisteredTaskDefinition {
  taskDefinition: TaskDefinition & { taskDefinitionArn: string; family: string; revision: number };
  tags: Tag[];
}

/** ECS as AWS creates it. */
export function emptyEcs(): EcsState {
  return {
    clusters: [],
    taskDefinitions: [],
    serviceRevisions: [],
    capacityProviders: [],
    accountSettings: [],
    daemons: [],
    daemonRevisions: [],
    daemonTaskDefinitions: [],
  };
}
