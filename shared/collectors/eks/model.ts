import type { FactBase } from '../../domain/fact.ts';
import type { Observed } from '../../domain/observed.ts';
import type { ResourceBase } from '../../domain/resource.ts';

/** What EKS says about one Kubernetes version. Values AWS adds later stay visible as they are. */
export interface EksVersionSupport {
  readonly version: string;
  /** STANDARD_SUPPORT, EXTENDED_SUPPORT, UNSUPPORTED. */
  readonly status?: string;
  /** ISO 8601, UTC. */
  readonly endOfStandardSupport?: string;
  readonly endOfExtendedSupport?: string;
}

export interface EksAddonDetails {
  readonly version?: string;
  readonly status?: string;
  /** Codes of its health issues, sorted; the messages are left out because they drift. */
  readonly issueCodes: readonly string[];
  /** Of the VPC CNI only; everything else in an add-on's configuration stays unread, it may hold secrets. */
  readonly networkPolicy?: Observed<EksVpcCniNetworkPolicy>;
}

export interface EksVpcCniNetworkPolicy {
  readonly enabled: boolean;
  /** `standard` (the default) or `strict`. */
  readonly enforcingMode?: string;
}

export interface EksAddon {
  readonly name: string;
  readonly details: Observed<EksAddonDetails>;
}

export interface EksFargateProfile {
  readonly name: string;
  readonly details: Observed<{
    readonly arn?: string;
    readonly status?: string;
    readonly podExecutionRoleArn?: string;
    readonly subnetIds: readonly string[];
    readonly selectors: readonly {
      readonly namespace?: string;
      readonly labels: Readonly<Record<string, string>>;
    }[];
  }>;
}

/** Who may enter the cluster by an access entry. */
export interface EksAccessEntry {
  readonly principalArn: string;
  readonly details: Observed<{
    /** STANDARD, or a kind of node: EC2, EC2_LINUX, EC2_WINDOWS, FARGATE_LINUX, HYBRID_LINUX, HYPERPOD_LINUX. */
    readonly type?: string;
    /** Its name in the cluster; `{{…}}` stands for what a session adds. */
    readonly username?: string;
    readonly kubernetesGroups: readonly string[];
  }>;
  readonly policies: Observed<readonly EksAccessPolicy[]>;
}

export interface EksAccessPolicy {
  readonly arn: string;
  /** `cluster` or `namespace`. */
  readonly scope?: string;
  readonly namespaces: readonly string[];
}

/** One mapping of the `aws-auth` ConfigMap. */
export interface EksAwsAuthMapping {
  readonly principalArn: string;
  readonly groups: readonly string[];
  readonly username?: string;
}

/** Something in the cluster that makes NetworkPolicy objects take effect. */
export interface EksNetworkPolicyEngine {
  /** `vpc-cni`, `auto-mode`, `calico`, `cilium`. */
  readonly name: string;
  /** The object that shows it, for example `kube-system/daemonsets/calico-node`. */
  readonly seenAs: string;
}

export interface EksPodIdentityAssociation {
  readonly id: string;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  /** The add-on or other owner that made it. */
  readonly ownerArn?: string;
  readonly details: Observed<{
    readonly roleArn?: string;
    readonly targetRoleArn?: string;
    readonly disableSessionTags: boolean;
  }>;
}

export interface EksIdentityProvider {
  readonly name: string;
  /** `oidc`. */
  readonly type: string;
  readonly details: Observed<{
    readonly issuerUrl?: string;
    readonly clientId?: string;
    readonly status?: string;
  }>;
}

export interface EksInsight {
  readonly name: string;
  /** UPGRADE_READINESS, MISCONFIGURATION, ROLLBACK_READINESS. */
  readonly category?: string;
  readonly kubernetesVersion?: string;
  /** PASSING, WARNING, ERROR, UNKNOWN. */
  readonly status?: string;
}

export interface EksOidcProvider {
  readonly arn: string;
  /** The audiences IAM accepts from it. */
  readonly clientIds: Observed<readonly string[]>;
}

export interface EksAuditLogGroup {
  readonly name: string;
  /** Null: its events never expire. */
  readonly retentionInDays: number | null;
}

