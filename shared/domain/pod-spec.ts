import type { ClassifiedText } from './secret.ts';

/**
 * What Hullcheck keeps of a Kubernetes PodSpec. Names are Kubernetes' own, so that whoever knows the API knows these
 * types; a field that is absent was not set, or was `null`, which the API server takes for the same. Texts that may hold
 * secrets (values of variables, commands) are classified by the reader and go no further.
 *
 * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#podspec-v1-core
 */
export interface PodSpec {
  /** Where it stands in its object, for field paths: `spec`, `spec.template.spec`, `spec.jobTemplate.spec.template.spec`. */
  readonly path: string;
  /** `spec.os.name`: the only thing that Pod Security admission takes for a pod's operating system. */
  readonly os?: string;
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly hostUsers?: boolean;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly runtimeClassName?: string;
  readonly securityContext?: PodSecurityContext;
  /** Regular, init (native sidecars too) and ephemeral containers, in that order: no check looks at one list alone. */
  readonly containers: readonly PodContainer[];
  readonly volumes: readonly PodVolume[];
  /** `spec.resources`, the budget of the pod as a whole. */
  readonly resources?: ResourceBudget;
  /** Names of image pull secrets. */
  readonly imagePullSecrets: readonly string[];
}

/** What a pod's and a container's security context have in common. */
export interface CommonSecurityContext {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  readonly seLinuxOptions?: {
    readonly type?: string;
    readonly user?: string;
    readonly role?: string;
    readonly level?: string;
  };
  readonly seccompProfile?: SecurityProfile;
  readonly appArmorProfile?: SecurityProfile;
  readonly windowsOptions?: { readonly hostProcess?: boolean; readonly runAsUserName?: string };
}

export interface SecurityProfile {
  /** `RuntimeDefault`, `Localhost`, `Unconfined`; absent where a hostile or broken object left it out. */
  readonly type?: string;
  readonly localhostProfile?: string;
}

export interface PodSecurityContext extends CommonSecurityContext {
  readonly fsGroup?: number;
  readonly supplementalGroups?: readonly number[];
  readonly sysctls?: readonly { readonly name: string; readonly value: string }[];
}

export interface ContainerSecurityContext extends CommonSecurityContext {
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly procMount?: string;
  readonly capabilities?: { readonly add: readonly string[]; readonly drop: readonly string[] };
}

export interface PodContainer {
  readonly list: 'containers' | 'initContainers' | 'ephemeralContainers';
  /** Kubernetes' own field path: `spec.containers[0]`, `spec.template.spec.initContainers[1]`. */
  readonly path: string;
  readonly name: string;
  readonly image?: string;
  readonly imagePullPolicy?: string;
  /** `Always` makes an init container a native sidecar. */
  readonly restartPolicy?: string;
  readonly securityContext?: ContainerSecurityContext;
  readonly ports: readonly ContainerPort[];
  readonly env: readonly EnvironmentVariable[];
  readonly envFrom: readonly EnvironmentSource[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly: boolean }[];
  /** Names of block volumes it uses raw. */
  readonly volumeDevices: readonly string[];
  readonly resources: ResourceBudget;
  readonly probes: readonly ContainerHandler[];
  readonly lifecycle: readonly ContainerHandler[];
  /** Each word of `command` and `args`, and what probes and hooks run and send, classified; `path` names the word. */
  readonly words: readonly { readonly path: string; readonly text: ClassifiedText }[];
  /**
   * Signs that it speaks to AWS, by kind and place and never by value: `env AWS_REGION`, `args s3://`, `args arn:`.
   * Sorted.
   */
  readonly awsSigns: readonly string[];
}

/** Quantities as they were written, by resource name (`cpu`, `memory`, `ephemeral-storage`). */
export interface ResourceBudget {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

export interface ContainerPort {
  readonly containerPort?: number;
  readonly hostPort?: number;
  readonly hostIP?: string;
  readonly protocol?: string;
  readonly name?: string;
}

export type EnvironmentVariable =
  | { readonly name: string; readonly value: ClassifiedText }
  | {
      readonly name: string;
      /** `secretKeyRef`, `configMapKeyRef`, `fieldRef`, `resourceFieldRef`, `fileKeyRef`. */
      readonly from: string;
      /** Name of the Secret or ConfigMap. */
      readonly object?: string;
    };

export interface EnvironmentSource {
  /** `secretRef` or `configMapRef`. */
  readonly from: string;
  readonly object?: string;
}

/** A probe or a lifecycle hook. */
export interface ContainerHandler {
  /** `livenessProbe`, `readinessProbe`, `startupProbe`, `lifecycle.postStart`, `lifecycle.preStop`. */
  readonly field: string;
  /** `exec`, `httpGet`, `tcpSocket`, `grpc`, `sleep`; absent in an empty handler. */
  readonly kind?: string;
  /** The `host` of an `httpGet` or `tcpSocket`; absent where it was not set or is empty. */
  readonly host?: string;
}

export interface PodVolume {
  readonly name: string;
  /** `spec.volumes[0]`. */
  readonly path: string;
  /** The keys beside `name`, sorted: exactly one in an object the API server accepts, `emptyDir` where there was none. */
  readonly sources: readonly string[];
  readonly hostPath?: { readonly path: string; readonly type?: string };
  readonly emptyDir?: { readonly medium?: string; readonly sizeLimit?: string };
  /** Of projected service account tokens. */
  readonly tokens: readonly {
    readonly audience?: string;
    readonly expirationSeconds?: number;
    readonly path?: string;
  }[];
}

/** The part of a pod's metadata that checks look at. */
export interface PodMetadata {
  readonly labels: Readonly<Record<string, string>>;
  /** Only annotations that are rules of the kubelet: AppArmor and seccomp profiles of old versions. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** The place of a field in a PodSpec, as Kubernetes names it in its errors. */
export function fieldPath(spec: Pick<PodSpec, 'path'>, field: string): string {
  return `${spec.path}.${field}`;
}
