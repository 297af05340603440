import type { Observed } from '../../domain/observed.ts';
import type { ResourceBase } from '../../domain/resource.ts';

/** A protection plan of a detector. Names and states that AWS adds later stay visible as they are. */
export interface GuardDutyFeature {
  /** For example `RUNTIME_MONITORING`. */
  readonly name: string;
  /** ENABLED, DISABLED. */
  readonly status: string;
  /** What the feature has of its own to switch, for example `EKS_ADDON_MANAGEMENT`; sorted by name. */
  readonly additional: readonly { readonly name: string; readonly status: string }[];
}

export interface GuardDutySettings {
  /** ENABLED, DISABLED. A disabled detector does nothing, whatever its features say. */
  readonly status: string;
  /** Sorted by name. Unknown when the answer had none, as where only the older data sources are returned. */
  readonly features: Observed<readonly GuardDutyFeature[]>;
}

/** What the delegated administrator does with accounts of the organization. */
export interface GuardDutyOrganization {
  /** ALL, NEW or NONE. */
  readonly autoEnableMembers: string;
}

/** A finding, without anything in it that somebody else could have written. */
export interface GuardDutyFindingSummary {
  readonly id: string;
  readonly type: string;
  readonly severity: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** Findings of severity 7 and above on containers of the account that nobody has archived. */
export interface GuardDutyUrgentFindings {
  readonly total: number;
  /** The ten oldest, oldest first. */
  readonly oldest: readonly GuardDutyFindingSummary[];
}

/** What runs in the region; unknown where clusters could not be listed and none that was seen decides it. */
export interface GuardDutyWorkloads {
  readonly ecsOnFargate: Observed<boolean>;
  readonly eksClusters: Observed<boolean>;
  /** EKS clusters with nodes that an agent can run on: all but those on Fargate alone. */
  readonly eksNodes: Observed<boolean>;
  /** Container instances of ECS or nodes of EKS in the account's own EC2. */
  readonly onEc2: Observed<boolean>;
}

/**
 * GuardDuty in one account and region. There is always one, also where no detector exists: its absence is what has to
 * be told. A detector's id changes when it is deleted and made again, so the uid does without it.
 */
export interface GuardDutyDetector extends ResourceBase<'AwsGuardDutyDetector'> {
  /** Null where the region has no detector. */
  readonly detector: Observed<GuardDutySettings | null>;
  /** Null where the account is not the delegated administrator. */
  readonly organization: Observed<GuardDutyOrganization | null>;
  readonly urgentFindings: Observed<GuardDutyUrgentFindings>;
  readonly workloads: GuardDutyWorkloads;
}

/** What GuardDuty says about the agents in a cluster. */
export interface RuntimeCoverage {
  /** HEALTHY, UNHEALTHY. */
  readonly status: string;
  /** GuardDuty's own words on what is wrong. */
  readonly issue?: string;
  /** AUTO_MANAGED, MANUAL, DISABLED. */
  readonly managementType?: string;
}

/** Runtime coverage of one cluster. Its uid is the cluster's ARN. */
export interface ClusterRuntimeCoverage extends ResourceBase<'ClusterRuntimeCoverage'> {
  readonly platform: 'ECS' | 'EKS';
  /** False where nothing runs that an agent could watch: no tasks, or pods on Fargate alone. */
  readonly coverable: Observed<boolean>;
  /** Null where GuardDuty does not know the cluster. */
  readonly coverage: Observed<RuntimeCoverage | null>;
}

declare module '../../domain/resource.ts' {
  interface ResourceByType {
    AwsGuardDutyDetector: GuardDutyDetector;
    ClusterRuntimeCoverage: ClusterRuntimeCoverage;
  }
}
