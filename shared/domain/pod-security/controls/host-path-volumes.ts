import type { PodSecurityControl } from '../control.ts';

/** No volume is a directory of the node, whether a container mounts it or not. */
export const hostPathVolumes: PodSecurityControl = {
  id: 'hostPathVolumes',
  level: 'baseline',
  versions: [
    {
      since: 0,
      judge: ({ spec }) =>
        spec.volumes
          .filter(({ sources }) => sources.includes('hostPath'))
          .map(({ path, hostPath }) => ({
            path: `${path}.hostPath`,
            observed: hostPath?.path ?? '',
            expected: 'no hostPath volume',
          })),
    },
  ],
};
