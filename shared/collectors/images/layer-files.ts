import type { LeftoverKind } from '../../domain/image-layers.ts';
import { mayHoldSecret, secretFileKind } from '../../domain/secret-files.ts';

/** What packages of distributions and languages bring for tests and documentation, and keys they are verified by. */
const OF_PACKAGES =
  /^usr\/(?:share|lib|lib64|include|local\/(?:lib|go))\/|^etc\/(?:apt|apk|pki\/rpm-gpg)\/|^var\/lib\/unbound\/|(?:^|\/)(?:node_modules|(?:site|dist)-packages|gems|testdata|go\/pkg\/mod)\//;
const CACHES: readonly RegExp[] = [
  /^var\/lib\/apt\/lists\/[^/_]+_[^/]+$/,
  /^var\/cache\/apt\/archives\/[^/]+\.deb$/,
  /^var\/cache\/apk\/[^/]+/,
  /^var\/cache\/(?:yum|dnf|libdnf5)\/.+\.(?:rpm|solv|xml(?:\.gz|\.zst)?)$/,
  /^(?:root|home\/[^/]+)\/(?:\.npm\/_cacache|\.m2\/repository|\.composer\/cache|\.gradle\/caches)\//,
  /^(?:root|home\/[^/]+|usr\/local\/share)\/\.cache\/(?:pip|yarn|go-build|composer)\//,
  /^(?:(?:root|home\/[^/]+)\/)?go\/pkg\/mod\//,
];
const BUILD_TOOL = /(?:^|\/)bin\/(gcc|g\+\+|cc|clang|make|cmake|go|cargo|rustc|javac)$/;

/** What a file is that does not belong into an image; undefined for all others. */
export function leftoverKind(path: string): LeftoverKind | undefined {
  if (/(?:^|\/)\.(?:git|svn|hg)\//.test(path)) return 'version-control';
  if (!OF_PACKAGES.test(path)) {
    const kind = secretFileKind(path) ?? (mayHoldSecret(path) ? 'credentials-file' : undefined);
    if (kind !== undefined) return kind;
  }
  return CACHES.some((cache) => cache.test(path)) ? 'package-cache' : undefined;
}

/** The path by which a leftover is named: a folder of version control once, and not each of its files. */
export function leftoverName(path: string, kind: LeftoverKind): string {
  return kind === 'version-control' ? path.replace(/((?:^|\/)\.(?:git|svn|hg))\/.*$/s, '$1') : path;
}

/** The build tool that a program is. */
export function buildToolAt(path: string): string | undefined {
  return BUILD_TOOL.exec(path)?.[1];
}

/**
 * The distribution that `/etc/os-release` names.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/os-release.html
 */
export function distributionIn(text: string): { id: string; version?: string } | undefined {
  const field = (name: string) => new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1]?.trim();
  const [id, version] = [field('ID'), field('VERSION_ID')];
  if (!id) return undefined;
  return version ? { id, version } : { id };
}
