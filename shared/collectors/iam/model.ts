import type { FactBase } from '../../domain/fact.ts';
import type { PolicyDocument } from '../../domain/iam-policy.ts';
import type { Observed } from '../../domain/observed.ts';
import type { ResourceBase } from '../../domain/resource.ts';

/** What a role is for, by who uses it. */
export type RoleUseKind =
  /** A service account that names the role in its annotation (IRSA). */
  | 'service-account'
  /** A service account that a Pod Identity association gives it to. */
  | 'pod-identity'
  /** EKS nodes, by node group or instance profile. */
  | 'eks-node'
  /** ECS container instances. */
  | 'ecs-instance'
  | 'ecs-task'
  | 'ecs-execution'
  | 'fargate-pod-execution';

/** One user of a role. */
export interface RoleUse {
  readonly use: RoleUseKind;
  /** ARN or uid of the user: the task definition's family, the node group, the service account. */
  readonly user: string;
  /** Name of the cluster, where there is one. */
  readonly cluster?: string;
  /** ARN of the cluster, where there is one. */
  readonly clusterArn?: string;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  /** Of an association: whether its service account exists; absent where the inside of the cluster was not read. */
  readonly accountExists?: boolean;
  /** Of a service account: the issuer of its tokens, without `https://`. */
  readonly issuer?: string;
  /** Of an association: true where it sends no session tags. */
  readonly disableSessionTags?: boolean;
  /** Of an execution role: the secrets and parameters its task definitions name, sorted; ARNs or names. */
  readonly secrets?: readonly string[];
}

export interface RolePolicy {
  readonly kind: 'inline' | 'managed';
  readonly name: string;
  /** Of a managed policy. */
  readonly arn?: string;
  readonly document: Observed<PolicyDocument>;
}

/** A role that containers, tasks or their nodes use, or the one a linted trust policy is for. */
export interface IamRole extends ResourceBase<'AwsIamRole'> {
  /** False where somebody names a role that is not there: everything else is undecidable then. */
  readonly exists: Observed<boolean>;
  readonly trustPolicy: Observed<PolicyDocument>;
  /** All inline and attached managed policies, sorted by kind and name. */
  readonly policies: Observed<readonly RolePolicy[]>;
  /** Null where it has none. */
  readonly permissionsBoundary: Observed<RolePolicy | null>;
  /** Sorted; everybody the scan knows of. */
  readonly uses: Observed<readonly RoleUse[]>;
  /** Whether everybody who may use a role has said so: that nobody else does is known only then. */
  readonly usesListed: Observed<true>;
}

/** Somebody uses a role (key: the ARN of the role, or of an instance profile with the role in it). */
export interface RoleUseFact extends FactBase<'role-use'>, RoleUse {}

declare module '../../domain/resource.ts' {
  interface ResourceByType {
    AwsIamRole: IamRole;
  }
}

declare module '../../domain/fact.ts' {
  interface FactByKind {
    'role-use': RoleUseFact;
  }
}
