import { contextPath, ofContainers, type PodSecurityControl } from '../control.ts';

/** What container runtimes give by default, but for NET_RAW. Names are compared letter for letter. */
const DEFAULT_CAPABILITIES = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

/** No capability is added beyond the usual ones. */
export const capabilitiesBaseline: PodSecurityControl = {
  id: 'capabilities_baseline',
  level: 'baseline',
  versions: [
    {
      since: 0,
      judge: (pod) =>
        ofContainers(pod, (container) => {
          const added = container.securityContext?.capabilities?.add ?? [];
          const others = added.filter((name) => !DEFAULT_CAPABILITIES.includes(name));
          if (others.length === 0) return [];
          return [
            { path: contextPath(container, 'capabilities.add'), observed: others, expected: DEFAULT_CAPABILITIES },
          ];
        }),
    },
  ],
};
