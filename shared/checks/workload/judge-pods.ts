import type { PodContainer, PodSpec } from '../../domain/pod-spec.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import { type Evidence, type NotApplicable, notApplicable, type Verdict, worstOf } from '../../domain/verdict.ts';

export type Workload = ResourceByType['KubernetesWorkload'];
/** Pods of a workload that are alike in all that checks look at, or its template. */
export type Pod = Workload['variants'][number];

/** The worst verdict over the distinct pods of a workload; what several of them say stands in the evidence once. */
export function judgePods(workload: Workload, judge: (pod: Pod) => Verdict): Verdict {
  const verdict = worstOf(workload.variants.map(judge), notApplicable('the workload has no pods'));
  return { ...verdict, evidence: distinct(verdict.evidence) };
}

/** The worst verdict over all containers of all pods: init containers and ephemeral ones too, unless left out. */
export function judgeContainers(
  workload: Workload,
  judge: (container: PodContainer, pod: Pod) => Verdict,
  lists: readonly PodContainer['list'][] = ['initContainers', 'containers', 'ephemeralContainers'],
): Verdict {
  return judgePods(workload, (pod) =>
    worstOf(
      pod.spec.containers.filter(({ list }) => lists.includes(list)).map((container) => judge(container, pod)),
      notApplicable('the pod has no such containers'),
    ),
  );
}

/**
 * The verdict on a setting that only Linux has, for a pod that runs on Windows: it says so, or is sent there.
 *
 * @param setting in words, for the reason
 * @see https://kubernetes.io/docs/concepts/windows/intro/#compatibility-v1-pod-spec-containers-securitycontext
 */
export function unlessOnLinux(spec: PodSpec, setting: string): NotApplicable | undefined {
  return runsOnWindows(spec) ? notApplicable(`Windows containers do not support ${setting}`) : undefined;
}

/** True for a pod that says that it runs on Windows, or that its node selector sends to Windows nodes. */
export function runsOnWindows({ os, nodeSelector }: PodSpec): boolean {
  return [os, nodeSelector['kubernetes.io/os'], nodeSelector['beta.kubernetes.io/os']].includes('windows');
}

function distinct(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(evidence.map((item) => [JSON.stringify(item), item])).values()];
}
