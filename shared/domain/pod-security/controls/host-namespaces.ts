import { fieldPath } from '../../pod-spec.ts';
import type { PodSecurityControl } from '../control.ts';

const FIELDS = ['hostNetwork', 'hostPID', 'hostIPC'] as const;

/** Namespaces of the host stay the host's. */
export const hostNamespaces: PodSecurityControl = {
  id: 'hostNamespaces',
  level: 'baseline',
  versions: [
    {
      since: 0,
      judge: ({ spec }) =>
        FIELDS.filter((field) => spec[field] === true).map((field) => ({
          path: fieldPath(spec, field),
          observed: true,
          expected: false,
        })),
    },
  ],
};
