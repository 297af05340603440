/** What a container adds to and drops from the capabilities its runtime gives. */
interface CapabilityChange {
  readonly add: readonly string[];
  readonly drop: readonly string[];
}

/**
 * What Docker leaves to a container that asks for nothing.
 *
 * @see https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities
 */
const DOCKER_DEFAULTS = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

/** Capabilities that reach beyond the container: its kernel, its devices, its network, other processes, any file. */
const DANGEROUS = [
  'AUDIT_CONTROL',
  'BPF',
  'CHECKPOINT_RESTORE',
  'DAC_READ_SEARCH',
  'LINUX_IMMUTABLE',
  'MAC_ADMIN',
  'MAC_OVERRIDE',
  'NET_ADMIN',
  'PERFMON',
  'SYSLOG',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_MODULE',
  'SYS_PTRACE',
  'SYS_RAWIO',
  'SYS_TIME',
];

/** ECS and Kubernetes write names without the `CAP_` prefix; a file somebody wrote may have it. */
function normalized(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toUpperCase().replace(/^CAP_/, '')));
}

/**
 * The capabilities of Docker's default set that nobody took away. Adding ALL gives every one but those dropped by
 * their own name; else dropping ALL leaves only what is added, by name and on purpose.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html
 */
export function undroppedCapabilities(change: CapabilityChange): readonly string[] {
  const [add, drop] = [normalized(change.add), normalized(change.drop)];
  if (drop.has('ALL') && !add.has('ALL')) return [];
  return DOCKER_DEFAULTS.filter((name) => !drop.has(name));
}

/** The dangerous capabilities that the container adds, in alphabetical order; `ALL` stands for itself. */
export function dangerousCapabilities(change: CapabilityChange): readonly string[] {
  const [add, drop] = [normalized(change.add), normalized(change.drop)];
  // What is added wins over what is dropped, except that ALL adds only what is not dropped by name.
  if (add.has('ALL')) return DANGEROUS.every((name) => drop.has(name)) ? [] : ['ALL'];
  return DANGEROUS.filter((name) => add.has(name));
}
