import type { FactBase } from '../../domain/fact.ts';
import type { Observed, UnknownReason } from '../../domain/observed.ts';
import type { ResourceBase } from '../../domain/resource.ts';
import type { EcsContainerDefinition } from './container-model.ts';

export type { EcsContainerDefinition, NamedText } from './container-model.ts';

/** Where tasks of a definition run. Values AWS adds later stay visible as they are. */
export type EcsLaunchType = 'EC2' | 'FARGATE' | 'EXTERNAL' | 'MANAGED_INSTANCES' | (string & {});

export interface EcsVolume {
  readonly name: string;
  /** Set for a bind mount from the host; an empty string is a volume without a source path. */
  readonly hostSourcePath?: string;
  readonly efs?: {
    readonly fileSystemId: string;
    readonly transitEncryption?: string;
    readonly iam?: string;
    readonly accessPointId?: string;
  };
  /** `host`, `docker`, `efs`, `fsx`, `s3files`, `configured-at-launch` or `scratch`. */
  readonly kind: string;
}

/** One revision: immutable once registered, but for its status. */
export interface EcsTaskDefinitionRevision {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  /** ACTIVE, INACTIVE, DELETE_IN_PROGRESS. */
  readonly status: string;
  /** ISO 8601, UTC. */
  readonly registeredAt?: string;
  readonly networkMode?: string;
  readonly pidMode?: string;
  readonly ipcMode?: string;
  readonly requiresCompatibilities: readonly EcsLaunchType[];
  readonly compatibilities: readonly EcsLaunchType[];
  readonly operatingSystemFamily?: string;
  readonly cpuArchitecture?: string;
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  /** As registered: CPU units as a string. */
  readonly cpu?: string;
  /** As registered: MiB as a string. */
  readonly memory?: string;
  readonly enableFaultInjection?: boolean;
  /** The container that `proxyConfiguration` names. */
  readonly proxyContainerName?: string;
  readonly volumes: readonly EcsVolume[];
  readonly containers: readonly EcsContainerDefinition[];
}

/** How something runs a revision. */
export interface EcsRevisionUse {
  readonly kind: 'service' | 'task-set' | 'task' | 'daemon' | 'event-rule' | 'schedule';
  /** ARN of the user (the service, the rule); for standalone tasks the cluster's ARN, because tasks come and go. */
  readonly by: string;
  readonly launchTypes: readonly EcsLaunchType[];
  /** True where the tasks run on instances with the attribute `ecs.os-type=windows`. */
  readonly onWindows?: boolean;
  /** Why it is not certain on what the tasks run (launch type, operating system); absent where it is. */
  readonly platformUnknown?: UnknownReason;
  /** Names of containers that a load balancer of the service checks. */
  readonly loadBalancedContainers?: readonly string[];
}

export interface EcsRevisionInUse {
  readonly arn: string;
  readonly uses: readonly EcsRevisionUse[];
  readonly definition: Observed<EcsTaskDefinitionRevision>;
}

/**
 * A task definition family. Its uid is the family's ARN without a revision, so that a new revision that changes no
 * practice changes no finding. Verdicts look at the revisions in use, else at the latest active one.
 */
export interface EcsTaskDefinitionFamily extends ResourceBase<'AwsEcsTaskDefinition'> {
  readonly family: string;
  /** Every revision that something known runs, oldest first. */
  readonly revisionsInUse: readonly EcsRevisionInUse[];
  /** Null when the family has no ACTIVE revision. */
  readonly latestActive: Observed<EcsTaskDefinitionRevision | null>;
  /**
   * Known with `true` when services, tasks, rules and schedules could all be listed, so that a use that is not in
   * `revisionsInUse` does not exist; unknown with the first reason otherwise.
   */
  readonly usesListed: Observed<true>;
  /** True where services specifically could all be listed (health checks depend on services only). */
  readonly servicesListed: Observed<true>;
  /** True for the task definition of an ECS managed daemon. */
  readonly managedDaemon: boolean;
}

export interface EcsIpPermission {
  readonly protocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidrs: readonly string[];
}

