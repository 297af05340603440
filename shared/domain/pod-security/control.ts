import { fieldPath, type PodContainer, type PodMetadata, type PodSpec, type SecurityProfile } from '../pod-spec.ts';
import type { Evidence } from '../verdict.ts';

/** The levels that forbid anything; `privileged` forbids nothing. */
export type PodSecurityLevel = 'baseline' | 'restricted';

/** What Pod Security admission looks at. */
export interface JudgedPod {
  readonly metadata: PodMetadata;
  readonly spec: PodSpec;
}

/** One revision of a control: it holds from its version until the next revision's. */
export interface ControlVersion {
  /** The first minor version of Kubernetes 1 that it holds in. */
  readonly since: number;
  /** Controls of the baseline that it takes the place of when a pod is judged as restricted. */
  readonly replaces?: readonly string[];
  /** Every field that breaks the rule, in the order in which admission visits them. Pure and total. */
  judge(pod: JudgedPod): readonly Evidence[];
}

/** A control of the Pod Security Standards, under the id that admission gives it. */
export interface PodSecurityControl {
  readonly id: string;
  readonly level: PodSecurityLevel;
  /** Oldest first. */
  readonly versions: readonly ControlVersion[];
}

/** The containers in the order in which admission visits them. */
const VISITED = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** What `judge` says of each container: init containers first, then regular, then ephemeral ones. */
export function ofContainers(
  { spec }: JudgedPod,
  judge: (container: PodContainer) => readonly Evidence[],
): readonly Evidence[] {
  return VISITED.flatMap((list) => spec.containers.filter((container) => container.list === list).flatMap(judge));
}

/** A field of a container's security context, as Kubernetes names it in its errors. */
export function contextPath(container: PodContainer, field: string): string {
  return `${container.path}.securityContext.${field}`;
}

/** A field of the pod's security context. */
export function podContextPath({ spec }: JudgedPod, field: string): string {
  return fieldPath(spec, `securityContext.${field}`);
}

/** The place of an annotation: beside the spec, so in a template's metadata where the spec is a template's. */
export function annotationPath({ spec }: JudgedPod, name: string): string {
  return `${spec.path.replace(/spec$/, 'metadata')}.annotations[${name}]`;
}

/**
 * True for a pod that says that it runs on Windows. A node selector says it to the scheduler and not to admission.
 */
export function saysWindows({ spec }: JudgedPod): boolean {
  return spec.os === 'windows';
}

/** True for a pod that asks for a user namespace of its own. */
export function hasUserNamespace({ spec }: JudgedPod): boolean {
  return spec.hostUsers === false;
}

/** The types of seccomp and AppArmor profiles that confine a container. */
export const CONFINING_TYPES = ['RuntimeDefault', 'Localhost'];

/** The violation of a profile that is set and does not confine; none where it confines or is not set. */
export function unconfined(path: string, profile: SecurityProfile | undefined): readonly Evidence[] {
  if (profile === undefined || CONFINING_TYPES.includes(profile.type ?? '')) return [];
  return [{ path: `${path}.type`, observed: profile.type ?? null, expected: CONFINING_TYPES }];
}
