import { type ControlVersion, contextPath, ofContainers, type PodSecurityControl, saysWindows } from '../control.ts';

const judgeEscalation: ControlVersion['judge'] = (pod) =>
  ofContainers(pod, (container) => {
    const observed = container.securityContext?.allowPrivilegeEscalation ?? null;
    return observed === false
      ? []
      : [{ path: contextPath(container, 'allowPrivilegeEscalation'), observed, expected: false }];
  });

/** Each container refuses more rights than its parent process has. The pod has no such field. */
export const allowPrivilegeEscalation: PodSecurityControl = {
  id: 'allowPrivilegeEscalation',
  level: 'restricted',
  versions: [
    { since: 8, judge: judgeEscalation },
    { since: 25, judge: (pod) => (saysWindows(pod) ? [] : judgeEscalation(pod)) },
  ],
};
