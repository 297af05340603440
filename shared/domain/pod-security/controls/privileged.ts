import { contextPath, ofContainers, type PodSecurityControl } from '../control.ts';

/** Privileged containers have none of the protections. */
export const privileged: PodSecurityControl = {
  id: 'privileged',
  level: 'baseline',
  versions: [
    {
      since: 0,
      judge: (pod) =>
        ofContainers(pod, (container) =>
          container.securityContext?.privileged === true
            ? [{ path: contextPath(container, 'privileged'), observed: true, expected: false }]
            : [],
        ),
    },
  ],
};
