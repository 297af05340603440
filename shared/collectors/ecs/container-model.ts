import type { ClassifiedText } from '../../domain/secret.ts';

/** A name that is shown, with a value that is not. */
export interface NamedText {
  readonly name: string;
  readonly text: ClassifiedText;
}

/** Where ECS takes a secret from. */
export interface EcsSecretReference {
  readonly name: string;
  /** ARN or name of the parameter or secret; empty where what stands there is none, and may be the secret itself. */
  readonly valueFrom: string;
  /** What stands there instead. */
  readonly text?: ClassifiedText;
}

export interface EcsMountPoint {
  readonly sourceVolume?: string;
  readonly containerPath?: string;
  readonly readOnly?: boolean;
}

/** One container of a task definition, as registered; absent fields were not set. Free text is classified. */
export interface EcsContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly user?: string;
  readonly privileged?: boolean;
  readonly readonlyRootFilesystem?: boolean;
  readonly capabilitiesAdd: readonly string[];
  readonly capabilitiesDrop: readonly string[];
  readonly initProcessEnabled?: boolean;
  readonly dockerSecurityOptions: readonly string[];
  readonly cpu?: number;
  /** Hard limit, MiB. */
  readonly memory?: number;
  /** Soft limit, MiB. */
  readonly memoryReservation?: number;
  /** First word of entryPoint, else of command, where it is a plain program name or path. */
  readonly firstProgram?: string;
  readonly entryPoint: readonly ClassifiedText[];
  readonly command: readonly ClassifiedText[];
  readonly environment: readonly NamedText[];
  /** Environment files in S3: their ARNs; their contents are not read. */
  readonly environmentFiles: readonly string[];
  readonly secrets: readonly EcsSecretReference[];
  readonly dockerLabels: readonly NamedText[];
  readonly logConfiguration?: {
    readonly logDriver?: string;
    readonly options: readonly NamedText[];
    readonly secretOptions: readonly EcsSecretReference[];
  };
  /** `disabled` is the command `["NONE"]`. */
  readonly healthCheck?: { readonly disabled: boolean; readonly command: readonly ClassifiedText[] };
  readonly mountPoints: readonly EcsMountPoint[];
  readonly volumesFrom: readonly string[];
  readonly firelensType?: string;
  readonly versionConsistency?: string;
  readonly repositoryCredentials?: string;
  readonly portMappings: readonly {
    readonly containerPort?: number;
    readonly hostPort?: number;
    readonly protocol?: string;
  }[];
}
