import { dangerousCapabilities } from '../../domain/capabilities.ts';
import type { Check, CheckContext } from '../../domain/check.ts';
import type { PodSecurityLevel } from '../../domain/pod-security/control.ts';
import { type BrokenControl, brokenControls, minorVersionOf } from '../../domain/pod-security/standards.ts';
import {
  type Evidence,
  failed,
  type LoweredSeverity,
  passed,
  unknownBecause,
  type Verdict,
} from '../../domain/verdict.ts';
import { judgePods, type Workload } from './judge-pods.ts';
import { workloadCapabilitiesDropped } from './workload-capabilities-dropped.ts';
import { workloadNoContainerSocket } from './workload-no-container-socket.ts';
import { workloadNoDangerousCapabilities } from './workload-no-dangerous-capabilities.ts';
import { workloadNoHostNamespaces } from './workload-no-host-namespaces.ts';
import { workloadNoHostPaths } from './workload-no-host-paths.ts';
import { workloadNoHostPorts } from './workload-no-host-ports.ts';
import { workloadNoPrivilegeEscalation } from './workload-no-privilege-escalation.ts';
import { workloadNotPrivileged } from './workload-not-privileged.ts';
import { workloadRunAsNonroot } from './workload-run-as-nonroot.ts';
import { workloadSeccompConfined } from './workload-seccomp-confined.ts';

/** Where the answer may change: every version in which a control was revised, from the oldest that EKS offers on. */
const VERSIONS_APART = [25, 27, 29, 31, 32, 34, 35, 37];

const HOST_PATHS = [workloadNoHostPaths, workloadNoContainerSocket];

/** The checks that have a finding of their own for what breaks a control. */
const OWN_CHECKS: Readonly<Record<string, readonly Check<'KubernetesWorkload', undefined>[]>> = {
  allowPrivilegeEscalation: [workloadNoPrivilegeEscalation],
  capabilities_baseline: [workloadNoDangerousCapabilities],
  capabilities_restricted: [workloadCapabilitiesDropped, workloadNoDangerousCapabilities],
  hostNamespaces: [workloadNoHostNamespaces],
  hostPathVolumes: HOST_PATHS,
  // On the network of the node the API server fills the ports in, and that they are taken is the same finding.
  hostPorts: [workloadNoHostPorts, workloadNoHostNamespaces],
  privileged: [workloadNotPrivileged],
  restrictedVolumes: HOST_PATHS,
  runAsNonRoot: [workloadRunAsNonroot],
  runAsUser: [workloadRunAsNonroot],
  seccompProfile_baseline: [workloadSeccompConfined],
  seccompProfile_restricted: [workloadSeccompConfined],
};

const LOWERED: LoweredSeverity = {
  severity: 'INFORMATIONAL',
  because: 'every broken control has a finding of its own',
};

/**
 * Judges all pods of a workload by a Pod Security Standard as a whole. Where the version is not known, what is so under
 * every version is said.
 *
 * @param reason of the failure
 */
export function judgeStandard(
  level: PodSecurityLevel,
  workload: Workload,
  context: CheckContext<undefined>,
  reason: string,
): Verdict {
  const { policyVersion } = workload;
  if (!policyVersion.known) {
    const everywhere = VERSIONS_APART.map((minor) => judgeVersion(level, minor, workload, context, reason));
    const [oldest] = everywhere;
    const alike = oldest !== undefined && everywhere.every((verdict) => isSame(verdict, oldest));
    return alike ? oldest : unknownBecause(policyVersion.reason);
  }
  const minor = minorVersionOf(policyVersion.value);
  if (minor !== undefined) return judgeVersion(level, minor, workload, context, reason);
  return unknownBecause({ kind: 'undecidable', message: 'The version of the Pod Security Standards is no version.' });
}

function judgeVersion(
  level: PodSecurityLevel,
  minor: number,
  workload: Workload,
  context: CheckContext<undefined>,
  reason: string,
): Verdict {
  const broken: BrokenControl[] = [];
  const verdict = judgePods(workload, (pod) => {
    const ofPod = brokenControls(level, minor, pod);
    broken.push(...ofPod);
    const evidence = ofPod.flatMap(({ violations }) => violations);
    return evidence.length === 0 ? passed() : failed(reason, evidence);
  });
  return verdict.status === 'FAILED' && isReported(broken, workload, context)
    ? failed(reason, verdict.evidence, LOWERED)
    : verdict;
}

/** Whether each control that some pod breaks has a finding of its own, on the workload as a whole. */
function isReported(broken: readonly BrokenControl[], workload: Workload, context: CheckContext<undefined>): boolean {
  const violationsOf = (name: RegExp) =>
    broken.filter(({ control }) => name.test(control)).flatMap(({ violations }) => violations);
  const controls = [...new Set(broken.map(({ control }) => control))];
  return (
    violationsOf(/^restrictedVolumes$/).every(({ path }) => path.endsWith('.hostPath')) &&
    violationsOf(/^capabilities_/).every(isOfDangerousCapabilities) &&
    controls.every((control) =>
      (OWN_CHECKS[control] ?? []).some((check) => check.evaluate(workload, context).status === 'FAILED'),
    )
  );
}

/** That not all are dropped has a finding of its own; of what is added only the dangerous ones do. */
function isOfDangerousCapabilities({ path, observed }: Evidence): boolean {
  if (!path.endsWith('.add')) return true;
  return (
    Array.isArray(observed) && observed.every((name) => dangerousCapabilities({ add: [name], drop: [] }).length > 0)
  );
}

function isSame(left: Verdict, right: Verdict): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
