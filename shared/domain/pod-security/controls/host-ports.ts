import { ofContainers, type PodSecurityControl } from '../control.ts';

/** Ports of the node are not taken; 0 is no port. On the node's network the API server sets every port as one. */
export const hostPorts: PodSecurityControl = {
  id: 'hostPorts',
  level: 'baseline',
  versions: [
    {
      since: 0,
      judge: (pod) =>
        ofContainers(pod, ({ path, ports }) =>
          ports.flatMap(({ hostPort = 0 }, index) =>
            hostPort === 0 ? [] : [{ path: `${path}.ports[${index}].hostPort`, observed: hostPort, expected: 0 }],
          ),
        ),
    },
  ],
};
