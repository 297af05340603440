import { defineCheck } from '../../domain/check.ts';
import type { PodSpec, PodVolume } from '../../domain/pod-spec.ts';
import { isPositiveQuantity } from '../../domain/quantity.ts';
import { failed, notApplicable, passed, unknownBecause, type Verdict, worstOf } from '../../domain/verdict.ts';
import { BUDGETED } from './budgets.ts';
import { judgePods } from './judge-pods.ts';

/** An emptyDir is as large as the disk, or the memory, of its node unless something bounds it. */
export const workloadScratchVolumesLimited = defineCheck({
  id: 'workload-scratch-volumes-limited',
  title: 'Kubernetes workloads should limit the size of their scratch volumes',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'LOW',
  rationale:
    'A scratch volume without a limit fills the disk of its node, or its memory, until the kubelet evicts pods, those of others as well.',
  remediation: {
    text: 'Set sizeLimit on every emptyDir volume, with medium Memory for what need not outgrow memory, or limit the ephemeral-storage of every container of the pod.',
    url: 'https://kubernetes.io/docs/concepts/storage/volumes/#emptydir',
  },
  frameworks: {},
  evaluate: (workload) =>
    judgePods(workload, ({ spec }) =>
      worstOf(
        spec.volumes.filter(({ sources }) => sources.includes('emptyDir')).map((volume) => judgeVolume(volume, spec)),
        notApplicable('the pod has no scratch volumes'),
      ),
    ),
});

function judgeVolume({ path, emptyDir }: PodVolume, spec: PodSpec): Verdict {
  const limit = emptyDir?.sizeLimit;
  const positive = limit === undefined ? false : isPositiveQuantity(limit);
  if (positive === true) return passed();
  const onDisk = (emptyDir?.medium ?? '') === '';
  if (onDisk && isDiskBounded(spec)) return passed('the containers have limits of ephemeral-storage');
  const evidence = [{ path: `${path}.emptyDir.sizeLimit`, observed: limit ?? null, expected: 'a size' }];
  return positive === undefined
    ? unknownBecause({ kind: 'undecidable', message: 'The size limit is no quantity.' }, evidence)
    : failed('a scratch volume has no size limit', evidence);
}

/** The kubelet evicts a pod that takes more disk than its containers may together, scratch volumes included. */
function isDiskBounded({ containers, resources }: PodSpec): boolean {
  const isLimited = (limits: Readonly<Record<string, string>> = {}) =>
    isPositiveQuantity(limits['ephemeral-storage'] ?? '') === true;
  if (isLimited(resources?.limits)) return true;
  const budgeted = containers.filter(({ list }) => BUDGETED.includes(list));
  return budgeted.length > 0 && budgeted.every((container) => isLimited(container.resources.limits));
}
