import type { Evidence } from '../verdict.ts';
import type { JudgedPod, PodSecurityControl, PodSecurityLevel } from './control.ts';
import { allowPrivilegeEscalation } from './controls/allow-privilege-escalation.ts';
import { appArmorProfile } from './controls/app-armor-profile.ts';
import { capabilitiesBaseline } from './controls/capabilities-baseline.ts';
import { capabilitiesRestricted } from './controls/capabilities-restricted.ts';
import { hostNamespaces } from './controls/host-namespaces.ts';
import { hostPathVolumes } from './controls/host-path-volumes.ts';
import { hostPorts } from './controls/host-ports.ts';
import { hostProbesAndHostLifecycle } from './controls/host-probes-and-host-lifecycle.ts';
import { privileged } from './controls/privileged.ts';
import { procMount } from './controls/proc-mount.ts';
import { procMountRestricted } from './controls/proc-mount-restricted.ts';
import { restrictedVolumes } from './controls/restricted-volumes.ts';
import { runAsNonRoot } from './controls/run-as-non-root.ts';
import { runAsUser } from './controls/run-as-user.ts';
import { seLinuxOptions } from './controls/se-linux-options.ts';
import { seccompProfileBaseline } from './controls/seccomp-profile-baseline.ts';
import { seccompProfileRestricted } from './controls/seccomp-profile-restricted.ts';
import { sysctls } from './controls/sysctls.ts';
import { windowsHostProcess } from './controls/windows-host-process.ts';

/** All controls: those of the baseline first, each level in order of ids, as admission reports them. */
export const POD_SECURITY_CONTROLS: readonly PodSecurityControl[] = [
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbesAndHostLifecycle,
  privileged,
  procMount,
  seLinuxOptions,
  seccompProfileBaseline,
  sysctls,
  windowsHostProcess,
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  procMountRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompProfileRestricted,
];

/**
 * The newest minor version of Kubernetes whose rules are known: the reference was read as published with v1.37.2. A test
 * keeps it from falling behind the revisions above.
 */
export const NEWEST_MINOR = 37;

/** A control that a pod breaks, with every field that does. */
export interface BrokenControl {
  readonly control: string;
  readonly violations: readonly Evidence[];
}

/**
 * Judges a pod the way the Pod Security admission of Kubernetes does under a version of the standards: the newest
 * revision of each control that is not newer than the version counts, and a restricted pod must pass the baseline too,
 * but for the controls that a stricter one takes the place of. A version newer than all revisions is the newest.
 *
 * @param minor the minor version of Kubernetes 1 ({@link minorVersionOf})
 * @returns the broken controls in the order of admission's own message; none when the pod is admitted
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 * @see https://github.com/kubernetes/kubernetes/tree/master/staging/src/k8s.io/pod-security-admission/policy
 */
export function brokenControls(level: PodSecurityLevel, minor: number, pod: JudgedPod): readonly BrokenControl[] {
  const inForce = POD_SECURITY_CONTROLS.filter((control) => level === 'restricted' || control.level === 'baseline')
    .map((control) => ({ id: control.id, version: control.versions.findLast(({ since }) => since <= minor) }))
    .filter(({ version }) => version !== undefined);
  const replaced = new Set(inForce.flatMap(({ version }) => version?.replaces ?? []));
  return inForce
    .filter(({ id }) => !replaced.has(id))
    .map(({ id, version }) => ({ control: id, violations: version?.judge(pod) ?? [] }))
    .filter(({ violations }) => violations.length > 0);
}

/**
 * The minor version that a version of the policy names.
 *
 * @param version `1.33`, `v1.33`, or `latest`, which is newer than all
 * @returns undefined for anything else
 */
export function minorVersionOf(version: string): number | undefined {
  if (version === 'latest') return Number.POSITIVE_INFINITY;
  const minor = /^v?1\.(0|[1-9]\d{0,3})$/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}
