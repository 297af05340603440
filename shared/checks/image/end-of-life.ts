/** When the table was taken from endoflife.date (MIT licence); the day is part of the evidence. */
export const END_OF_LIFE_SNAPSHOT = '2026-08-22';

/**
 * The last day of support without paying for it, by distribution and release. Where volunteers support a release for
 * longer (Debian LTS) their end counts.
 *
 * @see https://endoflife.date
 */
const END_OF_SUPPORT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  alpine: {
    '3.10': '2021-05-01',
    '3.11': '2021-11-01',
    '3.12': '2022-05-01',
    '3.13': '2022-11-01',
    '3.14': '2023-05-01',
    '3.15': '2023-11-01',
    '3.16': '2024-05-23',
    '3.17': '2024-11-22',
    '3.18': '2025-05-09',
    '3.19': '2025-11-01',
    '3.20': '2026-04-01',
    '3.21': '2026-11-01',
    '3.22': '2027-05-01',
    '3.23': '2027-11-01',
  },
  amzn: { '2018.03': '2023-12-31', '2': '2026-06-30', '2023': '2029-06-30' },
  debian: {
    '8': '2020-06-30',
    '9': '2022-07-01',
    '10': '2024-06-30',
    '11': '2026-08-31',
    '12': '2028-06-30',
    '13': '2030-06-30',
  },
  ubuntu: {
    '14.04': '2019-04-02',
    '16.04': '2021-04-02',
    '18.04': '2023-05-31',
    '20.04': '2025-05-31',
    '22.04': '2027-04-01',
    '23.10': '2024-07-12',
    '24.04': '2029-05-31',
    '24.10': '2025-07-10',
    '25.04': '2026-01-17',
    '25.10': '2026-07-01',
    '26.04': '2031-04-30',
  },
  /** Of 8, the later end of CentOS Linux and CentOS Stream, which images do not tell apart; 9 is only a stream. */
  centos: { '6': '2020-11-30', '7': '2024-06-30', '8': '2024-05-31', '9': '2027-05-31' },
  rhel: { '6': '2020-11-30', '7': '2024-06-30', '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' },
  almalinux: { '8': '2029-03-01', '9': '2032-05-31', '10': '2035-05-31' },
  rocky: { '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' },
  /** By the build, as images name it. */
  windows: {
    '10.0.14393': '2027-01-12',
    '10.0.17763': '2029-01-09',
    '10.0.18363': '2021-05-11',
    '10.0.19041': '2021-12-14',
    '10.0.19042': '2022-08-09',
    '10.0.20348': '2031-10-14',
    '10.0.25398': '2025-10-24',
    '10.0.26100': '2034-10-10',
  },
};

/** These have no releases that could end. */
const ROLLING = new Set(['wolfi', 'chainguard', 'arch', 'gentoo', 'opensuse-tumbleweed', 'void']);
/** They name their releases by their parts as well. */
const BY_MAJOR = new Set(['debian', 'centos', 'rhel', 'almalinux', 'rocky']);

/** A distribution and its release, by the names of `/etc/os-release`. */
export interface Distribution {
  readonly id: string;
  readonly version?: string;
}

export function isRolling({ id, version }: Distribution): boolean {
  return ROLLING.has(id) || (id === 'alpine' && version === 'edge') || (id === 'debian' && version === 'sid');
}

/** The last day of support; undefined for what is not in the table. */
export function endOfSupport({ id, version }: Distribution): string | undefined {
  const releases = Object.hasOwn(END_OF_SUPPORT, id) ? END_OF_SUPPORT[id] : undefined;
  if (releases === undefined || version === undefined) return undefined;
  const [major = '', minor] = version.split('.');
  const release =
    id === 'windows' ? version.split('.').slice(0, 3).join('.') : BY_MAJOR.has(id) ? major : `${major}.${minor}`;
  const named = [version, release, ...(id === 'amzn' ? [major] : [])].find((name) => Object.hasOwn(releases, name));
  return named === undefined ? undefined : releases[named];
}

const NAMES_OF_INSPECTOR: readonly (readonly [RegExp, string])[] = [
  [/^ALPINE_LINUX_(\d+)_(\d+)/, 'alpine'],
  [/^AMAZON_LINUX_(2023|2018_03|2)\b/, 'amzn'],
  [/^AMAZON_LINUX_?()$/, 'amzn'],
  [/^DEBIAN_(\d+)/, 'debian'],
  [/^UBUNTU_(\d+)_(\d+)/, 'ubuntu'],
  [/^(?:RHEL|REDHAT)_(\d+)/, 'rhel'],
  [/^CENTOS_(?:STREAM_)?(\d+)/, 'centos'],
  [/^ALMALINUX_(\d+)/, 'almalinux'],
  [/^ROCKY_LINUX_(\d+)/, 'rocky'],
];

/**
 * The distribution as Inspector names the platform of an image.
 *
 * @see https://docs.aws.amazon.com/inspector/latest/user/supported.html
 */
export function distributionOfPlatform(platform: string): Distribution | undefined {
  for (const [pattern, id] of NAMES_OF_INSPECTOR) {
    const match = pattern.exec(platform.toUpperCase().replaceAll(/[ .-]/g, '_'));
    if (match === null) continue;
    const version = match
      .slice(1)
      .filter((part) => part !== undefined && part !== '')
      .join('.')
      .replaceAll('_', '.');
    return version === '' ? { id } : { id, version };
  }
  return undefined;
}

const IMAGE_NAMES: Readonly<Record<string, string>> = {
  alpine: 'alpine',
  amazonlinux: 'amzn',
  debian: 'debian',
  ubuntu: 'ubuntu',
  almalinux: 'almalinux',
  rockylinux: 'rocky',
  'wolfi-base': 'wolfi',
};

/** The distribution that the name of a base image tells: only those of the distributions themselves do. */
export function distributionOfBase(repository: string, tag: string | undefined): Distribution | undefined {
  const name = repository.split('/').at(-1) ?? '';
  const id = Object.hasOwn(IMAGE_NAMES, name) ? IMAGE_NAMES[name] : undefined;
  const version = /^(edge|sid|\d+(?:\.\d+){0,2})/.exec(tag ?? '')?.[1];
  if (id === undefined) return undefined;
  return version === undefined ? { id } : { id, version };
}