export interface EcsSecurityGroup {
  readonly id: string;
  readonly ingress: readonly EcsIpPermission[];
}

export interface EcsDeployment {
  readonly id: string;
  /** PRIMARY, ACTIVE, INACTIVE. */
  readonly status: string;
  readonly taskDefinitionArn: string;
  readonly runningCount: number;
  readonly platformVersion?: string;
  readonly platformFamily?: string;
  readonly launchType?: EcsLaunchType;
}

export interface EcsServiceRevisionImages {
  readonly revisionArn: string;
  readonly taskDefinitionArn?: string;
  readonly containerImages: readonly {
    readonly containerName: string;
    readonly image: string;
    readonly imageDigest?: string;
  }[];
  readonly guardDutyEnabled?: boolean;
}

export interface EcsService extends ResourceBase<'AwsEcsService'> {
  readonly clusterArn: string;
  readonly status: string;
  readonly launchTypes: readonly EcsLaunchType[];
  /** ECS, CODE_DEPLOY, EXTERNAL. */
  readonly deploymentController: string;
  readonly schedulingStrategy?: string;
  /** `CUSTOMER` or `ECS` (Express services). */
  readonly resourceManagementType?: string;
  readonly taskDefinitionArn?: string;
  /** The definition of the service's own task definition, for checks that need its containers. */
  readonly taskDefinition: Observed<EcsTaskDefinitionRevision | null>;
  readonly platformVersion?: string;
  readonly platformFamily?: string;
  readonly assignPublicIp?: string;
  readonly networkMode?: string;
  readonly subnetIds: readonly string[];
  readonly securityGroups: Observed<readonly EcsSecurityGroup[]>;
  readonly enableExecuteCommand: boolean;
  readonly deployments: readonly EcsDeployment[];
  readonly hasLoadBalancer: boolean;
  /** Lifecycle hooks of deployments. */
  readonly lifecycleHooks: readonly { readonly targetArn: string; readonly stages: readonly string[] }[];
  readonly deploymentStrategy?: string;
  readonly serviceConnect?: {
    readonly enabled: boolean;
    readonly services: readonly { readonly portName: string; readonly tls: boolean }[];
  };
  /** The service's current revision with the digests ECS resolved; null when the service has none. */
  readonly currentRevision: Observed<EcsServiceRevisionImages | null>;
  /** Digests and definitions of its running tasks. */
  readonly runningTasks: Observed<readonly EcsRunningTask[]>;
}

export interface EcsRunningTask {
  readonly arn: string;
  readonly taskDefinitionArn: string;
  readonly launchType?: EcsLaunchType;
  readonly platformVersion?: string;
  readonly startedAt?: string;
  readonly containers: readonly {
    readonly name: string;
    readonly image?: string;
    readonly imageDigest?: string;
    readonly lastStatus?: string;
  }[];
}

export interface EcsTaskSet extends ResourceBase<'AwsEcsTaskSet'> {
  readonly serviceArn: string;
  readonly status: string;
  readonly taskDefinitionArn: string;
  readonly launchType?: EcsLaunchType;
  readonly assignPublicIp?: string;
}

/** One container instance of a cluster; instances come and go, so they are evidence of their cluster. */
export interface EcsContainerInstance {
  readonly arn: string;
  readonly ec2InstanceId?: string;
  readonly status: string;
  readonly agentConnected: boolean;
  readonly agentVersion?: string;
  /** `linux`, `windows`; from the attribute `ecs.os-type`. */
  readonly osType?: string;
  /** `EXTERNAL`, `MANAGED_INSTANCES` or an EC2 capacity. */
  readonly capacityKind: EcsLaunchType;
  readonly amiId?: string;
  readonly attributes: readonly string[];
  /** ISO 8601, UTC. */
  readonly registeredAt?: string;
}

export interface EcsInstanceMetadataOptions {
  readonly instanceId: string;
  readonly httpEndpoint?: string;
  readonly httpTokens?: string;
  readonly hopLimit?: number;
}

