import { defineCheck } from '../../domain/check.ts';
import { fieldPath, type PodContainer, type PodSpec } from '../../domain/pod-spec.ts';
import { failed, passed, unknownBecause, type Verdict, worstOf } from '../../domain/verdict.ts';
import { judgePods, unlessOnLinux } from './judge-pods.ts';

const EXPECTED = 'a group other than 0';
const REASON = 'a group is root';

/** Files of group 0 are many on a node and in images; who is in it reads, and often writes, them. */
export const workloadRunAsGroupNonroot = defineCheck({
  id: 'workload-run-as-group-nonroot',
  title: 'Kubernetes workloads should run containers in groups other than root',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'LOW',
  rationale:
    'Group 0 owns most files of an image and of the volumes that a node shares: a process in it reads, and often writes, what its user alone could not.',
  limits:
    'Where no runAsGroup is set the image decides (group 0, unless it names one for the user), and that is UNKNOWN.',
  remediation: {
    text: 'Set runAsGroup and fsGroup in the security context of the pod to a number other than 0, and leave 0 out of supplementalGroups.',
    url: 'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
  },
  frameworks: { 'nist-800-190': ['4.4.3'] },
  evaluate: (workload) =>
    judgePods(
      workload,
      ({ spec }) =>
        unlessOnLinux(spec, 'Linux groups') ??
        worstOf([...groupsOfPod(spec), ...spec.containers.map((container) => primaryGroup(container, spec))], passed()),
    ),
});

function groupsOfPod(spec: PodSpec): readonly Verdict[] {
  const { fsGroup, supplementalGroups = [] } = spec.securityContext ?? {};
  const root = [
    ...(fsGroup === 0 ? ['fsGroup'] : []),
    ...supplementalGroups.flatMap((group, index) => (group === 0 ? [`supplementalGroups[${index}]`] : [])),
  ];
  return root.map((field) =>
    failed(REASON, [{ path: fieldPath(spec, `securityContext.${field}`), observed: 0, expected: EXPECTED }]),
  );
}

function primaryGroup({ path, securityContext: own }: PodContainer, spec: PodSpec): Verdict {
  const group = own?.runAsGroup ?? spec.securityContext?.runAsGroup;
  if (group !== undefined && group !== 0) return passed();
  const ofPod = own?.runAsGroup === undefined && group !== undefined;
  const evidence = [
    {
      path: ofPod ? fieldPath(spec, 'securityContext.runAsGroup') : `${path}.securityContext.runAsGroup`,
      observed: group ?? null,
      expected: EXPECTED,
    },
  ];
  if (group === 0) return failed(REASON, evidence);
  return unknownBecause(
    { kind: 'undecidable', message: "No group is set, so the image decides, and the image's group is not known." },
    evidence,
  );
}
