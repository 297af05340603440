/**
 * Brings a host path to one spelling. `/var/run` is a link to `/run` on every current distribution, so both are `/run`.
 * Windows paths lose their drive letter, their case and their backslashes: `\\.\pipe\docker_engine` is
 * `/pipe/docker_engine`.
 *
 * @returns undefined for what is no absolute path (nothing is mounted from the host then)
 */
export function normalizeHostPath(path: string, windows = false): string | undefined {
  const unified = windows
    ? path
        .trim()
        .toLowerCase()
        .replaceAll('\\', '/')
        .replace(/^[a-z]:(?=\/|$)/, '/')
    : path.trim();
  if (!unified.startsWith('/')) return undefined;
  const parts: string[] = [];
  for (const part of unified.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  if (parts[0] === 'var' && parts[1] === 'run') parts.shift();
  return `/${parts.join('/')}`;
}

/** True for the directory itself and everything below it. */
function isWithin(path: string, directory: string): boolean {
  return path === directory || directory === '/' || path.startsWith(`${directory}/`);
}

/** Sockets that give orders to a container runtime, by their file name: people move them to other directories. */
const SOCKET_NAMES = new Set([
  'buildkitd.sock',
  'containerd.sock',
  'cri-dockerd.sock',
  'crio.sock',
  'docker.sock',
  'docker_engine',
  'dockershim.sock',
  'podman.sock',
]);
/** Directories that hold little else than such a socket. */
const RUNTIME_DIRECTORIES = ['/run/containerd', '/run/crio', '/run/docker', '/run/host-containerd', '/run/podman'];
/** Directories in which the socket stands among other things. */
const SOCKET_PARENTS = new Set(['/', '/run', '/pipe']);

/** True when the path is a runtime's socket, or a directory that exists for it: all that mounting it is good for. */
export function isRuntimeSocket(hostPath: string): boolean {
  const name = hostPath.slice(hostPath.lastIndexOf('/') + 1);
  return SOCKET_NAMES.has(name) || RUNTIME_DIRECTORIES.some((directory) => isWithin(hostPath, directory));
}

/** True when a container that mounts the path finds a runtime's socket in it. */
export function exposesRuntimeSocket(hostPath: string): boolean {
  return isRuntimeSocket(hostPath) || SOCKET_PARENTS.has(hostPath);
}

/** Directories in which everything belongs to the host. */
const HOST_TREES = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib64',
  '/pipe',
  '/proc',
  '/program files',
  '/programdata/amazon',
  '/programdata/docker',
  '/root',
  '/run/credentials',
  '/run/dbus',
  '/run/systemd',
  '/run/udev',
  '/run/user',
  '/sbin',
  '/sys',
  '/usr',
  '/var/lib/amazon',
  '/var/lib/cloud',
  '/var/lib/containerd',
  '/var/lib/docker',
  '/var/lib/ecs',
  '/var/lib/kubelet',
  '/var/spool/cron',
  '/windows',
];
/** Directories that are the host's as a whole, while applications keep data of their own below them. */
const HOST_DIRECTORIES = new Set([
  '/',
  '/home',
  '/opt',
  '/programdata',
  '/run',
  '/users',
  '/var',
  '/var/lib',
  '/var/spool',
]);
/** A person's whole home directory, or the keys in it. */
const HOME = /^\/(?:home|users)\/[^/]+(?:\/\.(?:ssh|aws|docker|kube)(?:\/.*)?)?$/;

/** True when what a container reads or writes there belongs to the host and not to an application. */
export function isHostSystemPath(hostPath: string): boolean {
  return HOST_DIRECTORIES.has(hostPath) || HOME.test(hostPath) || HOST_TREES.some((tree) => isWithin(hostPath, tree));
}

/** Files and directories that hold no secret and change nothing while they are read only. */
const HARMLESS_WHEN_READ_ONLY = [
  '/etc/localtime',
  '/etc/os-release',
  '/etc/pki/ca-trust',
  '/etc/pki/tls/certs',
  '/etc/ssl/certs',
  '/etc/system-release',
  '/etc/timezone',
  '/usr/lib/os-release',
  '/usr/share/ca-certificates',
  '/usr/share/zoneinfo',
];

/** True for what is commonly shared with containers: the time zone, the release, public certificates. */
export function isHarmlessReadOnly(hostPath: string): boolean {
  return HARMLESS_WHEN_READ_ONLY.some((path) => isWithin(hostPath, path));
}

/** True for the views of the kernel that monitoring agents read. */
export function isKernelView(hostPath: string): boolean {
  return isWithin(hostPath, '/proc') || isWithin(hostPath, '/sys');
}