/** A cluster as AWS shows it from outside. Absent fields were not in the answer. */
export interface EksCluster extends ResourceBase<'AwsEksCluster'> {
  readonly status?: string;
  readonly version?: string;
  readonly platformVersion?: string;
  /** ISO 8601, UTC. */
  readonly createdAt?: string;
  readonly endpointPublicAccess?: boolean;
  readonly endpointPrivateAccess?: boolean;
  /** As returned; also returned, without effect, when public access is off. */
  readonly publicAccessCidrs: readonly string[];
  readonly ipFamily?: string;
  readonly vpcId?: string;
  readonly clusterSecurityGroupId?: string;
  /** Sorted. */
  readonly enabledLogTypes: readonly string[];
  readonly encryption: readonly { readonly resources: readonly string[]; readonly keyArn?: string }[];
  /** API, API_AND_CONFIG_MAP, CONFIG_MAP. */
  readonly authenticationMode?: string;
  /** STANDARD or EXTENDED: what happens when standard support ends. */
  readonly upgradeSupportType?: string;
  readonly deletionProtection: boolean;
  readonly autoMode: boolean;
  readonly hybridNodes: boolean;
  /** `https://oidc.eks.<region>.<suffix>/id/<id>`. */
  readonly oidcIssuer?: string;
  readonly roleArn?: string;
  /** All versions EKS knows, also those out of support. */
  readonly supportedVersions: Observed<readonly EksVersionSupport[]>;
  readonly addons: Observed<readonly EksAddon[]>;
  /** Names of its managed node groups. */
  readonly nodegroups: Observed<readonly string[]>;
  /** Names of the groups its running self-managed nodes form. */
  readonly selfManagedGroups: Observed<readonly string[]>;
  readonly fargateProfiles: Observed<readonly EksFargateProfile[]>;
  /** Null where the authentication mode has no access entries. */
  readonly accessEntries: Observed<readonly EksAccessEntry[] | null>;
  readonly podIdentityAssociations: Observed<readonly EksPodIdentityAssociation[]>;
  readonly identityProviders: Observed<readonly EksIdentityProvider[]>;
  readonly insights: Observed<readonly EksInsight[]>;
  /** IAM's OIDC provider for the cluster's issuer; null when there is none. */
  readonly oidcProvider: Observed<EksOidcProvider | null>;
  /** The log group of its control plane; null when there is none. */
  readonly auditLogGroup: Observed<EksAuditLogGroup | null>;

  // Only the inside of the cluster shows these; whoever reads it replaces the unknown.
  /** Mappings of `aws-auth`; empty when the ConfigMap does not exist. */
  readonly awsAuth: Observed<readonly EksAwsAuthMapping[]>;
  /** Groups that RBAC binds to `cluster-admin` in the whole cluster. */
  readonly clusterAdminGroups: Observed<readonly string[]>;
  /** Users that it binds so; absent where nobody looked inside. */
  readonly clusterAdminUsers?: Observed<readonly string[]>;
  /** Whatever enforces NetworkPolicy objects; empty when the cluster was looked through and nothing does. */
  readonly networkPolicyEngines: Observed<readonly EksNetworkPolicyEngine[]>;
}

/** What DescribeNodegroup says. */
export interface EksNodegroupConfiguration {
  readonly status?: string;
  readonly version?: string;
  readonly releaseVersion?: string;
  readonly amiType?: string;
  readonly capacityType?: string;
  readonly desiredSize?: number;
  readonly subnetIds: readonly string[];
  readonly remoteAccess?: { readonly ec2SshKey?: string; readonly sourceSecurityGroups: readonly string[] };
  readonly launchTemplate?: { readonly id?: string; readonly name?: string; readonly version?: string };
  readonly nodeRoleArn?: string;
}

/** Absent options were not set, or not returned. */
export interface EksMetadataOptions {
  readonly httpEndpoint?: string;
  readonly httpTokens?: string;
  readonly hopLimit?: number;
}

/** A running node; nodes come and go, so they are evidence of their group. */
export interface EksNode {
  readonly instanceId: string;
  readonly imageId?: string;
  readonly subnetId?: string;
  readonly vpcId?: string;
  readonly hasPublicIp: boolean;
  readonly windows: boolean;
  readonly securityGroupIds: readonly string[];
  readonly instanceProfileArn?: string;
  readonly metadataOptions: EksMetadataOptions;
}

