import {
  type ControlVersion,
  contextPath,
  hasUserNamespace,
  ofContainers,
  type PodSecurityControl,
  podContextPath,
} from '../control.ts';

/** The pod's own `false` is a violation even where every container says `true`. */
const judgeNonRoot: ControlVersion['judge'] = (pod) => {
  const ofPod = pod.spec.securityContext?.runAsNonRoot;
  const violation = (path: string, observed: boolean | null) => ({ path, observed, expected: true });
  return [
    ...(ofPod === false ? [violation(podContextPath(pod, 'runAsNonRoot'), false)] : []),
    ...ofContainers(pod, (container) => {
      const own = container.securityContext?.runAsNonRoot;
      return (own ?? ofPod === true) ? [] : [violation(contextPath(container, 'runAsNonRoot'), own ?? null)];
    }),
  ];
};

/** The kubelet is told to refuse root, for each container or for all. */
export const runAsNonRoot: PodSecurityControl = {
  id: 'runAsNonRoot',
  level: 'restricted',
  versions: [
    { since: 0, judge: judgeNonRoot },
    { since: 35, judge: (pod) => (hasUserNamespace(pod) ? [] : judgeNonRoot(pod)) },
  ],
};
