import { ofContainers, type PodSecurityControl } from '../control.ts';

/** Probes and hooks that name a host make the kubelet call wherever the pod's author likes. */
export const hostProbesAndHostLifecycle: PodSecurityControl = {
  id: 'hostProbesAndHostLifecycle',
  level: 'baseline',
  versions: [
    {
      since: 34,
      judge: (pod) =>
        ofContainers(pod, ({ path, probes, lifecycle }) =>
          [...probes, ...lifecycle].flatMap(({ field, kind, host }) =>
            host === undefined || host === ''
              ? []
              : [{ path: `${path}.${field}.${kind ?? 'httpGet'}.host`, observed: host, expected: 'not set' }],
          ),
        ),
    },
  ],
};