/** One version of a launch template; its user data is never read. */
export interface EksLaunchTemplate {
  readonly metadataOptions: EksMetadataOptions;
  readonly securityGroupIds: readonly string[];
}

export interface EksAmi {
  readonly amiId: string;
  readonly name?: string;
  /** `amazon` for images of AWS. */
  readonly ownerAlias?: string;
  /** ISO 8601, UTC. */
  readonly createdAt?: string;
  readonly deprecatedAt?: string;
}

export interface EksSubnet {
  readonly subnetId: string;
  /** The internet gateway its route table leads to; absent for a private subnet. */
  readonly internetGatewayId?: string;
}

export interface EksSecurityGroup {
  readonly id: string;
  readonly ingress: readonly {
    readonly protocol: string;
    readonly fromPort?: number;
    readonly toPort?: number;
    readonly cidrs: readonly string[];
  }[];
}

/**
 * A managed node group, or the running self-managed nodes of one Auto Scaling group. The uid is the cluster's ARN with
 * the group's name, because the ARN that EKS gives a node group holds an id that changes when it is made anew.
 */
export interface EksNodegroup extends ResourceBase<'AwsEksNodegroup'> {
  readonly clusterArn: string;
  readonly managed: boolean;
  /** Null for self-managed nodes. */
  readonly configuration: Observed<EksNodegroupConfiguration | null>;
  readonly supportedVersions: Observed<readonly EksVersionSupport[]>;
  /** Its running instances. */
  readonly nodes: Observed<readonly EksNode[]>;
  /** The images its nodes run; an image that no longer exists is not among them. */
  readonly amis: Observed<readonly EksAmi[]>;
  /** Null when it names none, or one that no longer exists. */
  readonly launchTemplate: Observed<EksLaunchTemplate | null>;
  readonly subnets: Observed<readonly EksSubnet[]>;
  /** The security groups its nodes carry, or would carry. */
  readonly securityGroups: Observed<readonly EksSecurityGroup[]>;
}

/** An EKS cluster that exists, and what its nodes are (key: the cluster's ARN). */
export interface EksClusterFact extends FactBase<'eks-cluster'> {
  readonly name: string;
  /** True when it has node groups or self-managed EC2 nodes (not Auto Mode, not Fargate alone). */
  readonly runsOnEc2: Observed<boolean>;
  readonly runsOnFargate: Observed<boolean>;
  readonly autoMode: boolean;
  /** The issuer of its service account tokens, as IAM trust policies name it but with `https://`. */
  readonly oidcIssuer?: string;
  /** What leads into it; absent while it is being created, and in what earlier versions of Hullcheck stored. */
  readonly inside?: EksClusterInside;
}

/** What has to be known from outside to read, and to judge, the inside of a cluster. */
export interface EksClusterInside {
  readonly endpoint: string;
  /** The only authority to trust, in PEM. */
  readonly certificateAuthority: string;
  readonly version?: string;
  readonly authenticationMode?: string;
  /** Roles that Pod Identity gives to service accounts. */
  readonly podIdentity: Observed<readonly EksPodIdentityRole[]>;
  /** Its running EC2 nodes by group; those of Auto Mode are not among them. */
  readonly nodeGroups: Observed<readonly EksNodeGroupMetadata[]>;
  /** IAM's OIDC provider for the cluster's issuer; null when there is none. */
  readonly oidcProvider: Observed<EksOidcProvider | null>;
}

export interface EksPodIdentityRole {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** The role of the other account where one is chained, else the own. */
  readonly roleArn: string;
  readonly disableSessionTags: boolean;
}

export interface EksNodeGroupMetadata {
  readonly group: string;
  readonly managed: boolean;
  /** On how many of its nodes the metadata service answers pods that have a network of their own. */
  readonly podsReach: 'all' | 'some' | 'none';
  /** Whether it answers on the node itself, and so pods that use its network. */
  readonly nodesReach: 'all' | 'some' | 'none';
}

declare module '../../domain/resource.ts' {
  interface ResourceByType {
    AwsEksCluster: EksCluster;
    AwsEksNodegroup: EksNodegroup;
  }
}

declare module '../../domain/fact.ts' {
  interface FactByKind {
    'eks-cluster': EksClusterFact;
  }
}
