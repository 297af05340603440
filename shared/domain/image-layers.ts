/** What was found in the layers of an image: names of files, never their contents. */
export interface LayerFindings {
  /** Private keys first and caches last; of each kind the first. */
  readonly leftovers: readonly LayerFile[];
  /** Programs that distributions do not bring first. */
  readonly setuid: readonly LayerFile[];
  /** Names of build tools among the programs. */
  readonly buildTools: readonly string[];
  /** `ID` and `VERSION_ID` of `/etc/os-release`; absent where there is none. */
  readonly distribution?: { readonly id: string; readonly version?: string };
  /** False where bytes or time ran out, or a layer was broken: what was not seen may hold more. */
  readonly complete: boolean;
}

export interface LayerFile {
  readonly path: string;
  readonly kind: LeftoverKind | 'setuid';
  /** Of the layer that has it. */
  readonly layer: string;
}

/** What does not belong into an image, the worst first. */
const LEFTOVER_KINDS = [
  'private-key',
  'credentials-file',
  'environment-file',
  'version-control',
  'package-cache',
] as const;

export type LeftoverKind = (typeof LEFTOVER_KINDS)[number];

/** Orders leftovers so that what is cut off at the end is the least. */
export function byWeight({ kind: left }: LayerFile, { kind: right }: LayerFile): number {
  const kinds: readonly string[] = LEFTOVER_KINDS;
  return kinds.indexOf(left) - kinds.indexOf(right);
}

/** Programs with set-uid that the packages of common distributions bring. */
const USUAL_SETUID = new Set([
  'chage',
  'chfn',
  'chsh',
  'dbus-daemon-launch-helper',
  'expiry',
  'gpasswd',
  'mount',
  'newgidmap',
  'newgrp',
  'newuidmap',
  'pam_timestamp_check',
  'passwd',
  'ping',
  'ssh-agent',
  'ssh-keysign',
  'su',
  'sudo',
  'umount',
  'unix_chkpwd',
  'bbsuid',
  'wall',
  'write',
]);

const DIRECTORY_OF_PROGRAMS = /^(?:usr\/)?(?:s?bin|lib(?:exec|64|32)?)\//;

/** Whether distributions bring a program with set-uid or set-gid, under its name and where they put programs. */
export function isUsualSetuid(path: string): boolean {
  return DIRECTORY_OF_PROGRAMS.test(path) && USUAL_SETUID.has(path.split('/').at(-1) ?? '');
}

/** Orders programs with set-uid so that those of distributions are cut off first. */
export function unusualFirst({ path: left }: LayerFile, { path: right }: LayerFile): number {
  return Number(isUsualSetuid(left)) - Number(isUsualSetuid(right));
}
