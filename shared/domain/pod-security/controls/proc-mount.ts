import {
  type ControlVersion,
  contextPath,
  hasUserNamespace,
  ofContainers,
  type PodSecurityControl,
} from '../control.ts';

const judgeProcMount: ControlVersion['judge'] = (pod) =>
  ofContainers(pod, (container) => {
    const procMount = container.securityContext?.procMount ?? 'Default';
    return procMount === 'Default'
      ? []
      : [{ path: contextPath(container, 'procMount'), observed: procMount, expected: 'Default' }];
  });

/** The masks over /proc stay, except, since 1.35, in a user namespace of the pod's own. */
export const procMount: PodSecurityControl = {
  id: 'procMount',
  level: 'baseline',
  versions: [
    { since: 0, judge: judgeProcMount },
    { since: 35, judge: (pod) => (hasUserNamespace(pod) ? [] : judgeProcMount(pod)) },
  ],
};
