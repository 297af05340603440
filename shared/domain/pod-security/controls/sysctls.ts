import { type ControlVersion, type PodSecurityControl, podContextPath } from '../control.ts';

const SAFE = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_syncookies',
];
const SAFE_1_27 = [...SAFE, 'net.ipv4.ip_local_reserved_ports'];
const SAFE_1_29 = [
  ...SAFE_1_27,
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
];
const SAFE_1_32 = [...SAFE_1_29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];
const SAFE_1_37 = [...SAFE_1_32, 'net.ipv4.tcp_notsent_lowat', 'net.ipv4.tcp_slow_start_after_idle'];

/** Only kernel parameters that reach no further than the pod. The list grows. */
export const sysctls: PodSecurityControl = {
  id: 'sysctls',
  level: 'baseline',
  versions: [
    { since: 0, judge: judgeWith(SAFE) },
    { since: 27, judge: judgeWith(SAFE_1_27) },
    { since: 29, judge: judgeWith(SAFE_1_29) },
    { since: 32, judge: judgeWith(SAFE_1_32) },
    { since: 37, judge: judgeWith(SAFE_1_37) },
  ],
};

function judgeWith(safe: readonly string[]): ControlVersion['judge'] {
  return (pod) =>
    (pod.spec.securityContext?.sysctls ?? []).flatMap(({ name }, index) =>
      safe.includes(name)
        ? []
        : [{ path: podContextPath(pod, `sysctls[${index}].name`), observed: name, expected: 'a safe sysctl' }],
    );
}
