import type { PodSecurityControl } from '../control.ts';
import { procMount } from './proc-mount.ts';

const [unconditional] = procMount.versions;

/** The masks over /proc stay in a user namespace as well. */
export const procMountRestricted: PodSecurityControl = {
  id: 'procMount_restricted',
  level: 'restricted',
  versions: [{ since: 35, replaces: ['procMount'], judge: (pod) => unconditional?.judge(pod) ?? [] }],
};
