import {
  CONFINING_TYPES,
  type ControlVersion,
  contextPath,
  ofContainers,
  type PodSecurityControl,
  podContextPath,
  saysWindows,
  unconfined,
} from '../control.ts';

const judgeSeccomp: ControlVersion['judge'] = (pod) => {
  const ofPod = pod.spec.securityContext?.seccompProfile;
  const podPath = podContextPath(pod, 'seccompProfile');
  const inherited = ofPod !== undefined && unconfined(podPath, ofPod).length === 0;
  return [
    ...unconfined(podPath, ofPod),
    ...ofContainers(pod, (container) => {
      const own = container.securityContext?.seccompProfile;
      const path = contextPath(container, 'seccompProfile');
      if (own !== undefined) return unconfined(path, own);
      return inherited ? [] : [{ path: `${path}.type`, observed: null, expected: CONFINING_TYPES }];
    }),
  ];
};

const replaces = ['seccompProfile_baseline'];

/** A seccomp profile is set, for each container or for all. */
export const seccompProfileRestricted: PodSecurityControl = {
  id: 'seccompProfile_restricted',
  level: 'restricted',
  versions: [
    { since: 19, replaces, judge: judgeSeccomp },
    { since: 25, replaces, judge: (pod) => (saysWindows(pod) ? [] : judgeSeccomp(pod)) },
  ],
};
