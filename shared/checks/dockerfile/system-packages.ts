import type { DockerfileCommand } from '../../domain/dockerfile.ts';

/** A package manager of a distribution. */
export interface SystemPackageManager {
  readonly programs: readonly string[];
  readonly install: readonly string[];
  /** Brings every installed package up to date. */
  readonly upgrade: readonly string[];
  /** Fetches the index only. */
  readonly refresh: readonly string[];
  /** Takes the cache away; of some managers nothing but `rm` does. */
  readonly clean: readonly string[];
  /** What is in the image afterwards, unless it is deleted. */
  readonly cache: RegExp;
  /** Which of its actions leave something there. */
  readonly leaves: readonly ('install' | 'upgrade' | 'refresh')[];
  /** With this word nothing is left. */
  readonly cacheless?: string;
}

/**
 * @see https://manpages.debian.org/apt-get.8
 * @see https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper
 * @see https://docs.docker.com/build/building/best-practices/#apt-get
 */
export const SYSTEM_PACKAGE_MANAGERS: readonly SystemPackageManager[] = [
  {
    programs: ['apt-get', 'apt', 'aptitude'],
    install: ['install', 'build-dep'],
    upgrade: ['upgrade', 'dist-upgrade', 'full-upgrade', 'safe-upgrade'],
    refresh: ['update'],
    // `apt-get clean` deletes packages, which the official images do by themselves; the lists stay.
    clean: [],
    cache: /^\/var\/lib(?:\/apt|\/?\*?$)/,
    leaves: ['refresh'],
  },
  {
    programs: ['apk'],
    install: ['add'],
    upgrade: ['upgrade'],
    refresh: ['update'],
    // `apk cache clean` keeps the indexes.
    clean: [],
    cache: /^\/var\/cache(?:\/apk|\/?\*?$)/,
    leaves: ['refresh', 'install', 'upgrade'],
    cacheless: '--no-cache',
  },
  {
    programs: ['dnf', 'dnf5', 'yum', 'microdnf', 'tdnf'],
    install: ['install', 'localinstall', 'groupinstall', 'builddep'],
    upgrade: ['upgrade', 'update', 'update-minimal', 'upgrade-minimal', 'distro-sync', 'dsync'],
    refresh: ['makecache', 'check-update'],
    clean: ['clean'],
    cache: /^\/var\/cache(?:\/(?:dnf|yum|libdnf5|tdnf)|\/?\*?$)/,
    leaves: ['refresh', 'install', 'upgrade'],
  },
  {
    programs: ['zypper'],
    install: ['install', 'in'],
    upgrade: ['update', 'up', 'dist-upgrade', 'dup', 'patch'],
    refresh: ['refresh', 'ref'],
    clean: ['clean', 'cc'],
    cache: /^\/var\/cache(?:\/zypp|\/?\*?$)/,
    leaves: ['refresh', 'install', 'upgrade'],
  },
];

/** What a command does to the packages of the system. */
export interface SystemPackageAction {
  readonly manager: SystemPackageManager;
  readonly action: 'install' | 'upgrade' | 'refresh' | 'clean';
  /** The packages it names; an upgrade without any is one of all. */
  readonly packages: readonly string[];
}

const ACTIONS = ['install', 'upgrade', 'refresh', 'clean'] as const;

/** Options that are followed by a value of their own. */
const WITH_VALUE =
  /^(?:-[otcXpx]|--(?:option|repository|virtual|target-release|releasever|exclude|enablerepo|disablerepo|repo))$/;

export function systemPackageAction({ program, words }: DockerfileCommand): SystemPackageAction | undefined {
  const manager = SYSTEM_PACKAGE_MANAGERS.find(({ programs }) => programs.includes(program));
  if (manager === undefined) return undefined;
  const operands = words.filter((word, index) => !word.startsWith('-') && !WITH_VALUE.test(words[index - 1] ?? ''));
  const [verb = '', ...packages] = operands;
  const action = ACTIONS.find((one) => manager[one].includes(verb));
  return action === undefined ? undefined : { manager, action, packages };
}

/** The packages that a command installs into the system, without versions. */
export function installedPackages(command: DockerfileCommand): readonly string[] {
  const done = systemPackageAction(command);
  return done?.action === 'install' ? done.packages.map((name) => name.replace(/[=~<>@].*$/, '')) : [];
}

/** Whether a command brings all packages of the system up to date. */
export function upgradesSystem(command: DockerfileCommand): boolean {
  const { program, words } = command;
  if (/^unattended-upgrades?$/.test(program)) return true;
  if (program === 'pacman') return words.some((word) => /^-S\w*u/.test(word));
  const done = systemPackageAction(command);
  return done?.action === 'upgrade' && done.packages.length === 0;
}
