import type { PodSecurityControl } from '../control.ts';

const ALLOWED = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** Volumes are of the core types, or come through a PersistentVolumeClaim. */
export const restrictedVolumes: PodSecurityControl = {
  id: 'restrictedVolumes',
  level: 'restricted',
  versions: [
    {
      since: 0,
      replaces: ['hostPathVolumes'],
      judge: ({ spec }) =>
        spec.volumes
          .filter(({ sources }) => !sources.some((source) => ALLOWED.includes(source)))
          .map(({ path, sources: [source = 'unknown'] }) => ({
            path: `${path}.${source}`,
            observed: source,
            expected: ALLOWED,
          })),
    },
  ],
};