export interface EcsAmi {
  readonly amiId: string;
  readonly name?: string;
  readonly ownerId?: string;
  /** ISO 8601, UTC. */
  readonly createdAt?: string;
  readonly deprecatedAt?: string;
}

export interface EcsCluster extends ResourceBase<'AwsEcsCluster'> {
  readonly status: string;
  /** `enhanced`, `enabled`, `disabled`; absent when the setting was not returned. */
  readonly containerInsights?: string;
  readonly executeCommand?: {
    readonly kmsKeyId?: string;
    readonly logging?: string;
    readonly cloudWatchLogGroup?: string;
    readonly cloudWatchEncryptionEnabled?: boolean;
    readonly s3Bucket?: string;
    readonly s3EncryptionEnabled?: boolean;
  };
  readonly managedStorageKmsKeyId?: string;
  readonly fargateEphemeralStorageKmsKeyId?: string;
  readonly capacityProviders: readonly string[];
  readonly runningTasksCount: number;
  readonly activeServicesCount: number;
  readonly registeredContainerInstancesCount?: number;
  /** ARNs of its services that have ECS Exec switched on. */
  readonly servicesWithExec: Observed<readonly string[]>;
  readonly containerInstances: Observed<readonly EcsContainerInstance[]>;
  /** Metadata options of the EC2 instances behind the container instances. */
  readonly instanceMetadata: Observed<readonly EcsInstanceMetadataOptions[]>;
  readonly instanceAmis: Observed<readonly EcsAmi[]>;
  /** Agent version of the current ECS-optimized AMI by OS (`linux`, `windows`), from the SSM public parameters. */
  readonly currentAgentVersions: Observed<Readonly<Record<string, string>>>;
}

export interface EcsCapacityProvider extends ResourceBase<'AwsEcsCapacityProvider'> {
  readonly status?: string;
  readonly autoScalingGroup?: {
    readonly managedScaling?: string;
    readonly managedTerminationProtection?: string;
    readonly managedDraining?: string;
  };
}

/** A digest that runs somewhere, or that a rule or a schedule starts, stated for the repository it came from (key: account/region/repository). */
export interface RunningImageFact extends FactBase<'running-image'> {
  /** The reference as the definition or Pod gives it. */
  readonly image: string;
  /** Absent where the platform did not report one. */
  readonly digest?: string;
  /** ARN of the service or cluster that runs it, or of the rule or schedule that starts it. */
  readonly usedBy: string;
  readonly cpuArchitecture?: string;
  /** Whether all that runs it there sets a user of its own that is not root. Absent: some does not, or it is not known. */
  readonly startsAs?: 'other';
  /** A rule or a schedule starts it: a tag is resolved then, and names what it names now until it is moved. */
  readonly startedLater?: true;
}

/** Something that runs a task definition (key: the family's uid), for those who look at one family alone. */
export interface TaskDefinitionUseFact extends FactBase<'task-definition-use'> {
  /** Absent where whichever revision is the latest is meant. */
  readonly revision?: number;
  readonly use: EcsRevisionUse;
}

/** A cluster that exists, and what its workloads run on (key: the cluster's ARN). */
export interface EcsClusterFact extends FactBase<'ecs-cluster'> {
  readonly name: string;
  readonly runsOnFargate: boolean;
  readonly runsOnEc2: boolean;
  readonly hasTasks: boolean;
  /** Whether a task was seen that an agent of GuardDuty can watch: not on Windows, nor outside AWS. Absent: none was seen. */
  readonly watchableTasks?: boolean;
}

declare module '../../domain/resource.ts' {
  interface ResourceByType {
    AwsEcsTaskDefinition: EcsTaskDefinitionFamily;
    AwsEcsService: EcsService;
    AwsEcsTaskSet: EcsTaskSet;
    AwsEcsCluster: EcsCluster;
    AwsEcsCapacityProvider: EcsCapacityProvider;
  }
}

declare module '../../domain/fact.ts' {
  interface FactByKind {
    'running-image': RunningImageFact;
    'ecs-cluster': EcsClusterFact;
    'task-definition-use': TaskDefinitionUseFact;
  }
}
